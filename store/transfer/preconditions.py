"""Check the comment of an import, and that nobody has changed the configuration since."""

from store.errors import Problems, WrongStateError, refuse
from store.operations.limits import MAX_DESCRIPTION_LENGTH
from store.operations.strings import check_lines
from store.unit_of_work import UnitOfWork


def check_comment(comment: str, problems: Problems) -> None:
    """Report a comment that is too long or has characters that are not allowed."""
    check_lines(
        comment,
        what="The comment",
        path=("comment",),
        problems=problems,
        max_length=MAX_DESCRIPTION_LENGTH,
    )


def check_revision(work: UnitOfWork, expected: int | None) -> None:
    """Check that the configuration has the expected revision, if there is one.

    Raises: Refusal.
    """
    if work.origin.revision != expected:
        refuse_stale(expected)


def refuse_stale(expected: int | None) -> None:
    """Refuse the import if it expects a revision, because others have changed the configuration.

    Raises: Refusal.
    """
    if expected is not None:
        refuse(
            WrongStateError(
                f"The configuration has changed since revision {expected}: read it again.",
                path=("expectedRevision",),
            )
        )
