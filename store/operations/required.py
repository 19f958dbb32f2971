"""What an object that is put back refers to: all of it must be there."""

from store.errors import AlreadyExistsError, NotFoundError, Path, Problems, refuse
from store.model import Segment, Toggle
from store.operations.dependencies import check_no_cycle
from store.operations.toggle_fields import put_new_tags
from store.operations.uses import strategies_of
from store.unit_of_work import UnitOfWork
from store.values import Tag


def check_required(work: UnitOfWork, subject: object, *, path: Path) -> None:
    """Raises: Refusal: if what the object refers to is gone, its name taken, or if it would depend
    on itself.
    """
    match subject:
        case Segment():
            _check_name_free(work, subject, path)
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


def _check_name_free(work: UnitOfWork, segment: Segment, path: Path) -> None:
    namesake = work.snapshot.segments_by_name.get(segment.name)
    if namesake is not None and namesake.id != segment.id:
        refuse(
            AlreadyExistsError(
                f"A segment is named '{segment.name}' by now.", existing=namesake, path=path
            )
        )


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
