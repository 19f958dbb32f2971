"""Usage counts as they come in."""

from collections.abc import Collection

from graph.context import Context
from graph.engine.refusals import bad_user_input
from graph.engine.run.source_events import EndOfFeedError, SourceEvent, SourceEvents
from graph.filtering import texts

LONGEST_INTERVAL_S = 60


def push_ticks(
    context: Context,
    *,
    toggles: Collection[str] | None,
    environments: Collection[str] | None,
    interval_s: int,
) -> SourceEvents:
    """What comes in during each interval, as far as something does.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    if not 1 <= interval_s <= LONGEST_INTERVAL_S:
        raise bad_user_input(
            f"The argument intervalSeconds is {interval_s}; "
            f"it has to be from 1 to {LONGEST_INTERVAL_S}."
        )
    return _ticks(
        context, interval_s, texts(toggles, "toggles"), texts(environments, "environments")
    )


async def _ticks(
    context: Context,
    interval_s: int,
    toggles: Collection[str] | None,
    environments: Collection[str] | None,
) -> SourceEvents:
    watched = context.store.ticks.watch(
        interval_s=interval_s, toggles=toggles, environments=environments
    )
    async for tick in watched:
        yield SourceEvent(value=tick, state=context.store.snapshot)
    raise EndOfFeedError
