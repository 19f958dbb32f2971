"""The filters of the search for toggles."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from rest_compat.http.errors import BadDataError, Detail
from rest_compat.http.request import Request
from rest_compat.unleash8.query_filters import one_value_test, several_values_test, time_test
from store import Snapshot
from store.lifecycle import LifecycleStage, lifecycle_of
from store.lifetimes import expires_at
from store.model import Toggle
from store.operations.strings import display
from store.operations.uses import strategies_of

_CHOICES: Mapping[str, Sequence[str]] = {
    "state": ("active", "potentially-stale", "stale"),
    "lifecycle": tuple(LifecycleStage),
}


def filters_of(request: Request) -> Mapping[str, Callable[[str], Callable[[Toggle], bool]]]:
    """Return functions that convert the value of each filter to a test of toggles."""
    snapshot, usage, now = request.snapshot, request.store.usage, request.store.clock()
    one_value: Mapping[str, Callable[[Toggle], str]] = {
        "project": lambda toggle: toggle.project,
        "type": lambda toggle: toggle.type,
        "state": lambda toggle: _state(toggle, snapshot, now),
        "createdBy": lambda toggle: toggle.created_by.name if toggle.created_by else "",
        "lifecycle": lambda toggle: lifecycle_of(snapshot, usage, toggle).stage,
    }
    several: Mapping[str, Callable[[Toggle], set[str]]] = {
        "tag": lambda toggle: {f"{tag.type}:{tag.value}" for tag in toggle.tags},
        "segment": lambda toggle: segments_of(toggle, snapshot),
    }
    times: Mapping[str, Callable[[Toggle], datetime | None]] = {
        "createdAt": lambda toggle: toggle.created_at,
        "lastSeenAt": lambda toggle: usage.last_seen_at(toggle.name),
    }

    def by_value(name: str) -> Callable[[str], Callable[[Toggle], bool]]:
        def filter(sent: str) -> Callable[[Toggle], bool]:
            test = one_value_test(name, sent, _CHOICES.get(name, ()))
            return lambda toggle: test((one_value[name](toggle),))

        return filter

    def by_values(name: str) -> Callable[[str], Callable[[Toggle], bool]]:
        def filter(sent: str) -> Callable[[Toggle], bool]:
            test = several_values_test(name, sent)
            return lambda toggle: test(several[name](toggle))

        return filter

    def by_time(name: str) -> Callable[[str], Callable[[Toggle], bool]]:
        def filter(sent: str) -> Callable[[Toggle], bool]:
            test = time_test(name, sent)
            return lambda toggle: test(times[name](toggle))

        return filter

    return (
        {name: by_value(name) for name in one_value}
        | {name: by_values(name) for name in several}
        | {name: by_time(name) for name in times}
    )


def _state(toggle: Toggle, snapshot: Snapshot, now: datetime) -> str:
    if toggle.stale:
        return "stale"
    end = expires_at(snapshot, toggle)
    return "active" if end is None or end > now else "potentially-stale"


def segments_of(toggle: Toggle, snapshot: Snapshot) -> set[str]:
    """Return the names of the segments that the strategies of a toggle use."""
    return {
        snapshot.segments[id].name
        for strategy in strategies_of(toggle)
        for id in strategy.segments
        if id in snapshot.segments
    }


def text_test(sent: str) -> Callable[[Toggle], bool]:
    """Return the test that a toggle contains one of several words, separated by commas."""
    words = [word for word in (part.strip().lower() for part in sent.split(",")) if word]

    def test(toggle: Toggle) -> bool:
        tags = [f"{tag.type}:{tag.value}" for tag in toggle.tags]
        text = "\n".join((toggle.name, toggle.description or "", *tags)).lower()
        return any(word in text for word in words)

    return test


def status_test(snapshot: Snapshot, statuses: Sequence[str]) -> Callable[[Toggle], bool]:
    """Return the test that a toggle has one of several states, such as `production:enabled`.

    Raises: BadDataError: a state is malformed, or its environment does not exist.
    """
    wanted: list[tuple[str, bool]] = []
    for status in statuses:
        environment, _, state = status.rpartition(":")
        if environment not in snapshot.environments or state not in ("enabled", "disabled"):
            raise BadDataError(
                Detail(
                    "The parameter 'status' must look like ENVIRONMENT:enabled or "
                    f"ENVIRONMENT:disabled, not '{display(status)}'.",
                    "/query/status",
                )
            )
        wanted.append((environment, state == "enabled"))
    return lambda toggle: any(
        toggle.in_environment(environment).enabled is enabled for environment, enabled in wanted
    )
