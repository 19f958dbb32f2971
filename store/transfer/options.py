"""Find options of an import that do not fit the kind of its document."""

from msgspec import Struct

from store.transfer.document import Document
from store.transfer.unleash.document import UnleashDocument


class UnsuitableOption(Struct, frozen=True):
    """The name of an option, and the rest of the sentence that begins with the option."""

    name: str
    message: str


def find_unsuitable_option(
    document: Document | UnleashDocument,
    *,
    replaces: bool,
    environment: str | None,
    project: str | None,
    has_segments: bool,
) -> UnsuitableOption | None:
    """Return the first option that does not fit the document, or None.

    `replaces` is whether objects that are not in the document are removed.
    """
    is_unleash = isinstance(document, UnleashDocument)
    is_batch = is_unleash and document.state.is_batch
    if has_segments and not is_batch:
        return UnsuitableOption(
            "segments", "is an option for batch exports of Unleash; this document is none."
        )
    if is_batch and replaces:
        return UnsuitableOption(
            "drop", "is not an option for batch exports, which contain only some toggles."
        )
    if is_unleash and not is_batch:
        for name, value in (("environment", environment), ("project", project)):
            if value is not None:
                return UnsuitableOption(
                    name, "is not an option for state exports, which name it themselves."
                )
    return None
