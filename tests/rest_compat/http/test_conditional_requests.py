"""Answers that a client already has are not sent again. No client gets an answer for another
scope.
"""

import gzip
import json
from itertools import product

import httpx
import pytest

from rest_compat.http.conditional import names_etag
from store import Store
from store.model import SYSTEM
from store.operations.inputs import StrategySpec
from store.operations.toggle_environments import configure_toggle, set_enabled
from tests.rest_compat.conftest import (
    FEATURES,
    MakeClient,
    MakeToken,
    begins_with,
    create,
    shop_and_blog,
)

PLAIN = {"accept-encoding": "identity"}
GZIPPED = {"accept-encoding": "gzip"}


async def test_polling_again_without_a_change_is_304(
    store: Store, client: httpx.AsyncClient
) -> None:
    await create(store, "one")
    first = await client.get(FEATURES)

    again = await client.get(FEATURES, headers={"if-none-match": first.headers["etag"]})

    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    assert "content-type" not in again.headers
    assert "content-length" not in again.headers
    assert again.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("header", "matches"),
    [
        ('"a:1"', True),
        ('W/"a:1"', True),
        ('"x", "a:1"', True),
        ('"x",W/"y",W/"a:1","z"', True),
        (' "a:1" ', True),
        ("*", True),
        (" * ", True),
        ("", False),
        ('""', False),
        ('"a:1:gzip"', False),
        ("a:1", False),
        ('"*"', False),
        ("garbage", False),
        ('"unclosed', False),
    ],
)
def test_if_none_match_is_a_list_of_tags(header: str, matches: bool) -> None:
    assert names_etag(header, '"a:1"') is matches


@pytest.mark.parametrize(
    "header",
    [b"if-none-match", b"accept-encoding", b"accept", b"x-flagstaff-user", b"cookie", b"range"],
)
async def test_hostile_headers_do_no_harm(client: httpx.AsyncClient, header: bytes) -> None:
    values = [
        b"",
        b'"' * 8_001,
        b", " * 4_000,
        b";=,q=" * 2_000,
        b"\xff\xfe",
        b'W/"' + b"x" * 8_000,
    ]

    answers = [await client.get(FEATURES, headers=[(header, value)]) for value in values]

    assert [answer.status_code for answer in answers] == [200] * len(values)


async def test_if_none_match_may_come_in_several_headers(client: httpx.AsyncClient) -> None:
    etag = (await client.get(FEATURES)).headers["etag"]

    answer = await client.get(FEATURES, headers=[("if-none-match", '"x"'), ("if-none-match", etag)])

    assert answer.status_code == 304


async def test_no_etag_ever_stands_for_two_bodies(store: Store, client: httpx.AsyncClient) -> None:
    await create(store, "one")
    bodies: dict[str, bytes] = {}
    for enabled in (False, True, False):
        async with store.write(SYSTEM) as work:
            await set_enabled(work, "one", enabled=enabled)
        answer = await client.get(FEATURES)
        bodies[answer.headers["etag"]] = answer.content

    assert len(bodies) == 3


@begins_with(shop_and_blog)
async def test_no_body_and_no_304_ever_crosses_scopes(
    store: Store, make_client: MakeClient, make_token: MakeToken
) -> None:
    # The configuration is the same in every environment and project, so that only the scope can
    # distinguish the answers.
    async with store.write(SYSTEM) as work:
        for name in ("blog_x", "blogAx", "shop.basket", "shop.search"):
            await configure_toggle(
                work, name, environment="staging", strategies=[StrategySpec(name="default")]
            )
    projects: tuple[tuple[str, ...], ...] = ((), ("shop",), ("blog",), ("blog", "shop"))
    clients = [
        make_client(await make_token(environment=environment, projects=item))
        for environment, item in product(("default", "staging"), projects)
    ]
    specs: tuple[dict[str, str], ...] = ({}, {"unleash-client-spec": "5.2.0"})
    requests = [
        (client, spec | encoding)
        for client, spec, encoding in product(clients, specs, (PLAIN, GZIPPED))
    ]

    answers = [await client.get(FEATURES, headers=headers) for client, headers in requests]

    assert len({answer.headers["etag"] for answer in answers}) == len(requests) == 32
    assert all(answer.json()["meta"]["etag"] == answer.headers["etag"] for answer in answers)
    for (client, headers), own in zip(requests, answers, strict=True):
        others = ", ".join(answer.headers["etag"] for answer in answers if answer is not own)
        crossed = await client.get(FEATURES, headers=headers | {"if-none-match": others})
        assert crossed.status_code == 200
        assert crossed.content == own.content
        matched = await client.get(
            FEATURES, headers=headers | {"if-none-match": own.headers["etag"]}
        )
        assert matched.status_code == 304


async def test_gzip_and_plain_say_the_same(store: Store, client: httpx.AsyncClient) -> None:
    await create(store, *(f"toggle-{number}" for number in range(300)))

    plain = await client.get(FEATURES, headers=PLAIN)
    gzipped = await client.get(FEATURES, headers=GZIPPED)

    assert "content-encoding" not in plain.headers
    assert gzipped.headers["content-encoding"] == "gzip"
    assert int(gzipped.headers["content-length"]) < int(plain.headers["content-length"]) / 5
    etag, gzip_etag = (json.dumps(item.headers["etag"]) for item in (plain, gzipped))
    assert etag != gzip_etag
    assert gzipped.text.replace(gzip_etag, etag) == plain.text


async def test_small_answers_are_gzipped_only_for_those_who_take_nothing_else(
    store: Store, client: httpx.AsyncClient
) -> None:
    await create(store, "one")

    answer = await client.get(FEATURES, headers=GZIPPED)
    demanded = await client.get(FEATURES, headers={"accept-encoding": "gzip, identity;q=0"})

    assert "content-encoding" not in answer.headers
    assert demanded.headers["content-encoding"] == "gzip"
    assert demanded.json()["features"] == answer.json()["features"]


async def test_a_gzipped_body_is_one_whole_gzip_member(
    store: Store, client: httpx.AsyncClient
) -> None:
    await create(store, *(f"toggle-{number}" for number in range(20)))
    client.event_hooks = {}  # no hook may read the body first

    async with client.stream("GET", FEATURES, headers=GZIPPED) as answer:
        raw = b"".join([item async for item in answer.aiter_raw()])

    # Decompressing also checks the checksum and the length at the end.
    assert len(json.loads(gzip.decompress(raw))["features"]) == 20
