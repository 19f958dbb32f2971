"""Cached answers equal the answers of graphql-core, after any changes and usage reports."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from graph.context import USAGE
from graph.engine.errors import MAX_ERRORS
from graph.engine.run.executor import CompilingExecutor
from graph.engine.run.fields import ContextualField
from graph.engine.run.pacing import PacedExecutor
from graph.engine.run.reads import CLOCK, VIEWER, reads_with
from graph.ids import encode_id
from graph.schema import schema
from store import Store
from store.model import SYSTEM
from store.operations.dependencies import set_dependencies
from store.operations.environments import update_environment
from store.operations.fields import EnvironmentFields, ProjectFields, StrategyFields, ToggleFields
from store.operations.projects import update_project
from store.operations.segments import update_segment
from store.operations.strategies import update_strategy
from store.operations.tags import change_tags
from store.operations.toggles import archive_toggle, create_toggle, update_toggle
from store.values import Dependency, Tag
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.generated_operations import Generator
from tests.graph.installation import Installation
from tests.graph.test_declared_reads import declaring_fields

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOGGLES = [f"toggle-{number}" for number in range(6)]
EXAMPLES, MANY_EXAMPLES, WATCHED_EXAMPLES = 200, 1_000, 400
PARTS = 3  # of the examples with `--every-row`; processes run them at the same time


async def fill(store: Store) -> None:
    """Create toggles of all kinds, with usage."""
    installation = Installation(store)
    await installation.rich_toggles(*TOGGLES)
    await installation.archive(TOGGLES[-1])
    async with store.write(SYSTEM) as work:
        await set_dependencies(work, TOGGLES[1], [Dependency(TOGGLES[0])])
        await update_toggle(work, TOGGLES[2], stale=True)
    await installation.register("shop", "default", "byWeather", instance_id="one")
    await installation.use("shop", *TOGGLES[:3], "unknown-name", instance_id="one")
    await installation.use("shop", TOGGLES[0], environment="production", ago=timedelta(days=2))
    await installation.aggregate()


@pytest.fixture(scope="module")
def prepared_database(furnished_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """The databases that the tests begin with."""
    return filled(furnished_database, fill)


@contextmanager
def without_caches() -> Iterator[None]:
    """Let graphql-core complete all values."""
    schema.execution_context_class = PacedExecutor
    try:
        yield
    finally:
        schema.execution_context_class = CompilingExecutor


async def answer(gateway: Gateway, text: str, variables: Any, token: str) -> tuple[int, bytes]:
    for _ in range(5):
        response: httpx.Response = await gateway.post(text, variables, token=token)
        if response.status_code != 503:  # on a busy machine, the database may answer too late
            return response.status_code, response.content
    raise TimeoutError


async def compare(gateway: Gateway, text: str, variables: Any, token: str = "admin") -> bytes:
    """Check that answers are the same with empty, filled and no caches. Return an answer."""
    # The second request stores a plan, so the third request reads cached values.
    cached_answers = [await answer(gateway, text, variables, token) for _ in range(3)]
    with without_caches():
        usual = await answer(gateway, text, variables, token)
    assert b"INTERNAL_SERVER_ERROR" not in usual[1], (text, variables, usual)
    for cached in cached_answers:
        assert cached[0] == usual[0], (text, variables, cached, usual)
        if b'"errors"' in usual[1] and b'"data"' in usual[1]:
            check_errors(orjson.loads(cached[1]), orjson.loads(usual[1]))
        else:
            assert cached[1] == usual[1], (text, variables)
    return usual[1]


def check_errors(cached: Any, usual: Any) -> None:
    """Check that two answers with errors are the same.

    Several failing fields may make the same value null. The first failure cancels fields that wait
    for the database. The reported errors therefore depend on time: each answer reports at least one
    error for each such value, and errors of the same field are equal.
    """
    assert cached["data"] == usual["data"]
    if len(usual["errors"]) == MAX_ERRORS == len(cached["errors"]):
        return  # answers contain only the first errors
    found, expected = (
        {tuple(error.get("path", ())): error for error in of["errors"]} for of in (cached, usual)
    )
    for path in found.keys() & expected.keys():
        assert found[path] == expected[path], (cached, usual)
    found_nulls, expected_nulls = (
        {nulled_by(usual["data"], error) for error in errors.values()}
        for errors in (found, expected)
    )
    assert found_nulls == expected_nulls, (cached, usual)


def nulled_by(data: Any, error: Any) -> tuple[Any, ...]:
    """Return the path of the value that is null because of an error."""
    path = error.get("path", [])
    for length, key in enumerate(path):
        if data is None:
            return tuple(path[:length])
        data = data[key]
    return tuple(path)


def values_of_arguments(store: Store) -> dict[str, list[Any]]:
    """The values that generated operations use, by the name or the type of an argument."""
    snapshot = store.snapshot
    toggle = snapshot.toggles[TOGGLES[0]]
    strategy = toggle.in_environment("default").strategies[0]
    ids = [
        encode_id("Toggle", toggle.id),
        encode_id("ToggleEnvironment", f"{toggle.id}/production"),
        encode_id("ToggleStrategy", f"{toggle.id}/default/{strategy.id}"),
        encode_id("Environment", "production"),
        encode_id("Project", "default"),
        encode_id("Strategy", "flexibleRollout"),
        encode_id("Segment", 1),
        encode_id("Application", "shop"),
        encode_id("ToggleType", "release"),
        encode_id("Event", 3),
        "no id",
    ]
    names = [*TOGGLES, "default", "production", "shop", "flexibleRollout", "unknown"]
    return {
        "name": names,
        "names": names,
        "first": [0, 1, 3, 3, 50, 50, 50, 501],
        "last": [1, 2],
        "after": [None, None, None, None, "no cursor"],
        "before": [None],
        "environment": ["default", "production", "unknown"],
        "environments": ["default", "production"],
        "applications": ["shop"],
        "segments": [encode_id("Segment", 1)],
        "types": ["release", "TOGGLE_CREATED"],
        "projects": ["default"],
        "search": ["toggle", "3", "nothing"],
        "hoursBack": [1, 24, 0],
        "seenWithinHours": [1, 24],
        "String": ["default", "toggle", "simple"],
        "ID": ids,
        "Int": [0, 1, 7],
        "Boolean": [True, False],
        "Float": [0.5],
        "DateTime": ["2020-01-01T00:00:00Z", "2100-01-01T00:00:00Z"],
        "BigInt": [1],
        "JSON": [{}],
    }


# --------------------------------------------------------------------------------------- changes


async def _describe(store: Store, random: Random) -> None:
    async with store.write(SYSTEM) as work:
        fields = ToggleFields(description=f"new {random.randint(0, 99)}")
        await update_toggle(work, random.choice(TOGGLES[:5]), fields)


async def _switch(store: Store, random: Random) -> None:
    environment = random.choice(("default", "production"))
    await Installation(store).switch(
        random.choice(TOGGLES[:5]), environment, on=random.random() < 0.5
    )


async def _tag(store: Store, random: Random) -> None:
    async with store.write(SYSTEM) as work:
        tag = Tag("simple", f"tag {random.randint(0, 5)}")
        await change_tags(work, random.choice(TOGGLES[:5]), add=[tag])


async def _mark(store: Store, random: Random) -> None:
    async with store.write(SYSTEM) as work:
        await update_toggle(work, random.choice(TOGGLES[:5]), stale=random.random() < 0.5)


async def _create(store: Store, random: Random) -> None:
    name = f"more-{random.randint(0, 9_999)}"
    if name not in store.snapshot.toggles:
        async with store.write(SYSTEM) as work:
            await create_toggle(work, name=name)
            await archive_toggle(work, name)


async def _rename_project(store: Store, random: Random) -> None:
    async with store.write(SYSTEM) as work:
        await update_project(work, "default", ProjectFields(title=f"t {random.randint(0, 99)}"))


async def _rename_segment(store: Store, random: Random) -> None:
    async with store.write(SYSTEM) as work:
        await update_segment(work, 1, name=f"segment {random.randint(0, 99)}")


async def _rename_strategy(store: Store, random: Random) -> None:
    async with store.write(SYSTEM) as work:
        fields = StrategyFields(title=f"s {random.randint(0, 99)}")
        await update_strategy(work, "byWeather", fields)


async def _move_environment(store: Store, random: Random) -> None:
    async with store.write(SYSTEM) as work:
        fields = EnvironmentFields(sort_order=random.randint(0, 9))
        await update_environment(work, "production", fields)


async def _depend(store: Store, random: Random) -> None:
    async with store.write(SYSTEM) as work:
        required = [Dependency(TOGGLES[random.choice((0, 3))])]
        await set_dependencies(work, TOGGLES[1], required)


async def _use(store: Store, random: Random) -> None:
    installation = Installation(store)
    environment = random.choice(("default", "production"))
    await installation.use("shop", random.choice(TOGGLES), environment=environment)
    await installation.aggregate()


CHANGES: list[Callable[[Store, Random], Awaitable[None]]] = [
    *(_describe, _switch, _tag, _mark, _create, _rename_project, _rename_segment),
    *(_rename_strategy, _move_environment, _depend, _use),
]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "part" in metafunc.fixturenames:
        parts = PARTS if metafunc.config.getoption("--every-row") else 1
        metafunc.parametrize("part", range(parts))


@pytest.mark.thorough
async def test_generated_operations_have_the_answers_of_graphql_core(
    shared_gateway: Gateway, pytestconfig: pytest.Config, part: int
) -> None:
    examples = MANY_EXAMPLES if pytestconfig.getoption("--every-row") else EXAMPLES
    gateway, store = shared_gateway, shared_gateway.store
    runner = asyncio.get_running_loop()
    answered = 0

    async def run(random: Random) -> None:
        nonlocal answered
        generator = Generator(schema.graphql, random, values_of_arguments(store))
        text, token = generator.operation(), random.choice(("admin", "viewer"))
        first = await compare(gateway, text, generator.variables, token)
        await random.choice(CHANGES)(store, random)
        await compare(gateway, text, generator.variables, token)
        answered += b'"errors"' not in first

    @seed(part)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(random=st.randoms(use_true_random=True))
    def generate(random: Random) -> None:
        asyncio.run_coroutine_threadsafe(run(random), runner).result()

    # hypothesis runs in a thread, and the store runs on this loop.
    await asyncio.to_thread(generate)

    assert answered > examples / 2


# -------------------------------------------------------------------------- declarations


# A snapshot derives these attributes from its mappings.
DERIVED = {
    "archived_toggles": "toggles",
    "dependents": "toggles",
    "environments_in_order": "environments",
    "live_toggles": "toggles",
    "segments_by_name": "segments",
}
# The name of a toggle never changes, so reading it from the mapping needs no declaration.
NAMED = {f"ToggleEnvironment.last{kind}At" for kind in ("Seen", "Yes", "No")}


class Watched:
    """Replaces an object, and records the attributes that are read."""

    def __init__(self, watched: Any, read: Callable[[str], Any]) -> None:
        self._watched, self._read = watched, read

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._watched, name)
        return self._read(name) or value


def watched_context(context: Any, found: set[str]) -> Any:
    """Return a replacement for a request's context. The replacement records the parts that are
    read.
    """

    def of_snapshot(name: str) -> None:
        found.add(DERIVED.get(name, name))

    def of_store(name: str) -> Any:
        if name == "usage":
            found.add(USAGE)

    def of_context(name: str) -> Any:
        match name:
            case "snapshot":
                return Watched(context.snapshot, of_snapshot)
            case "store":
                return Watched(context.store, of_store)
            case "now":
                found.add(CLOCK)
            case "principal" | "sees_secrets" | "headers":
                found.add(VIEWER)
            case "toggle_of_id":
                found.add("toggles_by_id")
            case "segment_of_id":
                found.add("segments")
            case _:
                pass
        return None

    return Watched(context, of_context)


@pytest.mark.thorough
async def test_contextual_fields_read_nothing_that_they_do_not_declare(
    shared_gateway: Gateway, without_cached_values: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: dict[str, set[str]] = {}

    def watch(name: str, field: ContextualField) -> None:
        derivation = field.contextual_derivation

        def derive(root: Any, context: Any) -> Any:
            found = read.setdefault(name, set())
            return derivation(root, watched_context(context, found))

        monkeypatch.setattr(field, "contextual_derivation", derive)

    declared: dict[str, set[str]] = {}
    for name, field in declaring_fields():
        if isinstance(field, ContextualField) and field.reads is not None:
            declared[name] = set(reads_with(field.reads, {}) or ())
            watch(name, field)
    for number in range(WATCHED_EXAMPLES):
        random = Random(number)
        generator = Generator(schema.graphql, random, values_of_arguments(shared_gateway.store))
        await shared_gateway.post(generator.operation(), generator.variables)

    undeclared = {
        name: found - declared[name] - ({"toggles_by_id"} if name in NAMED else set())
        for name, found in read.items()
    }
    assert {name: found for name, found in undeclared.items() if found} == {}
    assert len(read) > len(declared) / 2
