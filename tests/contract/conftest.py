"""A store with the objects that recordings of Unleash 8.2 need."""

import pytest

from store import Store
from store.model import SYSTEM, ApiTokenType
from store.operations.environments import create_environment
from store.operations.tokens import create_token, scope_of
from tests.contract.replaying import load_recording

_TOKEN_TYPES = {
    "admin_token": ApiTokenType.ADMIN,
    "client_token": ApiTokenType.CLIENT,
    "frontend_token": ApiTokenType.FRONTEND,
    "production_token": ApiTokenType.CLIENT,
}


@pytest.fixture
async def prepared(store: Store) -> Store:
    """A store with the environments and tokens that the recordings name."""
    async with store.write(SYSTEM) as work:
        for name in ("development", "production"):
            await create_environment(work, name=name)
        for variable, secret in load_recording("rest-v8-client.yaml").variables.items():
            environment = scope_of(secret).environment
            await create_token(
                work,
                name=variable,
                type=_TOKEN_TYPES[variable],
                environment=environment if environment != "*" else None,
                secret=secret,
            )
    return store
