"""Segments in today's admin API."""

from typing import Any

import httpx
import pytest

from store import Store
from tests.rest_compat.conftest import ADMIN_NAME, admin_of, begins_with
from tests.rest_compat.unleash8.conftest import (
    SEGMENTS,
    add_strategy,
    create_feature,
    create_segment,
    problems,
    refusal,
)

CONSTRAINT = {"contextName": "userId", "operator": "IN", "values": ["1", "2"]}
FIRST_USERS = {"name": "First users", "description": "The first", "constraints": [CONSTRAINT]}


async def first_users(store: Store) -> None:
    """The segment with the ID 1."""
    await admin_of(store).post(SEGMENTS, json=FIRST_USERS)


pytestmark = begins_with(first_users)


async def test_a_segment_is_created_and_read(admin: httpx.AsyncClient, store: Store) -> None:
    answer = await admin.post(
        SEGMENTS,
        json={"name": "Testers", "description": "Who tests", "constraints": [CONSTRAINT]},
    )

    assert answer.status_code == 201
    created = answer.json()
    assert answer.headers["location"] == f"segments/{created['id']}"
    assert created == {
        "id": 2,
        "name": "Testers",
        "description": "Who tests",
        "constraints": [CONSTRAINT],
        "project": None,
        "createdBy": ADMIN_NAME,
        "createdAt": store.snapshot.segments[2]
        .created_at.isoformat(timespec="milliseconds")
        .replace("+00:00", "Z"),
    }
    assert (await admin.get(f"{SEGMENTS}/2")).json() == created


async def test_segments_are_listed_by_name(admin: httpx.AsyncClient) -> None:
    zebras = await create_segment(admin, "Zebras")
    apes = await create_segment(admin, "Apes", CONSTRAINT)

    first, second, third = (await admin.get(SEGMENTS)).json()["segments"]

    assert (first, second["name"], third) == (apes, "First users", zebras)


@pytest.mark.parametrize(
    ("sent", "description"),
    [
        ({}, "The first"),
        ({"description": None}, None),
        ({"description": "Other"}, "Other"),
        ({"description": -1}, "-1"),
    ],
)
async def test_a_segment_is_changed(
    admin: httpx.AsyncClient, sent: dict[str, Any], description: str | None
) -> None:
    before = (await admin.get(f"{SEGMENTS}/1")).json()
    body = {"name": "Nobody", "constraints": [CONSTRAINT | {"contextName": "a"}]}

    answer = await admin.put(f"{SEGMENTS}/1", json=body | sent)

    assert (answer.status_code, answer.content) == (204, b"")
    expected = before | body | {"description": description}
    assert (await admin.get(f"{SEGMENTS}/1")).json() == expected


async def test_a_segment_is_deleted(admin: httpx.AsyncClient) -> None:
    answer = await admin.delete(f"{SEGMENTS}/1")

    assert (answer.status_code, answer.content) == (204, b"")
    assert (await admin.get(SEGMENTS)).json() == {"segments": []}


async def test_a_segment_in_use_cannot_be_deleted(admin: httpx.AsyncClient) -> None:
    await create_feature(admin, "x")
    await add_strategy(admin, "x", name="default", segments=[1])

    answer = await admin.delete(f"{SEGMENTS}/1")

    message = "Segment 'First users' cannot be deleted: one toggle uses it."
    assert refusal(answer, 409, "ConflictError") == message
    assert [segment["id"] for segment in (await admin.get(SEGMENTS)).json()["segments"]] == [1]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {},
            {
                "/body/name": "The key 'name' is missing.",
                "/body/constraints": "The key 'constraints' is missing.",
            },
        ),
        (
            {"name": "", "constraints": [CONSTRAINT | {"contextName": "a\n"}]},
            {
                "/body/name": "The segment name must not be empty.",
                "/body/constraints/0/contextName": (
                    "The context name 'a<U+000A>' holds the character U+000A, which is not "
                    "allowed here."
                ),
            },
        ),
    ],
)
async def test_what_is_wrong_with_a_segment_is_reported(
    admin: httpx.AsyncClient, store: Store, body: dict[str, Any], expected: dict[str, str]
) -> None:
    before = store.snapshot

    created = await admin.post(SEGMENTS, json=body)
    changed = await admin.put(f"{SEGMENTS}/1", json=body)

    assert problems(created, 400) == expected
    assert problems(changed, 400) == expected
    assert store.snapshot is before


async def test_a_name_that_is_taken_is_409(admin: httpx.AsyncClient) -> None:
    await create_segment(admin, "Others")
    body = {"name": "First users", "constraints": []}

    created = await admin.post(SEGMENTS, json=body)
    changed = await admin.put(f"{SEGMENTS}/2", json=body)

    message = "A segment named 'First users' already exists."
    assert problems(created, 409, "NameExistsError") == {"/body/name": message}
    assert problems(changed, 409, "NameExistsError") == {"/body/name": message}


@pytest.mark.parametrize("id", ["1.5", "one", "१"])
async def test_an_id_that_is_no_integer_is_400(admin: httpx.AsyncClient, id: str) -> None:
    for method in ("GET", "PUT", "DELETE"):
        answer = await admin.request(
            method, f"{SEGMENTS}/{id}", json={"name": "Others", "constraints": []}
        )

        assert problems(answer, 400) == {"/params/id": f"The ID '{id}' is not an integer."}


@pytest.mark.parametrize("id", ["2", "-1", "9" * 5_000])
async def test_an_unknown_segment_is_404(admin: httpx.AsyncClient, id: str) -> None:
    for method in ("GET", "PUT", "DELETE"):
        answer = await admin.request(
            method, f"{SEGMENTS}/{id}", json={"name": "Others", "constraints": []}
        )

        message = refusal(answer, 404, "NotFoundError")
        assert message.startswith("No segment has the ID ")
