"""Let database engines share SQLAlchemy's compiled statements."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from sqlalchemy import Dialect, Engine
from sqlalchemy.event import listens_for
from sqlalchemy.ext.asyncio import AsyncEngine

from store import postgresql_engine, sqlite_engine


@contextmanager
def statements_compiled_once() -> Iterator[None]:
    """A context in which all opened stores share their compiled statements.

    Compiling statements takes half of the time of a small test. SQLAlchemy has no public API for
    sharing its cache between engines.
    """
    first: dict[tuple[str, object], Engine] = {}
    # Engines that share the dialect of another engine, with the dialects that still connect them.
    connecting: WeakKeyDictionary[Engine, Dialect] = WeakKeyDictionary()
    create = sqlite_engine.create_async_engine

    def create_sharing(url: Any, **options: Any) -> AsyncEngine:
        engine = create(url, **options)
        own = engine.sync_engine
        key = (own.dialect.name, options.get("isolation_level"))
        shared = first.setdefault(key, own)
        if shared.dialect.server_version_info is None:
            # The first connection of an engine completes its dialect. An engine that has not
            # connected may never do so.
            first[key] = own
            return engine
        connecting[own] = own.dialect
        own.dialect = own.pool._dialect = shared.dialect
        own._compiled_cache = shared._compiled_cache
        return engine

    def listens_for_own(target: Any, name: str) -> Callable[[Any], Any]:
        # Otherwise each listener would see the new connections of all engines.
        return listens_for(connecting.get(target, target) if name == "do_connect" else target, name)

    with pytest.MonkeyPatch.context() as patch:
        for module in (sqlite_engine, postgresql_engine):
            patch.setattr(module, "create_async_engine", create_sharing)
            patch.setattr(module, "listens_for", listens_for_own)
        yield
