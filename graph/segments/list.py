"""The list of segments."""

from graph.context import Context
from graph.filtering import searching, where
from graph.paging import Connection, KeyString, Ordering, PageArguments, connect_list
from store.model import Segment
from store.paging import Key

_SEGMENTS = Ordering("segments", tuple[KeyString])


def connect_segments(
    context: Context, arguments: PageArguments, search: str | None
) -> Connection[Segment]:
    """Return a page of the segments, sorted by name.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    segments = sorted(context.snapshot.segments.values(), key=_segment_key)
    conditions = searching(search, _searched_fields)
    return connect_list(where(segments, conditions), arguments, _SEGMENTS, _segment_key)


def _searched_fields(segment: Segment) -> tuple[str | None, ...]:
    return (segment.name, segment.description)


def _segment_key(segment: Segment) -> Key:
    return (segment.name,)
