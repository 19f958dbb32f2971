"""The feature-toggle domain, complete without any edge."""

from sqlalchemy.ext.asyncio import AsyncSession

from store.snapshot import Snapshot
from store.store import Store

# What `Store.read` opens. Edges only pass it on to functions of this package.
Session = AsyncSession

__all__ = ["Session", "Snapshot", "Store"]
