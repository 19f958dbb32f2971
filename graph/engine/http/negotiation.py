"""Content negotiation: the media type and the status rules of an answer."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from starlette.datastructures import Headers

JSON: Final = "application/json"
GRAPHQL_JSON: Final = "application/graphql-response+json"


class Form(Struct, frozen=True):
    """The media type of an answer, and whether a refused document changes the status.

    A client may accept `application/json` but not `application/graphql-response+json`. Such a
    client expects 200 even for refused documents, and treats other statuses as transport errors.
    """

    media_type: str
    uses_error_status: bool = True


def accept_of(headers: Headers) -> str | None:
    """Return the Accept headers of a request, joined; None if the request has no Accept header."""
    return ", ".join(headers.getlist("accept")) or None


def form_for(accept: str | None) -> Form | None:
    """Return the form of the answer; None if the client accepts neither media type.

    Clients that do not name `application/graphql-response+json` get `application/json`, unless they
    refuse `application/json`.
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
        return Form(JSON, uses_error_status=by_name > 0 or JSON not in accepted)
    # A client may refuse `application/json` and accept all other media types.
    return Form(GRAPHQL_JSON) if accepted.get(GRAPHQL_JSON, anything) > 0 else None


def is_json(content_type: str) -> bool:
    """Whether a Content-Type is JSON in UTF-8; parameters other than `charset` are ignored."""
    media_type, *parameters = (part.strip().lower() for part in content_type.split(";"))
    pairs = (parameter.partition("=") for parameter in parameters)
    charsets = {value.strip().strip('"') for name, _, value in pairs if name.strip() == "charset"}
    return media_type == JSON and charsets <= {"utf-8", "utf8"}


def prefers_html(accept: str | None) -> bool:
    """Whether the client prefers HTML to JSON, as browsers do."""
    accepted = accepted_types(accept or "")
    html = accepted.get("text/html", 0.0)
    return html > 0 and html >= accepted.get(JSON, 0.0) and html >= accepted.get(GRAPHQL_JSON, 0.0)


def accepted_types(accept: str) -> dict[str, float]:
    """Return the quality of each media type that a client accepts."""
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
