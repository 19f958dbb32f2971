"""Toggles with a value in every field."""

from itertools import count

import pytest
import pytest_asyncio

from store import Store
from tests.graph.conftest import PreparedDatabase
from tests.graph.installation import Installation

_numbers = count()


@pytest.fixture
def prepared_url(sqlite_url: str) -> str:
    """Only SQLite, because the tests of this module do not depend on the database."""
    return sqlite_url


@pytest.fixture(scope="session")
def prepared_database(furnished_database: PreparedDatabase) -> PreparedDatabase:
    """Databases with the objects that toggles refer to."""
    return furnished_database


@pytest_asyncio.fixture(loop_scope="module")
async def t(shared_store: Store) -> str:
    """The name of a new toggle, which has a value in every field."""
    name = f"t{next(_numbers)}"
    await Installation(shared_store).rich_toggle(name)
    return name
