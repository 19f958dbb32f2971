"""The segments of a strategy of a toggle: list and replace."""

from collections.abc import Sequence
from http import HTTPStatus

from msgspec import Struct
from pydantic import Field

from rest_compat.http.errors import BadDataError, Detail
from rest_compat.http.operation import Answer, path_parameter
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash8.bodies import Integer, LooseString, read_body
from rest_compat.unleash8.errors import MissingError, refusal_form
from rest_compat.unleash8.models import SegmentsJson, segment_json
from rest_compat.unleash8.validating import Body
from store import Snapshot
from store.model import Toggle, ToggleStrategy
from store.operations.limits import MAX_ITEMS
from store.operations.strings import display
from store.operations.toggle_environments import update_toggle_strategy
from store.operations.uses import strategies_of

routes = RouteTable(
    "admin: segments", refusal_form=refusal_form(renamed={"segments": "segmentIds"})
)

_STRATEGIES = "/api/admin/segments/strategies"


class StrategySegmentsBody(Body):
    """A strategy, and the IDs of its segments."""

    project_id: LooseString
    environment_id: LooseString
    strategy_id: LooseString
    segment_ids: list[Integer] = Field(max_length=MAX_ITEMS)


class StrategySegmentsJson(Struct, kw_only=True, rename="camel"):
    """The strategy, and the IDs of its segments."""

    project_id: str
    environment_id: str
    strategy_id: str
    segment_ids: Sequence[int]


@routes.route(
    "GET",
    f"{_STRATEGIES}/:strategy",
    id="getSegmentsByStrategyId",
    parameters=(
        path_parameter(
            "strategy", "The ID of the strategy.", "b4c1f2a0-6b0e-4d6e-9f4a-2f7f0a5d1c11"
        ),
    ),
    answers={200: SegmentsJson},
)
async def list_segments(request: Request) -> Response:
    """List the segments of a strategy of a toggle, in the order of the strategy.

    The list is empty if no toggle has the strategy.
    """
    snapshot = request.snapshot
    found = _strategy_of(snapshot, request.parameters["strategy"])
    ids = found[1].segments if found else ()
    return json_response(
        SegmentsJson(
            segments=[segment_json(snapshot.segments[id]) for id in ids if id in snapshot.segments]
        )
    )


@routes.route(
    "POST",
    _STRATEGIES,
    id="updateFeatureStrategySegments",
    body=StrategySegmentsBody,
    example={
        "projectId": "default",
        "environmentId": "production",
        "strategyId": "0e5b7c31-9d2a-4c8f-b6e1-5a3f8d9c7b22",
        "segmentIds": [1],
    },
    answers={201: Answer("The strategy has these segments.", StrategySegmentsJson)},
    errors=(BadDataError, MissingError),
)
async def replace_segments(request: Request) -> Response:
    """Replace the segments of a strategy of a toggle.

    The project and the environment must be those of the strategy.
    """
    body = await read_body(request, StrategySegmentsBody)
    async with request.store.write(request.principal.actor) as work:
        found = _strategy_of(work.snapshot, body.strategy_id)
        if found is None or found[0].archived:
            raise MissingError(f"No strategy has the ID '{display(body.strategy_id)}'.")
        toggle, strategy = found
        _check_place(body, toggle, strategy)
        _, strategy = await update_toggle_strategy(
            work,
            toggle_id=toggle.id,
            environment=strategy.environment,
            strategy_id=strategy.id,
            segments=tuple(body.segment_ids),
        )
    changed = StrategySegmentsJson(
        project_id=toggle.project,
        environment_id=strategy.environment,
        strategy_id=strategy.id,
        segment_ids=strategy.segments,
    )
    response = json_response(changed, status=HTTPStatus.CREATED)
    response.headers.append((b"location", f"strategies/{strategy.id}".encode()))
    return response


def _strategy_of(snapshot: Snapshot, id: str) -> tuple[Toggle, ToggleStrategy] | None:
    for toggle in snapshot.toggles.values():
        for strategy in strategies_of(toggle):
            if strategy.id == id:
                return toggle, strategy
    return None


def _check_place(body: StrategySegmentsBody, toggle: Toggle, strategy: ToggleStrategy) -> None:
    problems = [
        Detail(f"The strategy belongs to {what} '{actual}', not to '{display(sent)}'.", path)
        for what, sent, actual, path in (
            ("project", body.project_id, toggle.project, "/body/projectId"),
            ("environment", body.environment_id, strategy.environment, "/body/environmentId"),
        )
        if sent != actual
    ]
    if problems:
        raise BadDataError(*problems)
