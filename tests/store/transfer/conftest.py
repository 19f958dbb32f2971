"""Documents are a matter of operations, so that one kind of database is enough here, too.

That imports are stored alike on every kind is tests/store/test_import_round_trip.py's subject.
"""

from tests.store.operations.conftest import beginning

__all__ = ["beginning"]
