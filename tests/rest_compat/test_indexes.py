"""The index documents list the endpoints."""

import pytest

from store.model import ApiTokenType
from tests.rest_compat.conftest import MakeClient, MakeToken


async def test_the_index_of_the_api_is_open_to_everybody(make_client: MakeClient) -> None:
    answer = await make_client().get("/api")

    assert answer.status_code == 200
    links = answer.json()["links"]
    assert links["admin"]["links"]["feature-toggles"] == {"uri": "/api/admin/features"}
    assert links["client"]["links"]["register"] == {"uri": "/api/client/register"}


@pytest.mark.parametrize(
    ("type", "path"),
    [
        (ApiTokenType.VIEWER, "/api/admin"),
        (ApiTokenType.ADMIN, "/api/admin/"),
        (ApiTokenType.CLIENT, "/api/client"),
    ],
)
async def test_the_index_of_a_part_is_read_with_a_token_for_it(
    make_client: MakeClient, make_token: MakeToken, type: ApiTokenType, path: str
) -> None:
    answer = await make_client(await make_token(type)).get(path)

    assert answer.status_code == 200
    assert answer.json()["version"] == 3
    assert "links" in answer.json()
    assert (await make_client().get(path)).status_code == 401
