"""Operations hardly touch SQL, so that one kind of database is enough to see what they do.

tests/store/test_round_trip.py checks that every kind stores the same.
"""

import pytest

from tests.store.conftest import PreparedDatabase


@pytest.fixture(scope="module")
def beginning(prepared_database: PreparedDatabase) -> str:
    """A migrated SQLite file with nothing in it but what is built in."""
    return prepared_database("sqlite")
