"""Operations hardly touch SQL, so their tests use one kind of database.

tests/store/test_round_trip.py checks that every kind stores the same.
"""

import pytest

from tests.store.conftest import PreparedDatabase


@pytest.fixture(scope="module")
def beginning(prepared_database: PreparedDatabase) -> str:
    """A migrated SQLite file with only the built-in content."""
    return prepared_database("sqlite")
