"""The page at `/` for browsers: links to the other pages of the server."""

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import NamedTuple

_TEMPLATE = Path(__file__).with_name("home.html")


class Link(NamedTuple):
    """A link to a page of the server."""

    path: str
    title: str
    description: str


LINKS = (
    Link(
        "/console/",
        "Console",
        "Find toggles, switch them, and review what a change would do before you apply it.",
    ),
    Link(
        "/graphql",
        "GraphiQL",
        "Write queries, mutations and subscriptions against the whole API, with its documentation.",
    ),
    Link("/docs", "Try the REST API", "Send requests to every endpoint and copy them as code."),
    Link("/redoc", "REST reference", "Every endpoint, parameter, schema and error on one page."),
    Link(
        "/sample",
        "Sample application",
        "Run realistic stories against this server and watch each request and its outcome.",
    ),
    Link("/guide", "Guide", "Concepts, SDKs, evaluation, configuration and operations."),
)


def home_page(paths: Iterable[str], version: str) -> str:
    """Return the page, with the `LINKS` whose paths exist on this server."""
    available = frozenset(paths)
    items = "\n".join(_item(link) for link in LINKS if link.path in available)
    template = _TEMPLATE.read_text(encoding="utf-8")
    return template.replace("{links}", items).replace("{version}", escape(version))


def _item(link: Link) -> str:
    # The address is relative, because a proxy may serve the page below a prefix.
    return (
        f'<li><a href=".{link.path}"><strong>{escape(link.title)}</strong>'
        f"<span>{escape(link.description)}</span></a></li>"
    )
