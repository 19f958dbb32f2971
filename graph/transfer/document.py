"""State documents: the configuration as text that another installation can take in."""

import asyncio

import strawberry
from strawberry.scalars import JSON

from graph.engine.run.fields import plain, resolved
from graph.node import shows
from store.state.writing import WrittenDocument


async def _content(root: WrittenDocument) -> str:
    return await asyncio.to_thread(getattr, root, "content")


async def _document(root: WrittenDocument) -> object:
    return await asyncio.to_thread(getattr, root, "document")


@strawberry.type(description="A snapshot of the configuration that can be imported again.")
@shows(WrittenDocument)
class StateDocument:
    version: int = plain("The version of the document format.")
    content: str = resolved(_content, "The document as text.")
    media_type: str = plain("The media type of the text.")
    file_name: str = plain("A name to save the document under.")
    document: JSON = resolved(_document, "The document as JSON.")
    toggle_count: int = plain("The number of toggles in it.")
    strategy_count: int = plain("The number of strategy definitions in it.")
