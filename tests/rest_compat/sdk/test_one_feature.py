"""One toggle by its name."""

import httpx
import pytest

from store import Store
from store.model import SYSTEM
from store.operations.fields import ToggleFields
from store.operations.toggles import update_toggle
from tests.rest_compat.conftest import FEATURES, MakeClient, MakeToken, create

JSON = "application/json; charset=utf-8"


async def test_one_toggle_is_its_entry_in_the_list_with_its_times(
    store: Store, client: httpx.AsyncClient
) -> None:
    await create(store, "one", enabled=True)
    (entry,) = (await client.get(FEATURES)).json()["features"]

    answer = await client.get(f"{FEATURES}/one")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == JSON
    document = answer.json()
    assert document.pop("createdAt").endswith("Z")
    assert document.pop("lastSeenAt") is None
    assert document == entry


async def test_one_toggle_has_an_etag_of_its_own(
    store: Store, make_client: MakeClient, make_token: MakeToken
) -> None:
    await create(store, "one", strategies=[])
    default = make_client(await make_token())
    staging = make_client(await make_token(environment="staging"))
    etag = (await default.get(f"{FEATURES}/one")).headers["etag"]

    again = await default.get(f"{FEATURES}/one", headers={"if-none-match": etag})
    crossed = await staging.get(f"{FEATURES}/one", headers={"if-none-match": etag})
    async with store.write(SYSTEM) as work:
        await update_toggle(work, "one", ToggleFields(description="changed"))
    changed = await default.get(f"{FEATURES}/one", headers={"if-none-match": etag})

    assert (again.status_code, again.content) == (304, b"")
    assert crossed.status_code == 200
    assert changed.json()["description"] == "changed"


async def test_a_name_in_the_path_is_percent_decoded_once(
    store: Store, client: httpx.AsyncClient
) -> None:
    await create(store, "a.b~c")

    assert (await client.get(f"{FEATURES}/a%2Eb%7Ec")).status_code == 200
    assert (await client.get(f"{FEATURES}/a%252Eb~c")).status_code == 404


@pytest.mark.parametrize(
    "name", ["nope", "%00", "%ff", "%c3%28", "a%2Fb", "%2F", "..%2Fone", "%", "%zz", "x" * 5_000]
)
async def test_an_unknown_toggle_is_404_in_json(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"{FEATURES}/{name}")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == JSON
    assert len(answer.content) < 500


async def test_the_body_of_an_unknown_toggle_is_that_of_3_x(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{FEATURES}/nope")

    assert answer.json() == {"error": "No toggle is named 'nope'."}
