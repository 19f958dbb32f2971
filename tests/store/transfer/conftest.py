"""Imports use operations, so one kind of database is enough here, too.

tests/store/test_import_round_trip.py checks that every kind stores the same.
"""

from tests.store.operations.conftest import beginning

__all__ = ["beginning"]
