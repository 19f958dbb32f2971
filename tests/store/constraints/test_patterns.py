"""Regular expressions are compiled once, in a thread, and their size is limited."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio

from store import Store
from store.constraints import patterns
from store.constraints.checking import check_constraint, compile_patterns
from store.constraints.patterns import (
    LargePatternError,
    PatternError,
    check_pattern,
    compile_pattern,
)
from store.errors import Refusal
from store.operations.fields import SegmentFields, ToggleFields
from store.operations.inputs import StrategySpec
from store.operations.replacing import replace_toggle
from store.operations.segments import create_segment, update_segment
from store.operations.toggle_environments import (
    add_toggle_strategy,
    configure_toggle,
    update_toggle_strategy,
)
from store.operations.toggles import create_toggle
from store.transfer.document import FORMAT
from store.transfer.importing import import_state
from store.transfer.unleash.checking import unleash_document_of
from store.transfer.unleash.importing import import_unleash
from store.unit_of_work import UnitOfWork
from store.values import Constraint
from tests.patterns import LARGE, note_compiled, only_in_threads
from tests.store.operations.doing import carry_out, noted, refused, summed_up
from tests.store.transfer.documents import document_of

PATTERN = "^[a-z]+$"
SENT = {"contextName": "userId", "operator": "REGEX", "value": PATTERN}


def constraint(pattern: str, **more: Any) -> Constraint:
    return Constraint("userId", "REGEX", value=pattern, **more)


def strategy(pattern: str) -> StrategySpec:
    return StrategySpec(name="default", constraints=(constraint(pattern),))


async def _create(work: UnitOfWork, pattern: str) -> None:
    await create_toggle(work, name="new", strategies=(strategy(pattern),), allow_unknown=True)


async def _configure(work: UnitOfWork, pattern: str) -> None:
    await configure_toggle(work, "one", strategies=(strategy(pattern),), allow_unknown=True)


async def _add(work: UnitOfWork, pattern: str) -> None:
    await add_toggle_strategy(work, "one", strategy=strategy(pattern), allow_unknown=True)


async def _update(work: UnitOfWork, pattern: str) -> None:
    toggle = work.snapshot.toggles["one"]
    (there,) = toggle.in_environment("default").strategies
    await update_toggle_strategy(
        work,
        toggle_id=toggle.id,
        environment="default",
        strategy_id=there.id,
        constraints=(constraint(pattern),),
        allow_unknown=True,
    )


async def _replace(work: UnitOfWork, pattern: str) -> None:
    await replace_toggle(
        work,
        "one",
        ToggleFields(type="release", project="default"),
        stale=False,
        enabled=True,
        strategies=(strategy(pattern),),
        variants=(),
        allow_unknown=True,
    )


async def _create_segment(work: UnitOfWork, pattern: str) -> None:
    await create_segment(
        work,
        name="new",
        fields=SegmentFields(constraints=(constraint(pattern),)),
        allow_unknown=True,
    )


async def _update_segment(work: UnitOfWork, pattern: str) -> None:
    await update_segment(
        work, 1, SegmentFields(constraints=(constraint(pattern),)), allow_unknown=True
    )


async def _import(work: UnitOfWork, pattern: str) -> None:
    sent = SENT | {"value": pattern}
    strategies = [{"name": "default", "constraints": [sent]}]
    toggle = {"name": "new", "environments": [{"strategies": strategies}]}
    await import_state(work, document_of({"format": FORMAT, "version": 1, "toggles": [toggle]}))


async def _import_segment(work: UnitOfWork, pattern: str) -> None:
    segment = {"name": "new", "constraints": [SENT | {"value": pattern}]}
    await import_state(work, document_of({"format": FORMAT, "version": 1, "segments": [segment]}))


OPERATIONS = [
    _create,
    _configure,
    _add,
    _update,
    _replace,
    _create_segment,
    _update_segment,
    _import,
    _import_segment,
]


@pytest_asyncio.fixture(loop_scope="module")
async def filled(store: Store) -> Store:
    """A store with the toggle `one` and a segment."""
    await carry_out(store, create_toggle, name="one")
    await carry_out(store, create_segment, name="users")
    return store


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_operations_compile_in_a_thread_and_evaluating_not_again(
    filled: Store, operation: Callable[[UnitOfWork, str], Awaitable[None]]
) -> None:
    with note_compiled() as compiled:
        await carry_out(filled, operation, PATTERN)
        assert compile_pattern(PATTERN).found_in("abc")

    assert only_in_threads(compiled) == [PATTERN]


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_operations_refuse_patterns_that_are_too_large(
    filled: Store, operation: Callable[[UnitOfWork, str], Awaitable[None]]
) -> None:
    with note_compiled() as compiled:
        (error,) = await refused(filled, operation, LARGE)

    assert only_in_threads(compiled) == [LARGE]
    assert (error.code, summed_up([error])[0][0]) == ("INVALID", "constraint-regex-size")
    assert error.path[-1] == "value"
    assert error.message == (
        rf"The regular expression '{LARGE}' is too large: its program needs more than 2,000,000 "
        "bytes of memory."
    )


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_over_rest_patterns_that_cannot_be_read_are_stored(
    filled: Store, operation: Callable[[UnitOfWork, str], Awaitable[None]]
) -> None:
    await carry_out(filled, operation, "(")


async def test_a_3x_document_is_refused_for_a_large_pattern_and_compiles_in_a_thread(
    store: Store,
) -> None:
    def document(pattern: str) -> dict[str, Any]:
        strategies = [{"name": "default", "constraints": [SENT | {"value": pattern}]}]
        return {"version": 1, "features": [{"name": "new", "strategies": strategies}]}

    read = unleash_document_of(document(PATTERN))
    with note_compiled() as compiled:
        await carry_out(store, import_unleash, read)

    assert only_in_threads(compiled) == [PATTERN]
    with pytest.raises(Refusal, match="is too large") as caught:
        unleash_document_of(document(LARGE))
    assert summed_up([*caught.value.errors]) == [
        (
            "constraint-regex-size",
            ("features", "0", "strategies", "0", "constraints", "0", "value"),
        )
    ]


@pytest.mark.parametrize("allow_unknown", [False, True])
def test_case_insensitive_patterns_are_measured_as_such(allow_unknown: bool) -> None:
    # If case is ignored, `k` matches three characters.
    pattern = "(?:" + "k" * 35 + "){1000}"

    checked = [
        noted(check_constraint, item, allow_unknown=allow_unknown)
        for item in (constraint(pattern), constraint(pattern, case_insensitive=True))
    ]

    assert [[rule for rule, _ in item] for item in checked] == [[], ["constraint-regex-size"]]


def test_a_long_pattern_is_refused_without_compiling_it() -> None:
    with note_compiled() as compiled, pytest.raises(LargePatternError, match="1,001"):
        check_pattern("a" * 1_001)

    assert compiled == []


def test_a_large_pattern_that_is_stored_goes_on_matching() -> None:
    with note_compiled():
        with pytest.raises(LargePatternError):
            check_pattern(LARGE)
        stored = compile_pattern(LARGE)

        assert stored.too_large
        assert stored.found_in("a" * 300)
        assert not stored.found_in("a" * 299)
        # The pattern is refused although another constraint already uses it.
        with pytest.raises(LargePatternError):
            check_pattern(LARGE)


def test_a_pattern_is_compiled_once_for_each_way_of_comparing() -> None:
    with note_compiled() as compiled:
        check_pattern("a")
        sensitive, insensitive = (
            [compile_pattern("a", case_sensitive=item) for _ in range(2)] for item in (True, False)
        )
        for _ in range(2):
            check_pattern("a", case_sensitive=False)
            with pytest.raises(PatternError):
                check_pattern("(")

    assert [pattern for pattern, _ in compiled] == ["a", "a", "("]
    assert [item.found_in("A") for item in (*sensitive, *insensitive)] == [False, False, True, True]


def test_few_patterns_are_cached_and_those_in_use_never_compiled_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patterns, "MAX_COMPILED", 2)
    with note_compiled() as compiled:
        in_use = compile_pattern("0")
        for pattern in "1230":
            compile_pattern(pattern)
        compile_pattern("1")

        assert [pattern for pattern, _ in compiled] == ["0", "1", "2", "3", "1"]
        assert compile_pattern("0") is in_use


def test_large_programs_make_room_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    with note_compiled() as compiled:
        size = compile_pattern("a").size
        monkeypatch.setattr(patterns, "MAX_INSTRUCTIONS", 2 * size)
        for pattern in "bca":
            compile_pattern(pattern)

    assert [pattern for pattern, _ in compiled] == ["a", "b", "c", "a"]


def test_verdicts_are_forgotten_when_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "MAX_VERDICTS", 2)
    with note_compiled() as compiled:
        for pattern in ("(", "[", "*", "("):
            with pytest.raises(PatternError):
                check_pattern(pattern)

    assert len(compiled) == 4


async def test_half_a_character_is_no_pattern() -> None:
    await compile_patterns([constraint("\ud800")])

    with pytest.raises(PatternError, match="a lone surrogate"):
        check_pattern("\ud800")
