"""Create, update and delete projects."""

from msgspec import UNSET

from store.errors import Problems
from store.events import EventType
from store.model import Project
from store.operations.changing import changed_fields, delete_object, update_object
from store.operations.existing import check_free, check_revision, find
from store.operations.fields import ProjectFields, given_fields
from store.operations.limits import MAX_TITLE_LENGTH
from store.operations.names import check_name
from store.operations.strings import check_description, check_line, display
from store.operations.uses import refuse_if_built_in, refuse_if_used, toggles_where
from store.unit_of_work import UnitOfWork


async def create_project(
    work: UnitOfWork, *, name: str, fields: ProjectFields = ProjectFields()
) -> Project:
    """Create a project; the title defaults to the name.

    If the project already exists because toggles name it, the project becomes declared.

    Raises: Refusal.
    """
    problems = Problems()
    existing = work.snapshot.projects.get(name)
    if check_name(name, kind="project", path=("name",), problems=problems) and (
        existing is None or existing.declared
    ):
        check_free(work.snapshot.projects, name, kind="project", problems=problems)
    _check_fields(fields, problems)
    problems.raise_any()

    given = given_fields(ProjectFields, fields)
    given["title"] = fields.title or name
    project = Project(
        name=name,
        **given,
        created_at=work.now,
        revision=work.revision,
    )
    work.put(project)
    work.record(
        EventType.PROJECT_CREATED,
        subject=project,
        before=existing,
        after=project,
        summary=f"Created project '{name}'.",
    )
    return project


async def update_project(
    work: UnitOfWork,
    name: str,
    fields: ProjectFields,
    *,
    expected_revision: int | None = None,
) -> Project:
    """Update the given fields of a project, and mark the project as declared.

    Raises: Refusal.
    """
    project = find(work.snapshot.projects, name, kind="project")
    problems = Problems()
    check_revision(work, project, expected_revision, problems=problems)
    _check_fields(fields, problems)
    problems.raise_any()

    given = given_fields(ProjectFields, fields)
    if fields.title is not UNSET:
        given["title"] = fields.title or name
    changed = changed_fields(project, given)
    if changed:
        changed["declared"] = True
    return update_object(
        work,
        project,
        changed,
        EventType.PROJECT_UPDATED,
        summary=f"Changed project '{display(name)}'.",
    )


async def delete_project(work: UnitOfWork, name: str) -> Project:
    """Delete a project.

    Raises: Refusal: for example, if the project has live or archived toggles, or API tokens.
    """
    project = find(work.snapshot.projects, name, kind="project")
    refuse_if_built_in(f"Project '{name}'", built_in=project.built_in)
    toggles = toggles_where(work.snapshot, lambda toggle: toggle.project == name, archived=True)
    tokens = sorted(
        (token for token in work.snapshot.tokens.values() if name in token.projects),
        key=lambda token: token.name,
    )
    refuse_if_used(
        f"Project '{display(name)}'", {"toggle": toggles, "API token": tokens}, path=("name",)
    )
    return delete_object(
        work, project, EventType.PROJECT_DELETED, summary=f"Deleted project '{display(name)}'."
    )


def _check_fields(fields: ProjectFields, problems: Problems) -> None:
    check_line(
        fields.title or "",
        what="The title",
        path=("title",),
        problems=problems,
        max_length=MAX_TITLE_LENGTH,
    )
    check_description(fields.description or "", path=("description",), problems=problems)
