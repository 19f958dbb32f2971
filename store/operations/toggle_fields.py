"""What a new or changed toggle says of itself: the rules for it."""

from collections.abc import Sequence

from msgspec import UNSET, UnsetType

from store.errors import AlreadyExistsError, Path, Problems
from store.model import Project, Toggle, ToggleType
from store.operations.existing import check_known
from store.operations.limits import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    LONGEST_TAG_VALUE,
    check_count,
)
from store.operations.text import check_line, check_text
from store.unit_of_work import UnitOfWork
from store.values import Tag


def check_free(work: UnitOfWork, name: str, problems: Problems) -> None:
    """Note that a toggle, live or archived, has the name."""
    existing = work.snapshot.toggles.get(name)
    if existing is None:
        return
    state = "An archived toggle" if existing.archived else "A toggle"
    problems.add(
        AlreadyExistsError(
            f"{state} is named '{name}' already.",
            existing=existing,
            archived=existing.archived,
            path=("name",),
        )
    )


def check_fields(
    work: UnitOfWork,
    description: str | None | UnsetType,
    type: str | UnsetType,
    project: str | UnsetType,
    problems: Problems,
    *,
    allow_unknown: bool,
) -> None:
    """Note what is wrong with a description and the names of a type and a project, where given."""
    check_text(
        description or "",
        what="The description",
        path=("description",),
        problems=problems,
        longest=LONGEST_DESCRIPTION,
    )
    references = (
        ("type", "toggle type", type, work.snapshot.toggle_types),
        ("project", "project", project, work.snapshot.projects),
    )
    for field, kind, name, among in references:
        if name is UNSET:
            continue
        if allow_unknown:
            check_line(
                name,
                what=f"The name of the {kind}",
                path=(field,),
                problems=problems,
                shortest=1,
                longest=LONGEST_NAME,
            )
        else:
            check_known(among, name, kind=kind, path=(field,), problems=problems)


def check_tags(
    work: UnitOfWork, tags: Sequence[Tag], problems: Problems, *, path: Path = ("tags",)
) -> None:
    """Note what is wrong with the tags to be put on a toggle."""
    check_count(tags, what="tags", path=path, problems=problems)
    for at, tag in enumerate(tags):
        check_known(
            work.snapshot.tag_types,
            tag.type,
            kind="tag type",
            path=(*path, str(at), "type"),
            problems=problems,
        )
        check_line(
            tag.value,
            what="The tag",
            path=(*path, str(at), "value"),
            problems=problems,
            shortest=1,
            longest=LONGEST_TAG_VALUE,
        )


def put_new_tags(work: UnitOfWork, toggle: Toggle) -> None:
    """Put the toggle's tags where no toggle has had them before."""
    for tag in toggle.tags:
        if (tag.type, tag.value) not in work.snapshot.tags:
            work.put(tag)


def declare_references(work: UnitOfWork, toggle: Toggle) -> None:
    """Put the toggle's type and project where nobody has named them before."""
    if toggle.type not in work.snapshot.toggle_types:
        last = max((it.sort_order for it in work.snapshot.toggle_types.values()), default=-1)
        work.put(
            ToggleType(
                name=toggle.type,
                title=toggle.type,
                sort_order=last + 1,
                declared=False,
                revision=work.revision,
            )
        )
    if toggle.project not in work.snapshot.projects:
        work.put(
            Project(
                name=toggle.project,
                title=toggle.project,
                declared=False,
                created_at=work.now,
                revision=work.revision,
            )
        )
