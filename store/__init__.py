"""The feature-toggle domain, independent of GraphQL and REST.

The package imports its modules when their names are first used. Therefore importing `store.model`
does not import the database drivers, and commands that only print their help start faster.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store.snapshot import Snapshot
    from store.store import Session, Store

__all__ = ["Session", "Snapshot", "Store"]

_MODULES = {"Session": "store.store", "Snapshot": "store.snapshot", "Store": "store.store"}


def __getattr__(name: str) -> object:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(module), name)
    return value
