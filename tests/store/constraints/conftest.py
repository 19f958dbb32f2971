"""A SQLite database for tests of constraints, which do not depend on the kind of database."""

import pytest

from tests.store.conftest import PreparedDatabase


@pytest.fixture(scope="module")
def beginning(prepared_database: PreparedDatabase) -> str:
    """A migrated SQLite file with only the built-in content."""
    return prepared_database("sqlite")
