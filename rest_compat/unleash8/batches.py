"""Export toggles with their settings in one environment, and import such exports."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from rest_compat.http.errors import MAX_VIOLATIONS, BadDataError, Detail, RestError
from rest_compat.http.operation import Answer
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash8.batch_exporting import BatchExportJson, batch_export_json
from rest_compat.unleash8.bodies import LooseString, read_body
from rest_compat.unleash8.errors import body_path, refusal_form
from rest_compat.unleash8.import_warnings import WARNING_HEADERS, report_warnings
from rest_compat.unleash8.validating import Body
from store import Snapshot
from store.errors import Path, Problems, Refusal, format_path
from store.model import Toggle
from store.operations.strings import display
from store.transfer.recognizing import document_of
from store.transfer.unleash.batch import BatchTarget, is_batch_export
from store.transfer.unleash.context import items_of
from store.transfer.unleash.document import UnleashDocument
from store.transfer.unleash.importing import UnleashResult, import_unleash
from store.unit_of_work import UnitOfWork

_form = refusal_form()


def _bad_data(refusal: Refusal) -> RestError:
    """Return 400 for all refusals of a document, because all are about the body."""
    form = _form(refusal)
    return form if isinstance(form, BadDataError) else BadDataError(*form.details)


routes = RouteTable("admin: import and export", refusal_form=_bad_data)

_BATCH = "/api/admin/features-batch"
_DATA = ("data",)
_EXAMPLE: dict[str, Any] = {
    "project": "default",
    "environment": "production",
    "data": {
        "features": [{"name": "gift-wrapping-paper", "type": "release", "project": "default"}],
        "featureEnvironments": [
            {
                "name": "gift-wrapping-paper",
                "featureName": "gift-wrapping-paper",
                "environment": "production",
                "enabled": True,
                "variants": [],
            }
        ],
        "featureStrategies": [{"name": "default", "featureName": "gift-wrapping-paper"}],
        "contextFields": [],
        "featureTags": [],
        "segments": [],
        "tagTypes": [],
        "dependencies": [],
        "links": [],
    },
}


class ExportQueryBody(Body):
    """The environment, and the toggles by their names, by a tag or by their project.

    `tag` is the value of a tag, or the type and the value separated by a colon. Without any of
    them, or with an empty list of names, all toggles are exported.
    """

    environment: LooseString
    features: list[str] | None = None
    tag: LooseString | None = None
    project: LooseString | None = None


class ImportBody(Body):
    """A batch export, and the project and the environment into which it is imported."""

    project: LooseString
    environment: LooseString
    data: dict[str, Any]


class ImportItemJson(Struct, kw_only=True, rename="camel"):
    """A sentence about the import, and the items of the export that it is about."""

    message: str
    affected_items: Sequence[str]


class ImportReportJson(Struct, kw_only=True):
    """The errors that prevent an import, and the warnings.

    No permissions are missing, because an admin token may import everything.
    """

    errors: Sequence[ImportItemJson]
    warnings: Sequence[ImportItemJson]
    permissions: Sequence[ImportItemJson] = ()


@routes.route(
    "POST",
    f"{_BATCH}/export",
    id="exportFeatures",
    body=ExportQueryBody,
    example={"environment": "production", "features": ["checkout-one-page"]},
    answers={200: Answer("The export.", BatchExportJson)},
    errors=(BadDataError,),
)
async def export(request: Request) -> Response:
    """Export toggles with their settings in one environment.

    The export contains the names of the segments that the toggles use, but not their constraints.
    Archived toggles cannot be exported.
    """
    body = await read_body(request, ExportQueryBody)
    snapshot = request.snapshot
    _check_environment(snapshot, body.environment)
    toggles = _chosen(snapshot, body)

    def write() -> Response:
        return json_response(batch_export_json(snapshot, toggles, body.environment))

    # A thread writes the export, because an installation can have many toggles.
    return await asyncio.to_thread(write)


@routes.route(
    "POST",
    f"{_BATCH}/validate",
    id="validateImport",
    body=ImportBody,
    example=_EXAMPLE,
    answers={200: ImportReportJson},
    errors=(BadDataError,),
)
async def validate(request: Request) -> Response:
    """Report the errors and the warnings that the import of a batch export would have.

    Nothing is imported.
    """
    try:
        result = await _import(request, dry_run=True)
    except Refusal as refusal:
        errors = [
            ImportItemJson(message=error.message, affected_items=_affected(error.path))
            for error in refusal.errors[:MAX_VIOLATIONS]
        ]
        return json_response(ImportReportJson(errors=errors, warnings=()))
    warnings = [
        ImportItemJson(message=warning.message, affected_items=_affected(warning.path))
        for warning in result.warnings
    ]
    return json_response(ImportReportJson(errors=(), warnings=warnings))


@routes.route(
    "POST",
    f"{_BATCH}/import",
    id="importToggles",
    body=ImportBody,
    example=_EXAMPLE,
    answers={
        200: Answer("The export is imported; the response has no body.", headers=WARNING_HEADERS)
    },
    errors=(BadDataError,),
)
async def import_batch(request: Request) -> Response:
    """Import a batch export into a project and an environment.

    Existing toggles of the project are overwritten. If the export is invalid, nothing is imported.
    A segment must exist here if a toggle uses it, because the export does not contain its
    constraints. The header `X-Flagstaff-Warnings` lists the items that were left out.
    """
    result = await _import(request, dry_run=False)
    return Response(200, headers=report_warnings(result))


async def _import(request: Request, *, dry_run: bool) -> UnleashResult:
    """Import the export in the body of a request. On a dry run, nothing is stored.

    Raises: Refusal: the export cannot be imported; BadDataError: the body is not an import.
    """
    body = await read_body(request, ImportBody)
    _check_environment(request.snapshot, body.environment)
    if body.project not in request.snapshot.projects:
        message = f"No project is named '{display(body.project)}'."
        raise BadDataError(Detail(message, body_path(("project",))))
    if not is_batch_export(body.data):
        message = (
            "The data is not a batch export. It must have the keys 'features' and 'contextFields', "
            "and no 'version'. Import other documents with POST /api/admin/state/import."
        )
        raise BadDataError(Detail(message, body_path(_DATA)))
    target = BatchTarget(body.environment, body.project)
    document = await asyncio.to_thread(document_of, body.data, target=target, path=_DATA)
    assert isinstance(document, UnleashDocument)

    async def prepare(work: UnitOfWork) -> UnleashResult:
        _check_projects(work.snapshot, document, body.project)
        return await import_unleash(work, document, path=_DATA)

    actor = request.principal.actor
    return await request.store.write_prepared(actor, prepare, dry_run=dry_run)


def _chosen(snapshot: Snapshot, body: ExportQueryBody) -> Sequence[Toggle]:
    """Return the live toggles to export. As in 8.2, a tag precedes names, and names a project.

    Raises: BadDataError: a toggle or the project does not exist. The error lists all unknown names.
    """
    if body.tag is not None:
        tag = body.tag
        return [
            toggle
            for toggle in snapshot.live_toggles
            if any(tag in (each.value, f"{each.type}:{each.value}") for each in toggle.tags)
        ]
    if body.features:
        return _named(snapshot, body.features)
    if body.project is None:
        return snapshot.live_toggles
    if body.project not in snapshot.projects:
        message = f"No project is named '{display(body.project)}'."
        raise BadDataError(Detail(message, body_path(("project",))))
    return [toggle for toggle in snapshot.live_toggles if toggle.project == body.project]


def _named(snapshot: Snapshot, names: Iterable[str]) -> Sequence[Toggle]:
    found: dict[str, Toggle] = {}
    problems: list[Detail] = []
    for at, name in enumerate(names):
        toggle = snapshot.toggles.get(name)
        path = body_path(("features", str(at)))
        if toggle is None:
            problems.append(Detail(f"No toggle is named '{display(name)}'.", path))
        elif toggle.archived:
            problems.append(Detail(f"Toggle '{name}' is archived.", path))
        else:
            found[name] = toggle
    if problems:
        raise BadDataError(*problems[:MAX_VIOLATIONS])
    return list(found.values())


def _check_environment(snapshot: Snapshot, name: str) -> None:
    if name not in snapshot.environments:
        message = f"No environment is named '{display(name)}'."
        raise BadDataError(Detail(message, body_path(("environment",))))


def _check_projects(snapshot: Snapshot, document: UnleashDocument, project: str) -> None:
    """Check that no toggle of the export exists in another project.

    Raises: Refusal: the error lists these toggles.
    """
    problems = Problems()
    for at, entry in enumerate(items_of(document.state.features)):
        toggle = snapshot.toggles.get(entry.name)
        if toggle is not None and toggle.project != project:
            problems.invalid(
                f"Toggle '{toggle.name}' belongs to project '{display(toggle.project)}'; an import "
                f"into project '{display(project)}' cannot change it.",
                rule="toggle-project",
                path=(*_DATA, "features", str(at), "name"),
            )
    problems.raise_any()


def _affected(path: Path) -> Sequence[str]:
    return [format_path(path)] if path else []
