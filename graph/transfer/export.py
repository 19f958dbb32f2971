"""Export the configuration as a state document that another installation can import."""

import asyncio
from collections.abc import Collection
from functools import partial

import orjson
import strawberry
from strawberry.scalars import JSON

from graph.context import Context
from graph.engine.errors import bad_user_input
from graph.engine.run.fields import plain, resolved
from graph.enums import StateFormat
from graph.filtering import given, string_set
from graph.node import shows
from graph.toggles.filter import ToggleFilter, choose_toggles, needs_index
from graph.toggles.searching import index_toggles
from store.errors import Refusal
from store.transfer.exporting import export_document
from store.transfer.writing import WrittenDocument


async def export_state(
    context: Context,
    *,
    filter: ToggleFilter | None,
    environments: Collection[str] | None,
    toggles: bool,
    strategies: bool,
    archived: bool,
    format: StateFormat,
) -> WrittenDocument:
    """Return a state document of the toggles that match a filter, or of all objects.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    # Exports may be as large as imports.
    context.answer.allow(context.server.max_document_bytes)
    filter = given(filter)
    if needs_index(context.snapshot, filter):
        await index_toggles(context.snapshot)
    selection = None if filter is None else choose_toggles(context, filter)
    named = string_set(environments, "environments")
    export = partial(
        export_document,
        context.snapshot,
        exported_at=context.now,
        selection=selection,
        archived=archived,
        environments=None if named is None else sorted(named),
        toggles=toggles,
        strategies=strategies,
    )
    try:
        # The export runs in a thread, because it may take long. A snapshot never changes.
        document = await asyncio.to_thread(export)
    except Refusal as refusal:
        raise bad_user_input(" ".join(error.message for error in refusal.errors)) from None
    return WrittenDocument(document, format, context.now, context.snapshot.revision)


async def _content(root: WrittenDocument) -> str:
    return await asyncio.to_thread(getattr, root, "content")


async def _document(root: WrittenDocument) -> orjson.Fragment:
    return orjson.Fragment(await asyncio.to_thread(getattr, root, "compact"))


@strawberry.type(description="An export of the configuration, which can be imported again.")
@shows(WrittenDocument)
class StateDocument:
    version: int = plain("The version of the document format.")
    content: str = resolved(_content, "The document as text.")
    media_type: str = plain("The media type of the content.")
    file_name: str = plain("A file name for the document.")
    document: JSON = resolved(_document, "The document as JSON.")
    revision: int = plain(
        "The revision of the exported configuration. Send it as `expectedRevision` to import only "
        "if nothing has changed since."
    )
    toggle_count: int = plain("The number of toggles in the document.")
    strategy_count: int = plain("The number of strategy definitions in the document.")
