"""The feature-toggle domain, independent of GraphQL and REST.

The package loads its names on first use. Importing `store.model` therefore loads neither the
database nor its drivers, so commands that only print their help start faster.
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
