"""Recognise the kind of a document, and convert it."""

from typing import Any, cast

from msgspec import structs

from store.errors import InvalidError, Path, refuse
from store.transfer.checking import draft_of
from store.transfer.document import FORMAT, Document
from store.transfer.unleash.batch import BatchTarget, is_batch_export, state_of_batch
from store.transfer.unleash.checking import unleash_document_of
from store.transfer.unleash.document import UnleashDocument, UnleashState

_UNLEASH_SECTIONS = frozenset(
    field for field in UnleashState.__struct_encode_fields__ if field != "version"
)
# A batch export is imported into the environment and the projects that it names.
_AS_NAMED = BatchTarget()


def document_of(
    value: Any, *, target: BatchTarget = _AS_NAMED, path: Path = ()
) -> Document | UnleashDocument:
    """Convert a JSON value to a document of the kind that its keys show.

    The kinds are Flagstaff's own document, and the state exports and batch exports of Unleash. Only
    batch exports need the `target`.

    Raises: Refusal: the document has errors, or is of none of these kinds.
    """
    keys = cast("dict[str, Any]", value).keys() if isinstance(value, dict) else set[str]()
    if "format" in keys:
        return draft_of(value, path=path)
    if is_batch_export(value):
        batch = state_of_batch(cast("dict[str, Any]", value), target, path=path)
        document = unleash_document_of(batch.value, path=path)
        return structs.replace(document, unordered=batch.unordered)
    if not keys & _UNLEASH_SECTIONS:
        refuse(
            InvalidError(
                f"The document is neither Flagstaff's own document, whose 'format' is '{FORMAT}', "
                "nor an export of an Unleash server, which has keys such as 'features'.",
                rule="document-kind",
                path=path,
            )
        )
    return unleash_document_of(value, path=path)
