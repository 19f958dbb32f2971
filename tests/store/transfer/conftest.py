"""Tests of imports use only SQLite, because imports contain little SQL.

tests/store/test_import_round_trip.py checks that both kinds of databases store the same data.
"""

from tests.store.operations.conftest import beginning

__all__ = ["beginning"]
