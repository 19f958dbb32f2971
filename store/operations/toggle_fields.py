"""Validate and apply the fields of a toggle that do not depend on the environment."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import UNSET, structs

from store.errors import AlreadyExistsError, Path, Problems
from store.model import Project, Toggle, ToggleType
from store.operations.existing import check_known
from store.operations.fields import ToggleFields
from store.operations.limits import (
    MAX_DESCRIPTION_LENGTH,
    MAX_NAME_LENGTH,
    MAX_REST_DESCRIPTION_LENGTH,
    MAX_TAG_VALUE_LENGTH,
    check_count,
)
from store.operations.strings import check_description, check_line
from store.snapshot import Snapshot
from store.unit_of_work import UnitOfWork
from store.values import Tag


def check_free(snapshot: Snapshot, name: str, problems: Problems) -> None:
    """Check that no toggle, live or archived, has the name."""
    existing = snapshot.toggles.get(name)
    if existing is None:
        return
    state = "An archived toggle" if existing.archived else "A toggle"
    problems.add(
        AlreadyExistsError(
            f"{state} named '{name}' already exists.",
            existing=existing,
            archived=existing.archived,
            path=("name",),
        )
    )


def check_fields(
    work: UnitOfWork, fields: ToggleFields, problems: Problems, *, allow_unknown: bool
) -> None:
    """Check the given fields.

    If `allow_unknown` is false, the type and the project must exist.
    """
    check_description(
        fields.description or "",
        path=("description",),
        problems=problems,
        max_length=MAX_REST_DESCRIPTION_LENGTH if allow_unknown else MAX_DESCRIPTION_LENGTH,
    )
    references = (
        ("type", "toggle type", fields.type, work.snapshot.toggle_types),
        ("project", "project", fields.project, work.snapshot.projects),
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
                min_length=1,
                max_length=MAX_NAME_LENGTH,
            )
        else:
            check_known(among, name, kind=kind, path=(field,), problems=problems)


def check_tags(
    work: UnitOfWork, tags: Sequence[Tag], problems: Problems, *, path: Path = ("tags",)
) -> None:
    """Check the tags to be added to a toggle."""
    check_count(tags, what="tags", path=path, problems=problems)
    for index, tag in enumerate(tags):
        check_tag(work, tag, problems, path=(*path, str(index)))


def check_tag(work: UnitOfWork, tag: Tag, problems: Problems, *, path: Path) -> None:
    """Check a tag."""
    check_known(
        work.snapshot.tag_types, tag.type, kind="tag type", path=(*path, "type"), problems=problems
    )
    check_line(
        tag.value,
        what="The tag",
        path=(*path, "value"),
        problems=problems,
        min_length=1,
        max_length=MAX_TAG_VALUE_LENGTH,
    )


def with_fields(work: UnitOfWork, toggle: Toggle, fields: Mapping[str, Any]) -> Toggle:
    """Return the toggle with the given fields; create a missing type or project of the toggle."""
    stored = dict(fields)
    # The model stores the time when a toggle became stale, instead of a boolean.
    if "stale" in stored:
        stored["stale_at"] = work.now if stored.pop("stale") else None
    after = structs.replace(toggle, **stored, revision=work.revision, updated_at=work.now)
    declare_references(work, after)
    return after


def put_new_tags(work: UnitOfWork, toggle: Toggle) -> None:
    """Create all tags of the toggle that do not exist yet."""
    for tag in toggle.tags:
        if (tag.type, tag.value) not in work.snapshot.tags:
            work.put(tag)


def declare_references(work: UnitOfWork, toggle: Toggle) -> None:
    """Create the toggle's type and project as undeclared objects, if they do not exist."""
    if toggle.type not in work.snapshot.toggle_types:
        toggle_types = work.snapshot.toggle_types.values()
        last = max((toggle_type.sort_order for toggle_type in toggle_types), default=-1)
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
