"""The feature-toggle domain, complete without any edge."""

from store.snapshot import Snapshot
from store.store import Store

__all__ = ["Snapshot", "Store"]
