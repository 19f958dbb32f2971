"""Search the audit log, with the filters and events of Unleash 8."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from msgspec import Struct

from rest_compat.http.errors import BadDataError
from rest_compat.http.models import Count
from rest_compat.http.operation import Parameter
from rest_compat.http.refusals import UnavailableError
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash3.event_document import NOBODY, EventFieldsJson, today_fields
from rest_compat.unleash3.events import BOOKKEEPING
from rest_compat.unleash8.query_filters import (
    DAY_HELP,
    MAX_OFFSET,
    NAMES_HELP,
    day_of,
    number,
    page_parameters,
    parameters_of,
    values_of,
)
from store.events import Event
from store.events_log import EventFilter, count_events, events_at
from store.model import ANONYMOUS

routes = RouteTable("admin: events")

_LIMIT = 50
_MAX_LIMIT = 1_000
# Numbers with more digits are not looked up, because they are 64-bit integers.
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_DAY = timedelta(days=1)

# Each filter with a description and an example.
_FILTERS = {
    "id": ("Return only the events with these IDs.", "IS_ANY_OF:1,2"),
    "groupId": ("Return only the events of these change sets.", "IS:01J9Z3S8VJ6Z0000000000000K"),
    "feature": ("Return only events of toggles with these names.", "IS:checkout-one-page"),
    "project": ("Return only events of these projects.", "IS:default"),
    "environment": ("Return only events in these environments.", "IS:production"),
    "type": ("Return only events of these types.", "IS_ANY_OF:feature-created,feature-tagged"),
    "createdBy": ("Return only changes by tokens with these names.", "IS:schedule"),
}
_DAYS = {
    "from": ("Return only events on this day and later.", "IS:2026-01-31"),
    "to": ("Return only events on this day and earlier.", "IS:2099-01-31"),
}


class FoundEventJson(EventFieldsJson, kw_only=True, rename="camel"):
    """A change, with a sentence about the change and the ID of its change set."""

    summary: str
    group_type: Literal["transaction"] | None
    group_id: str | None


class FoundEventsJson(Struct, kw_only=True):
    """A page of changes, and the number of changes on all pages."""

    events: Sequence[FoundEventJson]
    total: Count


@routes.route(
    "GET",
    "/api/admin/search/events",
    id="searchEvents",
    parameters=(
        Parameter(
            "query",
            "Return only events whose summary, or whose object's or token's name, contains this "
            "text.",
            str,
            example="checkout",
        ),
        *(
            Parameter(name, f"{text} {help}", str, example=example)
            for filters, help in ((_FILTERS, NAMES_HELP), (_DAYS, DAY_HELP))
            for name, (text, example) in filters.items()
        ),
        *page_parameters(_LIMIT, _MAX_LIMIT),
    ),
    answers={200: FoundEventsJson},
    errors=(BadDataError, UnavailableError),
)
async def search_events(request: Request) -> Response:
    """Search the audit log, newest events first.

    All given filters must match. Events have the types and the data of Unleash 8 in all
    environments, also in `default`.
    """
    values = parameters_of(request, ("query", *_FILTERS, *_DAYS, "limit", "offset"))
    limit = number(values, "limit", least=1, most=_MAX_LIMIT, default=_LIMIT)
    offset = number(values, "offset", least=0, most=MAX_OFFSET, default=0)
    filter = _filter(values)
    async with request.store.read() as session:
        total = await count_events(session, filter)
        events = await events_at(session, filter, offset=offset, limit=limit)
    # A thread converts the events, because each event may contain a body of maximum size.
    return await asyncio.to_thread(_answer, events, total)


def _filter(values: Mapping[str, Sequence[str]]) -> EventFilter:
    numbers = values_of(values, "id", _NUMBER)
    actors = values_of(values, "createdBy")
    if actors is not None and NOBODY in actors:
        actors |= {ANONYMOUS.name}
    return EventFilter(
        except_wire_types=BOOKKEEPING,
        numbers=None if numbers is None else frozenset(map(int, numbers)),
        change_sets=values_of(values, "groupId"),
        toggles=values_of(values, "feature"),
        projects=values_of(values, "project"),
        environments=values_of(values, "environment"),
        wire_types=values_of(values, "type"),
        actors=actors,
        created_from=day_of(values, "from"),
        created_to=_day_after(day_of(values, "to")),
        search=values.get("query", [""])[-1],
    )


def _day_after(day: datetime | None) -> datetime | None:
    """Return the beginning of the next day, or None after the last day that exists."""
    return None if day is None or day.date() == date.max else day + _DAY


def _answer(events: Sequence[Event], total: int) -> Response:
    return json_response(FoundEventsJson(events=[*map(_found, events)], total=total))


def _found(event: Event) -> FoundEventJson:
    return FoundEventJson(
        **today_fields(event),
        summary=event.summary,
        group_type=None if event.change_set_id is None else "transaction",
        group_id=event.change_set_id,
    )
