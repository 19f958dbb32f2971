"""Import the strategy definitions, context fields and projects of a state document."""

from msgspec import UNSET, structs

from store.errors import Refusal
from store.events import EventType
from store.model import Project
from store.operations.changing import delete_object, update_object
from store.operations.context_fields import create_context_field, update_context_field
from store.operations.fields import ContextFieldFields, ProjectFields, StrategyFields
from store.operations.projects import create_project
from store.operations.strategies import create_strategy, update_strategy
from store.operations.strings import display
from store.transfer.unleash.context import UnleashImport, items_of
from store.transfer.unleash.document import ContextFieldEntry, StrategyEntry
from store.transfer.unleash.exporting import project_form
from store.unit_of_work import UnitOfWork

# This dictionary maps the fields of a project in Flagstaff to the keys in 3.x.
_PROJECT_STEPS = {"name": "id", "title": "name"}


async def import_strategies(context: UnleashImport) -> None:
    """Create and overwrite strategy definitions; built-in strategies are unchanged."""
    work, entries = context.work, context.state.strategies
    if entries is UNSET:
        return
    if context.drop:
        context.begin_drop("strategies")
        for name, strategy in sorted(work.snapshot.strategies.items()):
            if not strategy.built_in:
                summary = f"Deleted strategy '{name}'."
                delete_object(work, strategy, EventType.STRATEGY_DELETED, summary=summary)
                context.show_as_part()
    for at, entry in enumerate(entries):
        if context.has_too_many_errors:
            return
        existing = work.snapshot.strategies.get(entry.name)
        if existing is not None and existing.built_in:
            context.leave_out(
                f"Strategy '{entry.name}' is built in, so it is not changed.", "strategies", str(at)
            )
        elif existing is None or not context.keep:
            try:
                await _import_strategy(context, at, entry)
            except Refusal as refusal:
                context.note(refusal, "strategies", str(at))


async def _import_strategy(context: UnleashImport, at: int, entry: StrategyEntry) -> None:
    work = context.work
    fields = StrategyFields(
        title=entry.title or UNSET,
        description=entry.description,
        parameters=tuple(parameter.parameter() for parameter in entry.parameters),
    )
    if entry.name not in work.snapshot.strategies:
        await create_strategy(work, name=entry.name, fields=fields, allow_unknown=True)
        work.show_as("strategy-import", context.sent("strategies", at))
        if entry.deprecated:
            await update_strategy(work, entry.name, StrategyFields(deprecated=True))
            context.show_as_part()
        return
    recorded = len(work.events)
    fields = structs.replace(fields, deprecated=entry.deprecated)
    await update_strategy(work, entry.name, fields, allow_unknown=True)
    if len(work.events) > recorded:
        work.show_as("strategy-import", context.sent("strategies", at))


async def import_context_fields(context: UnleashImport) -> None:
    """Create and overwrite context fields."""
    work = context.work
    for at, entry in enumerate(items_of(context.state.context_fields)):
        if context.has_too_many_errors:
            return
        if entry.name in work.snapshot.context_fields and context.keep:
            continue
        try:
            await _import_context_field(work, entry)
        except Refusal as refusal:
            context.note(refusal, "contextFields", str(at))


async def _import_context_field(work: UnitOfWork, entry: ContextFieldEntry) -> None:
    legal_values = entry.legal_values
    if legal_values is not UNSET:
        legal_values = tuple(value.legal_value() for value in legal_values or ())
    fields = ContextFieldFields(
        description=entry.description, legal_values=legal_values, stickiness=entry.stickiness
    )
    if entry.name not in work.snapshot.context_fields:
        await create_context_field(work, name=entry.name, fields=fields)
    sort_order = UNSET if entry.sort_order is None else entry.sort_order
    await update_context_field(work, entry.name, structs.replace(fields, sort_order=sort_order))


async def import_projects(context: UnleashImport) -> None:
    """Create projects; existing projects are unchanged."""
    work, entries = context.work, context.state.projects
    if entries is UNSET:
        return
    if context.drop:
        context.begin_drop("projects")
        _drop_projects(context)
    for at, entry in enumerate(entries):
        if context.has_too_many_errors:
            return
        existing = work.snapshot.projects.get(entry.id)
        if existing is not None and existing.declared:
            continue
        try:
            fields = ProjectFields(title=entry.name, description=entry.description or "")
            project = await create_project(work, name=entry.id, fields=fields)
        except Refusal as refusal:
            for error in refusal.errors:
                error.path = tuple(_PROJECT_STEPS.get(step, step) for step in error.path)
            context.note(refusal, "projects", str(at))
        else:
            work.show_as("project-import", project_form(project))


def _drop_projects(context: UnleashImport) -> None:
    """Delete the projects.

    If toggles or tokens name a project, the project becomes undeclared instead.
    """
    work = context.work
    used = {toggle.project for toggle in work.snapshot.toggles.values()}
    used.update(name for token in work.snapshot.tokens.values() for name in token.projects)
    for name, project in sorted(work.snapshot.projects.items()):
        if name not in used and not project.built_in:
            summary = f"Deleted project '{display(name)}'."
            delete_object(work, project, EventType.PROJECT_DELETED, summary=summary)
            context.show_as_part()
        elif project.declared:
            _undeclare(context, project)


def _undeclare(context: UnleashImport, project: Project) -> None:
    update_object(
        context.work,
        project,
        {"declared": False},
        EventType.PROJECT_UPDATED,
        summary=f"Project '{display(project.name)}' is no longer declared.",
    )
    context.show_as_part()
