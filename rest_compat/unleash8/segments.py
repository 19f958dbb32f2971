"""Segments: list, read, create, change, delete."""

from pydantic import Field

from rest_compat.http.bodies import Body
from rest_compat.http.request import Answer, Request, json_answer
from rest_compat.http.router import Route, Routes
from rest_compat.unleash8.bodies import ConstraintBody, Word, read
from rest_compat.unleash8.documents import segment_document
from rest_compat.unleash8.errors import refused
from rest_compat.unleash8.lookup import segment_of
from rest_compat.unleash8.rules import check_segment
from store.constraints.checking import compile_patterns
from store.operations.fields import SegmentFields
from store.operations.limits import MOST_ITEMS
from store.operations.segments import create_segment, delete_segment, update_segment
from store.values import Constraint


class SegmentBody(Body):
    """A segment; a description that is left out stays as it is."""

    name: Word
    description: Word | None = None
    constraints: list[ConstraintBody] = Field(max_length=MOST_ITEMS)

    def stored_constraints(self) -> tuple[Constraint, ...]:
        """What is stored of its constraints."""
        return tuple(it.constraint() for it in self.constraints)


async def list_segments(request: Request) -> Answer:
    """All segments, by name."""
    segments = sorted(request.snapshot.segments.values(), key=lambda it: it.name)
    return json_answer({"segments": [segment_document(it) for it in segments]})


async def get_segment(request: Request) -> Answer:
    """One segment."""
    return json_answer(segment_document(segment_of(request.snapshot, request)))


async def add_segment(request: Request) -> Answer:
    """The new segment."""
    body = await read(request, SegmentBody)
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
    answer = json_answer(segment_document(segment), status=201)
    answer.headers.append((b"location", b"segments/%d" % segment.id))
    return answer


async def change_segment(request: Request) -> Answer:
    """Nothing more; the segment is as the body says."""
    body = await read(request, SegmentBody)
    constraints = body.stored_constraints()
    await compile_patterns(constraints)
    async with request.store.write(request.principal.actor) as work:
        segment = segment_of(work.snapshot, request)
        check_segment(work.snapshot, constraints)
        await update_segment(
            work,
            segment.id,
            body.store_fields(SegmentFields, kept=("description",), constraints=constraints),
            name=body.name,
            allow_unknown=True,
        )
    return Answer(204)


async def remove_segment(request: Request) -> Answer:
    """Nothing more; the segment is gone."""
    async with request.store.write(request.principal.actor) as work:
        await delete_segment(work, segment_of(work.snapshot, request).id)
    return Answer(204)


ROUTES: Routes = {
    "/api/admin/segments": {
        "GET": Route(list_segments),
        "POST": Route(add_segment, refused()),
    },
    "/api/admin/segments/:segment": {
        "GET": Route(get_segment),
        "PUT": Route(change_segment, refused()),
        "DELETE": Route(remove_segment, refused()),
    },
}
