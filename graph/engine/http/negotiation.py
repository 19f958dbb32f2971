"""Which form an answer has, from what the client says it accepts."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from starlette.datastructures import Headers

JSON: Final = "application/json"
GRAPHQL_JSON: Final = "application/graphql-response+json"


class Form(Struct, frozen=True):
    """How an answer is sent: its media type, and whether its status tells of refused documents.

    Clients that name `application/json` and not its successor are of a time when GraphQL answered
    even these with 200, and take any other status for a failure of the way.
    """

    media_type: str
    status_tells: bool = True


def accept_of(headers: Headers) -> str | None:
    """What a request says it accepts, None if it does not; a list may come in several lines."""
    return ", ".join(headers.getlist("accept")) or None


def form_for(accept: str | None) -> Form | None:
    """The form to answer in, None when the client takes neither of the two media types.

    `application/graphql-response+json` goes to those who ask for it by name; whoever takes anything
    gets what every JSON client understands.
    """
    if accept is None or not accept.strip():
        return Form(JSON)
    accepted = accepted_types(accept)
    by_name = accepted.get(GRAPHQL_JSON, 0.0)
    anything = accepted.get("application/*", accepted.get("*/*", 0.0))
    plain = accepted.get(JSON, anything)
    if by_name > 0 and by_name >= plain:
        return Form(GRAPHQL_JSON)
    if plain > 0:
        return Form(JSON, status_tells=by_name > 0 or JSON not in accepted)
    # Whoever rules out the one and takes anything else gets the other.
    return Form(GRAPHQL_JSON) if accepted.get(GRAPHQL_JSON, anything) > 0 else None


def is_json(content_type: str) -> bool:
    """Whether a Content-Type is JSON in UTF-8; parameters other than the charset say nothing."""
    media_type, *parameters = (it.strip().lower() for it in content_type.split(";"))
    pairs = (it.partition("=") for it in parameters)
    charsets = {value.strip().strip('"') for name, _, value in pairs if name.strip() == "charset"}
    return media_type == JSON and charsets <= {"utf-8", "utf8"}


def prefers_html(accept: str | None) -> bool:
    """Whether the client is a browser that wants a page rather than data."""
    accepted = accepted_types(accept or "")
    html = accepted.get("text/html", 0.0)
    return html > 0 and html >= accepted.get(JSON, 0.0) and html >= accepted.get(GRAPHQL_JSON, 0.0)


def accepted_types(accept: str) -> dict[str, float]:
    """The media types that a client accepts, by their quality."""
    return dict(_accepted(accept))


def _accepted(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.split(","):
        media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                try:
                    quality = min(max(float(value), 0.0), 1.0)
                except ValueError:
                    quality = 0.0
        yield media_type, quality
