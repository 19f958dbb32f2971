"""The feature-toggle domain, independent of GraphQL and REST."""

from sqlalchemy.ext.asyncio import AsyncSession

from store.snapshot import Snapshot
from store.store import Store

# The type that `Store.read` returns; edges only pass it to functions of this package.
Session = AsyncSession

__all__ = ["Session", "Snapshot", "Store"]
