"""Segments: list, read, create, update, delete."""

from http import HTTPStatus

from pydantic import Field

from rest_compat.http.errors import BadDataError
from rest_compat.http.operation import Answer, path_parameter
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash8.bodies import ConstraintBody, LooseString, read_body
from rest_compat.unleash8.errors import ConflictError, MissingError, NameExistsError, refusal_form
from rest_compat.unleash8.lookup import segment_of
from rest_compat.unleash8.models import SegmentJson, SegmentsJson, segment_json
from rest_compat.unleash8.rules import check_segment
from rest_compat.unleash8.validating import Body
from store.constraints.checking import compile_patterns
from store.operations.fields import SegmentFields
from store.operations.limits import MAX_ITEMS
from store.operations.segments import create_segment, delete_segment, update_segment
from store.values import Constraint

routes = RouteTable("admin: segments", refusal_form=refusal_form())

_SEGMENTS = "/api/admin/segments"
_SEGMENT = f"{_SEGMENTS}/:segment"
_SEGMENT_ID = path_parameter("segment", "The ID of the segment.", "1")


class SegmentBody(Body):
    """A segment. An omitted description is unchanged."""

    name: LooseString
    description: LooseString | None = None
    constraints: list[ConstraintBody] = Field(max_length=MAX_ITEMS)

    def stored_constraints(self) -> tuple[Constraint, ...]:
        """Return the constraints to store."""
        return tuple(constraint.constraint() for constraint in self.constraints)


@routes.route("GET", _SEGMENTS, id="getSegments", answers={200: SegmentsJson})
async def list_segments(request: Request) -> Response:
    """List all segments, sorted by name.

    A segment is a list of constraints that strategies share.
    """
    segments = sorted(request.snapshot.segments.values(), key=lambda segment: segment.name)
    return json_response(SegmentsJson(segments=[segment_json(segment) for segment in segments]))


@routes.route(
    "GET",
    _SEGMENT,
    id="getSegment",
    parameters=(_SEGMENT_ID,),
    answers={200: SegmentJson},
    errors=(BadDataError, MissingError),
)
async def get_segment(request: Request) -> Response:
    """Read one segment.

    The ID of a segment is an integer.
    """
    return json_response(segment_json(segment_of(request.snapshot, request)))


@routes.route(
    "POST",
    _SEGMENTS,
    id="createSegment",
    body=SegmentBody,
    example={
        "name": "employees",
        "description": "Everybody who works here.",
        "constraints": [
            {"contextName": "email", "operator": "STR_ENDS_WITH", "values": ["@shop.example.com"]}
        ],
    },
    answers={201: Answer("The new segment.", SegmentJson)},
    errors=(BadDataError, NameExistsError),
)
async def create(request: Request) -> Response:
    """Create a segment.

    Strategies refer to the segment by its ID.
    """
    body = await read_body(request, SegmentBody)
    constraints = body.stored_constraints()
    await compile_patterns(constraints)
    async with request.store.write(request.principal.actor) as work:
        check_segment(work.snapshot, constraints)
        segment = await create_segment(
            work,
            name=body.name,
            fields=body.store_fields(SegmentFields, constraints=constraints),
            allow_unknown=True,
        )
    response = json_response(segment_json(segment), status=HTTPStatus.CREATED)
    response.headers.append((b"location", b"segments/%d" % segment.id))
    return response


@routes.route(
    "PUT",
    _SEGMENT,
    id="updateSegment",
    parameters=(_SEGMENT_ID,),
    body=SegmentBody,
    example={
        "name": "beta-testers",
        "description": "Customers who try new things.",
        "constraints": [{"contextName": "userId", "operator": "IN", "values": ["7", "42", "99"]}],
    },
    answers={204: "Done."},
    errors=(BadDataError, MissingError, NameExistsError),
)
async def update(request: Request) -> Response:
    """Change a segment.

    An omitted description is unchanged.
    """
    body = await read_body(request, SegmentBody)
    constraints = body.stored_constraints()
    await compile_patterns(constraints)
    async with request.store.write(request.principal.actor) as work:
        segment = segment_of(work.snapshot, request)
        check_segment(work.snapshot, constraints)
        await update_segment(
            work,
            segment.id,
            body.store_fields(SegmentFields, constraints=constraints),
            name=body.name,
            allow_unknown=True,
        )
    return Response(HTTPStatus.NO_CONTENT)


@routes.route(
    "DELETE",
    _SEGMENT,
    id="removeSegment",
    parameters=(_SEGMENT_ID.with_example("2"),),
    answers={204: "Done."},
    errors=(BadDataError, MissingError, ConflictError),
)
async def delete(request: Request) -> Response:
    """Delete a segment that no strategy uses.

    A segment that a strategy uses cannot be deleted.
    """
    async with request.store.write(request.principal.actor) as work:
        await delete_segment(work, segment_of(work.snapshot, request).id)
    return Response(HTTPStatus.NO_CONTENT)
