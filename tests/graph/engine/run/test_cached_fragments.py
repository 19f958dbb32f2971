"""Cached fragments are found for the same object in the same state. The total size of all fragments
is limited.
"""

from operator import attrgetter
from types import SimpleNamespace
from typing import Any

import pytest

from graph.engine.run.cached_fragments import ENTRY_BYTES, Entry, Fragments, SelectionCache
from graph.engine.run.context import RequestContext
from graph.engine.run.reads import CurrentState
from store.model import SYSTEM
from store.operations.fields import ProjectFields, ToggleFields
from store.operations.projects import update_project
from store.operations.toggles import update_toggle
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation


class State:
    """A state with two parts, and a value `live` that changes independently of the state."""

    def __init__(self, **parts: Any) -> None:
        self.parts = {"one": {}, "other": {}, **parts}
        self.live = 0


class Request(RequestContext):
    """A request for a state. If `newest` is false, a newer state exists."""

    def __init__(self, state: State, *, newest: bool = True) -> None:
        self.cached_state = None
        self._state, self._newest = state, newest

    def newest_state(self) -> object:
        return self._state if self._newest else None

    def live_version(self) -> object:
        return self._state.live

    def part(self, name: str) -> object:
        return self._state.live if name == "live" else self._state.parts[name]


SUBJECT = SimpleNamespace(id="a")


@pytest.fixture
def fragments() -> Fragments:
    return Fragments(CurrentState(), max_bytes=10 * (ENTRY_BYTES + 100))


def cache_in(fragments: Fragments, *reads: str) -> SelectionCache:
    return SelectionCache(fragments, attrgetter("id"), frozenset(reads))


def request_for(fragments: Fragments, state: State, *, newest: bool = True) -> Request:
    request = Request(state, newest=newest)
    fragments.current.follow(request)
    return request


def fill(
    cache: SelectionCache, request: Request, subject: Any = SUBJECT, length: int = 100
) -> None:
    cache.find(subject, request)
    cache.add(subject, b"encoded", 7, length, request)


def test_a_fragment_is_found_for_the_same_object_alone(fragments: Fragments) -> None:
    cache, request = cache_in(fragments, "one"), request_for(fragments, State())
    fill(cache, request)

    assert cache.find(SUBJECT, request) == Entry(SUBJECT, b"encoded", 7, 100 + ENTRY_BYTES)
    assert cache.find(SimpleNamespace(id="a"), request) is None


def test_a_fragment_is_found_until_a_part_changes_that_it_read(fragments: Fragments) -> None:
    cache, before = cache_in(fragments, "one"), State()
    fill(cache, request_for(fragments, before))

    unrelated = request_for(fragments, State(one=before.parts["one"]))
    assert cache.find(SUBJECT, unrelated) is not None
    assert cache.find(SUBJECT, request_for(fragments, State())) is None


def test_a_fragment_is_found_until_the_live_part_changes(fragments: Fragments) -> None:
    cache, state = cache_in(fragments, "live"), State()
    unrelated = cache_in(fragments, "one")
    request = request_for(fragments, state)
    fill(cache, request)
    fill(unrelated, request)
    state.live += 1

    request = request_for(fragments, state)

    assert cache.find(SUBJECT, request) is None
    assert unrelated.find(SUBJECT, request) is not None


def test_what_was_read_while_the_live_part_changed_is_not_cached(fragments: Fragments) -> None:
    cache, state = cache_in(fragments, "live"), State()
    request = request_for(fragments, state)
    cache.find(SUBJECT, request)
    state.live += 1

    cache.add(SUBJECT, b"encoded", 7, 100, request)

    assert fragments.bytes == 0


def test_requests_on_another_state_neither_read_nor_write(fragments: Fragments) -> None:
    cache, state = cache_in(fragments), State()
    request = request_for(fragments, state)
    fill(cache, request)
    old = request_for(fragments, state, newest=False)
    fill(cache, old, SimpleNamespace(id="b"))
    overtaken, _ = request, request_for(fragments, State())

    assert cache.find(SUBJECT, old) is None
    assert cache.find(SUBJECT, overtaken) is None
    fill(cache, overtaken, SimpleNamespace(id="c"))
    assert fragments.bytes == ENTRY_BYTES + 100


def test_places_that_are_not_used_make_room_for_others(fragments: Fragments) -> None:
    used, unused = cache_in(fragments), cache_in(fragments)
    request = request_for(fragments, State())
    fill(used, request)
    fill(unused, request, SimpleNamespace(id="b"))
    for number in range(100):
        assert used.find(SUBJECT, request) is not None
        fill(cache_in(fragments), request, SimpleNamespace(id=number))
        assert fragments.bytes <= 10 * (ENTRY_BYTES + 100)

    assert unused.bytes == 0


def test_the_entry_of_an_object_replaces_that_of_the_object_before(fragments: Fragments) -> None:
    cache, request = cache_in(fragments), request_for(fragments, State())
    fill(cache, request)

    fill(cache, request, SimpleNamespace(id="a"), length=300)

    assert fragments.bytes == cache.bytes == ENTRY_BYTES + 300


def test_a_closed_place_caches_nothing(fragments: Fragments) -> None:
    cache, request = cache_in(fragments), request_for(fragments, State())
    fill(cache, request)

    cache.close()
    fill(cache, request)

    assert fragments.bytes == 0


# ----------------------------------------------------------------------------- in answers

LIST = """{ toggles { nodes {
  name description type { name } project { title } potentiallyStale environments { enabled }
} } }"""


async def test_after_a_change_only_the_changed_toggle_is_encoded_again(
    gateway: Gateway, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    await installation.toggles("a", "b", "c")
    added: list[str] = []
    add = SelectionCache.add

    def note(cache: SelectionCache, subject: Any, *rest: Any) -> None:
        added.append(subject.name)
        add(cache, subject, *rest)

    monkeypatch.setattr(SelectionCache, "add", note)
    for _ in range(2):
        await gateway.run(LIST)
    async with gateway.store.write(SYSTEM) as work:
        await update_toggle(work, "b", ToggleFields(description="new"))
    changed = await gateway.run(LIST)
    async with gateway.store.write(SYSTEM) as work:
        await update_project(work, "default", ProjectFields(title="renamed"))
    renamed = await gateway.run(LIST)

    assert added == ["a", "b", "c", "b", "a", "b", "c"]
    assert [node["description"] for node in changed["toggles"]["nodes"]] == ["", "new", ""]
    assert {node["project"]["title"] for node in renamed["toggles"]["nodes"]} == {"renamed"}
