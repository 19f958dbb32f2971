"""The results of each field of the subscription type."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

import orjson
import pytest
import pytest_asyncio

from graph.app import create_operations
from graph.engine.run.config import GraphConfig
from graph.engine.run.request import GraphQLRequest
from graph.engine.run.streaming import RefusedOperationError, Streams
from graph.events import resuming
from store import Store
from store.changes import SlowSubscriberError
from store.event_matching import matches
from store.events import EventType, SubjectKind
from store.events_log import EventFilter, list_events
from store.identity import Principal
from store.model import ANONYMOUS, SYSTEM, ApiTokenType
from store.operations.change_sets import RequestedChange
from store.operations.fields import ToggleFields
from store.operations.projects import create_project
from store.operations.scheduling import cancel_change_set, schedule_changes
from store.operations.tag_types import create_tag_type
from store.operations.toggle_environments import set_enabled
from store.operations.toggles import archive_toggle, create_toggle, delete_toggle, update_toggle
from store.operations.tokens import create_token
from store.paging import Window
from store.unit_of_work import UnitOfWork
from tests.statements import counted_statements

pytestmark = pytest.mark.asyncio(loop_scope="module")

_numbers = count()
CHANGED = """subscription ($names: [String!], $environments: [String!]) {
  toggleChanged(names: $names, environments: $environments) {
    toggleId toggle { name description } event { type summary }
  }
}"""
EVENTS = """subscription ($filter: EventFilter, $after: String) {
  events(filter: $filter, after: $after) { cursor node { number type toggle { name } } }
}"""


@pytest.fixture(scope="module")
def shared_url(shared_url_on_each: str) -> str:
    """The shared database. Each test uses only the toggles or events that it creates."""
    return shared_url_on_each


class Subscribers:
    """Subscribes to one store without a transport."""

    def __init__(self, store: Store, type: ApiTokenType = ApiTokenType.ADMIN) -> None:
        config = GraphConfig()
        self._operations = create_operations(store, config)
        self._streams = Streams(self._operations, config)
        self._principal = Principal(ANONYMOUS, type, None, "default", ())

    @asynccontextmanager
    async def subscribe(self, text: str, **variables: Any) -> AsyncIterator[Any]:
        """Yield the results of a subscription. The subscription listens from the start of the
        context.
        """
        request = GraphQLRequest(text, variables)
        document = await self._operations.document_for(self._principal, request)
        results = await self._streams.open(self._principal, request, document)
        async with aclosing(results):
            first = asyncio.ensure_future(anext(results))
            await asyncio.sleep(0.01)
            try:
                yield _read(first, results)
            finally:
                first.cancel()
                await asyncio.gather(first, return_exceptions=True)


async def _read(first: Any, results: Any) -> AsyncIterator[Any]:
    yield orjson.loads(await first)
    async for result in results:
        yield orjson.loads(result)


async def take(results: Any, count: int) -> list[Any]:
    """Return the data of the next results."""
    taken: list[Any] = []
    async with asyncio.timeout(120):
        async for result in results:
            assert "errors" not in result, result
            taken.append(next(iter(result["data"].values())))
            if len(taken) == count:
                break
    return taken


@pytest_asyncio.fixture(loop_scope="module")
async def pair(shared_store: Store) -> tuple[str, str]:
    """The names of two new toggles."""
    number = next(_numbers)
    one, two = f"one-{number}", f"two-{number}"
    async with shared_store.write(SYSTEM) as work:
        for name in (one, two):
            await create_toggle(work, name=name)
    return one, two


async def test_a_toggle_comes_in_its_state_after_each_change(
    shared_store: Store, pair: tuple[str, str]
):
    one, two = pair
    async with Subscribers(shared_store).subscribe(CHANGED, names=[one]) as results:
        async with shared_store.write(SYSTEM) as work:
            await update_toggle(work, two, ToggleFields(description="not asked for"))
        for description in ("first", "second"):
            async with shared_store.write(SYSTEM) as work:
                await update_toggle(work, one, ToggleFields(description=description))
        async with shared_store.write(SYSTEM) as work:
            await set_enabled(work, one, environment="default", enabled=True)

        changes = await take(results, 3)

    assert [change["toggle"]["description"] for change in changes] == ["first", "second", "second"]
    assert [change["event"]["type"] for change in changes] == [
        "TOGGLE_UPDATED",
        "TOGGLE_UPDATED",
        "TOGGLE_ENABLED",
    ]


async def test_a_deleted_toggle_comes_without_its_object(
    shared_store: Store, pair: tuple[str, str]
):
    one, _ = pair
    async with shared_store.write(SYSTEM) as work:
        await archive_toggle(work, one)
    async with Subscribers(shared_store).subscribe(CHANGED, names=[one]) as results:
        async with shared_store.write(SYSTEM) as work:
            await delete_toggle(work, one)

        (change,) = await take(results, 1)

    assert change["toggle"] is None
    assert change["toggleId"]
    assert change["event"]["type"] == "TOGGLE_DELETED"


async def test_changes_of_other_environments_are_left_out(
    shared_store: Store, pair: tuple[str, str]
):
    one, _ = pair
    async with Subscribers(shared_store).subscribe(CHANGED, environments=["staging"]) as results:
        async with shared_store.write(SYSTEM) as work:
            await set_enabled(work, one, environment="default", enabled=True)
        async with shared_store.write(SYSTEM) as work:
            await update_toggle(work, one, ToggleFields(description="concerns all"))

        (change,) = await take(results, 1)

    assert change["event"]["type"] == "TOGGLE_UPDATED"


async def test_events_since_a_cursor_come_first_and_none_twice(
    shared_store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(resuming, "PAGE", 20)
    subscribers = Subscribers(shared_store)
    async with subscribers.subscribe(EVENTS) as results:
        async with shared_store.write(SYSTEM) as work:
            for number in range(45):
                await create_toggle(work, name=f"toggle.{number}")
        first = (await take(results, 1))[0]

    async with subscribers.subscribe(EVENTS, after=first["cursor"]) as results:
        missed = await take(results, 20)
        async with shared_store.write(SYSTEM) as work:
            await create_toggle(work, name="last")
        missed += await take(results, 25)

    assert missed[-1]["node"]["toggle"]["name"] == "last"
    numbers = [item["node"]["number"] for item in missed]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == 45


RESUMED = """subscription (
  $names: [String!], $projects: [String!], $environments: [String!], $after: String
) {
  toggleChanged(names: $names, projects: $projects, environments: $environments, after: $after) {
    cursor toggleId toggle { name description } event { number type }
  }
}"""


async def test_changes_since_a_cursor_come_first_and_none_twice(
    shared_store: Store, pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(resuming, "PAGE", 3)
    one, two = pair
    subscribers = Subscribers(shared_store)
    async with subscribers.subscribe(RESUMED, names=[one]) as results:
        async with shared_store.write(SYSTEM) as work:
            await update_toggle(work, one, ToggleFields(description="seen"))
        (seen,) = await take(results, 1)
    for number in range(7):
        async with shared_store.write(SYSTEM) as work:
            await update_toggle(work, one, ToggleFields(description=f"{number}"))
            await update_toggle(work, two, ToggleFields(description=f"{number}"))
            await create_tag_type(work, name=f"{one}-{number}")

    async with subscribers.subscribe(RESUMED, names=[one], after=seen["cursor"]) as results:
        missed = await take(results, 5)
        async with shared_store.write(SYSTEM) as work:
            await set_enabled(work, one, environment="default", enabled=True)
        missed += await take(results, 3)
    async with subscribers.subscribe(EVENTS, after=missed[-2]["cursor"]) as results:
        (event,) = await take(results, 1)

    numbers = [change["event"]["number"] for change in missed]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == 8
    assert [change["event"]["type"] for change in missed] == ["TOGGLE_UPDATED"] * 7 + [
        "TOGGLE_ENABLED"
    ]
    # Results about past changes contain the present state of the toggle.
    assert {change["toggle"]["description"] for change in missed} == {"6"}
    # Cursors of changes are also cursors of events.
    assert event["node"]["number"] > numbers[-2]


async def test_missed_changes_are_filtered_as_new_ones_are(
    shared_store: Store, pair: tuple[str, str]
):
    one, two = pair
    project = f"project-of-{one}"
    async with shared_store.write(SYSTEM) as work:
        await create_project(work, name=project)
    subscribers = Subscribers(shared_store)
    async with subscribers.subscribe(RESUMED, names=[two]) as results:
        async with shared_store.write(SYSTEM) as work:
            await update_toggle(work, two, ToggleFields(description="seen"))
        after = (await take(results, 1))[0]["cursor"]

    async def change() -> None:
        for fields in (
            ToggleFields(project=project),
            ToggleFields(description="inside"),
            ToggleFields(project="default"),
            ToggleFields(description="outside"),
        ):
            async with shared_store.write(SYSTEM) as work:
                await update_toggle(work, one, fields)
        async with shared_store.write(SYSTEM) as work:
            await set_enabled(work, one, environment="default", enabled=True)
            await update_toggle(work, two, ToggleFields(project=project))
            await set_enabled(work, two, environment="default", enabled=True)

    options = {"projects": [project], "environments": ["staging"]}
    async with subscribers.subscribe(RESUMED, **options) as results:
        await change()
        new = await take(results, 4)
    async with subscribers.subscribe(RESUMED, after=after, **options) as results:
        missed = await take(results, 4)

    assert [item["event"] for item in missed] == [item["event"] for item in new]
    assert [item["cursor"] for item in missed] == [item["cursor"] for item in new]
    assert [item["toggle"]["name"] for item in missed] == [one, one, one, two]


async def test_a_toggle_that_was_deleted_meanwhile_comes_without_its_object(
    shared_store: Store, pair: tuple[str, str]
):
    one, _ = pair
    subscribers = Subscribers(shared_store)
    async with subscribers.subscribe(RESUMED, names=[one]) as results:
        async with shared_store.write(SYSTEM) as work:
            await update_toggle(work, one, ToggleFields(description="seen"))
        (seen,) = await take(results, 1)
    async with shared_store.write(SYSTEM) as work:
        await archive_toggle(work, one)
        await delete_toggle(work, one)

    async with subscribers.subscribe(RESUMED, names=[one], after=seen["cursor"]) as results:
        missed = await take(results, 2)

    assert [change["toggle"] for change in missed] == [None, None]
    assert [change["event"]["type"] for change in missed] == ["TOGGLE_ARCHIVED", "TOGGLE_DELETED"]
    assert {change["toggleId"] for change in missed} == {seen["toggleId"]}


async def test_what_is_scheduled_is_announced(shared_store: Store, pair: tuple[str, str]):
    async def update(work: UnitOfWork) -> object:
        return await update_toggle(work, pair[0], ToggleFields(description="later"))

    change = RequestedChange(update, (), EventType.TOGGLE_UPDATED, SubjectKind.TOGGLE, pair[0])
    filter = {"types": ["CHANGE_SET_SCHEDULED", "CHANGE_SET_CANCELLED"]}
    now = shared_store.clock()
    async with Subscribers(shared_store).subscribe(EVENTS, filter=filter) as results:
        async with shared_store.write(SYSTEM) as work:
            at = now + timedelta(days=1)
            made = await schedule_changes(work, [change], [], apply_at=at, now=now)
        assert made.change_set is not None
        async with shared_store.write(SYSTEM) as work:
            await cancel_change_set(work, made.change_set.id)

        announced = await take(results, 2)

    assert [item["node"]["type"] for item in announced] == filter["types"]


async def test_events_are_filtered_alike_in_memory_and_in_the_log(
    shared_store: Store, pair: tuple[str, str]
):
    one, two = pair
    async with shared_store.write(SYSTEM) as work:
        await update_toggle(work, one, ToggleFields(description="Größe 100%"))
        await set_enabled(work, two, environment="default", enabled=True)
    async with shared_store.read() as session:
        everything = (await list_events(session, EventFilter(), Window(1_000))).items
        some = everything[1]
        for request in (
            EventFilter(types=[EventType.TOGGLE_CREATED]),
            EventFilter(except_types=[EventType.TOGGLE_CREATED]),
            EventFilter(toggles=[one], types=[EventType.TOGGLE_UPDATED]),
            EventFilter(environments=["default"]),
            EventFilter(environments=[None]),
            EventFilter(environments=[]),
            EventFilter(projects=["default"]),
            EventFilter(actors=["system"]),
            EventFilter(subjects=[(some.subject_kind, some.subject_key)]),
            EventFilter(numbers_from=some.number),
            EventFilter(created_from=some.created_at),
            EventFilter(created_to=some.created_at),
            EventFilter(revisions=[some.revision]),
            EventFilter(change_sets=["none"]),
            EventFilter(search=f"CREATED toggle '{one.upper()}'"),
            EventFilter(search="%"),
        ):
            found = (await list_events(session, request, Window(1_000))).items

            assert [item.number for item in everything if matches(request, item)] == [
                item.number for item in found
            ], request


async def test_who_subscribes_alike_shares_what_is_worked_out(
    shared_store: Store, pair: tuple[str, str]
):
    one, _ = pair
    document = "subscription { events { node { after } } }"
    subscribers = Subscribers(shared_store)
    async with (
        subscribers.subscribe(document) as first,
        subscribers.subscribe(document) as second,
        subscribers.subscribe(document) as third,
    ):
        with counted_statements() as statements:
            async with shared_store.write(SYSTEM) as work:
                await update_toggle(work, one, ToggleFields(description="new"))
            taken = [(await take(item, 1))[0] for item in (first, second, third)]

    assert [item["node"]["after"]["description"] for item in taken] == ["new"] * 3
    # The log and the documents of the event are each read once for all subscribers.
    assert len([statement for statement in statements if "event.after" in statement]) <= 1


async def test_a_subscriber_that_does_not_read_is_reported(
    shared_store: Store, pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch
):
    one, _ = pair
    changes = shared_store.changes
    monkeypatch.setattr(changes, "subscribe", partial(changes.subscribe, outbox=3))
    async with Subscribers(shared_store).subscribe(CHANGED) as results:
        for number in range(6):
            async with shared_store.write(SYSTEM) as work:
                await update_toggle(work, one, ToggleFields(description=f"{number}"))
        await asyncio.sleep(0.1)

        with pytest.raises(SlowSubscriberError):
            await take(results, 6)


@pytest.mark.parametrize("document", [EVENTS, RESUMED], ids=["events", "toggleChanged"])
@pytest.mark.parametrize("after", ["", "x", "WzEsImV2ZW50cyIsWzFdXQ"])
async def test_what_is_no_cursor_of_this_installation_is_refused(
    shared_store: Store, after: str, document: str
):
    with pytest.raises(RefusedOperationError) as refused:
        async with Subscribers(shared_store).subscribe(document, after=after):
            pass

    (error,) = refused.value.errors
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "of this installation" in error["message"]


async def test_a_viewer_is_not_shown_what_tokens_were(shared_store: Store):
    document = "subscription { events { node { type after } } }"
    async with (
        Subscribers(shared_store).subscribe(document) as admins,
        Subscribers(shared_store, ApiTokenType.VIEWER).subscribe(document) as viewers,
    ):
        async with shared_store.write(SYSTEM) as work:
            await create_token(work, name="secret", type=ApiTokenType.VIEWER)

        (seen,), (hidden,) = await take(admins, 1), await take(viewers, 1)

    assert seen["node"]["after"]["name"] == "secret"
    assert hidden["node"] == {"type": "API_TOKEN_CREATED", "after": None}
