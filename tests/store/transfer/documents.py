"""Documents to import, and helpers that import them."""

from typing import Any

from store import Store
from store.errors import Path, Refusal
from store.model import SYSTEM
from store.operations.change_sets import AppliedChanges
from store.transfer.checking import SOURCE, draft_of
from store.transfer.document import Document
from store.transfer.importing import import_state
from store.transfer.repair import InvalidDocument
from store.unit_of_work import UnitOfWork
from tests.store.operations.doing import error_paths, refused

HEAD: dict[str, Any] = {"format": "flagstaff", "version": 1}


def document_of(value: Any, *, path: Path = SOURCE) -> Document:
    """Return a value as a document.

    Raises: Refusal: the value is not a valid document; the refusal contains all errors.
    """
    document = draft_of(value, path=path)
    if isinstance(document, InvalidDocument):
        raise Refusal(*document.errors)
    return document


def state(**sections: Any) -> Document:
    """A document with these parts."""
    return document_of(HEAD | sections)


def configured(**fields: Any) -> dict[str, Any]:
    """A toggle that is configured in one environment."""
    return {"name": "a", "environments": [{"environment": "default", **fields}]}


async def take(store: Store, document: Document, **options: Any) -> AppliedChanges:
    """Commit an import."""
    async with store.write(SYSTEM) as work:
        return await import_state(work, document, **options)


async def _checked_import(
    work: UnitOfWork, sections: dict[str, Any], **options: Any
) -> AppliedChanges:
    return await import_state(work, draft_of(HEAD | sections), **options)


async def wrong_with(
    store: Store, sections: dict[str, Any], **options: Any
) -> list[tuple[str, tuple[str, ...]]]:
    """Return rule (or code) and shortened path of each error of a refused import."""
    found = await error_paths(store, _checked_import, sections, **options)
    return [(rule, path[1:] if path[0] == "source" else path) for rule, path in found]


async def sentences(store: Store, sections: dict[str, Any], **options: Any) -> list[str]:
    """The messages of a refused import."""
    return [error.message for error in await refused(store, _checked_import, sections, **options)]
