"""Tests of operations use only SQLite, because operations contain little SQL.

tests/store/test_round_trip.py checks that both kinds of databases store the same data.
"""

import pytest

from tests.store.conftest import PreparedDatabase


@pytest.fixture(scope="module")
def beginning(prepared_database: PreparedDatabase) -> str:
    """A migrated SQLite file with only the built-in content."""
    return prepared_database("sqlite")
