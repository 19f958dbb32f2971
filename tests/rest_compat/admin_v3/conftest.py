"""What tests of the 3.x admin API share: a client that may do everything."""

import httpx
import pytest

from store.model import ApiTokenType
from tests.rest_compat.conftest import MakeClient, MakeToken


@pytest.fixture
async def admin(make_client: MakeClient, make_token: MakeToken) -> httpx.AsyncClient:
    """A client with an admin token named `ada`."""
    return make_client(await make_token(ApiTokenType.ADMIN, name="ada"))
