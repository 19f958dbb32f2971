"""Check that all objects exist to which a restored object refers."""

from store.errors import (
    AlreadyExistsError,
    DomainError,
    NotFoundError,
    Path,
    Problems,
    refuse,
)
from store.model import Toggle
from store.operations.dependencies import check_no_cycle
from store.operations.strings import display
from store.operations.toggle_fields import put_new_tags
from store.operations.uses import strategies_of
from store.unit_of_work import UnitOfWork
from store.values import Tag


def check_references(work: UnitOfWork, subject: object, *, path: Path) -> None:
    """Check the references of a restored object; create missing tags.

    Raises: Refusal: a referenced object no longer exists, or the toggle would depend on itself.
    """
    match subject:
        case Tag():
            _check_tag_type(work, subject, path)
        case Toggle():
            _check_segments(work, subject, path)
            _check_parents(work, subject, path)
            for tag in subject.tags:
                _check_tag_type(work, tag, path)
            put_new_tags(work, subject)
        case _:
            pass


def segment_name_conflicts(work: UnitOfWork, *, path: Path) -> list[DomainError]:
    """Return an error for each restored segment whose name now belongs to another segment.

    Call this function after all objects are restored. If two segments have swapped their names, the
    segments conflict until both segments are restored.
    """
    errors: list[DomainError] = []
    by_name = work.snapshot.segments_by_name
    for segment in work.snapshot.segments.values():
        namesake = by_name[segment.name]
        if namesake is not segment:
            existing = namesake if segment.revision == work.revision else segment
            errors.append(
                AlreadyExistsError(
                    f"Another segment is named '{display(segment.name)}' now.",
                    existing=existing,
                    path=path,
                )
            )
    return errors


def _check_tag_type(work: UnitOfWork, tag: Tag, path: Path) -> None:
    if tag.type not in work.snapshot.tag_types:
        refuse(NotFoundError("tag type", tag.type, path=path))


def _check_segments(work: UnitOfWork, toggle: Toggle, path: Path) -> None:
    for strategy in strategies_of(toggle):
        for segment in strategy.segments:
            if segment not in work.snapshot.segments:
                refuse(NotFoundError("segment", str(segment), path=path))


def _check_parents(work: UnitOfWork, toggle: Toggle, path: Path) -> None:
    problems = Problems()
    for dependency in toggle.dependencies:
        parent = work.snapshot.toggles.get(dependency.toggle)
        if parent is None:
            refuse(NotFoundError("toggle", dependency.toggle, path=path))
        check_no_cycle(work, toggle, parent, path=path, problems=problems)
    problems.raise_any()
