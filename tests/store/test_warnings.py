"""The warnings about risks of changes."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from store import Store
from store.events import EventType, SubjectKind
from store.model import SYSTEM
from store.operations.context_fields import create_context_field, update_context_field
from store.operations.dependencies import set_dependencies
from store.operations.environments import create_environment
from store.operations.fields import ContextFieldFields, SegmentFields, ToggleFields
from store.operations.inputs import StrategySpec
from store.operations.segments import create_segment, update_segment
from store.operations.strategies import create_strategy
from store.operations.toggle_environments import configure_toggle, set_enabled
from store.operations.toggles import (
    archive_toggle,
    create_toggle,
    delete_toggle,
    revive_toggle,
    update_toggle,
)
from store.unit_of_work import UnitOfWork
from store.usage.summary import UsageSummary, Use
from store.values import Constraint, Dependency, LegalValue, Variant
from store.warnings import WarningCode, applications_concerned, warnings_of
from tests.store.operations.conftest import beginning

# One kind of database is enough, because nothing is stored.
__all__ = ["beginning"]

HALVES = (Variant("x", 500), Variant("y", 500))
OTHERWISE_STICKY = (Variant("x", 500, stickiness="random"), HALVES[1])
ONE_SIDED = (Variant("x", 900), Variant("y", 100))


@pytest_asyncio.fixture(loop_scope="module")
async def work(store: Store) -> AsyncIterator[UnitOfWork]:
    """A unit of work that is never committed, with a toggle and a dependent toggle."""
    async with store.write(SYSTEM, dry_run=True) as work:
        await create_toggle(work, name="a", enabled=True)
        await create_toggle(work, name="child")
        yield work


def used(
    work: UnitOfWork,
    name: str,
    application: str,
    *,
    hours_ago: float = 1,
    environment: str = "default",
) -> UsageSummary:
    """A usage summary with one use."""
    at = work.now - timedelta(hours=hours_ago)
    summary = UsageSummary()
    summary.apply([Use(name, environment, application, at, at, at, None)])
    return summary


def warned(
    work: UnitOfWork,
    usage: UsageSummary | None = None,
    implemented: Mapping[str, Collection[str]] | None = None,
) -> list[tuple[WarningCode, str]]:
    """The warnings of the last change."""
    found = warnings_of(
        work.events[-1],
        snapshot=work.snapshot,
        usage=usage or UsageSummary(),
        now=work.now,
        implemented=implemented,
    )
    return [(warning.code, warning.message) for warning in found]


def concerned(
    work: UnitOfWork,
    usage: UsageSummary | None = None,
    implemented: Mapping[str, Collection[str]] | None = None,
) -> list[Sequence[tuple[SubjectKind, str]]]:
    """Return the objects that the warnings of the last change are about."""
    found = warnings_of(
        work.events[-1],
        snapshot=work.snapshot,
        usage=usage or UsageSummary(),
        now=work.now,
        implemented=implemented,
    )
    return [warning.subjects for warning in found]


# ------------------------------------------------------------------ no effect


async def test_a_change_that_made_no_event_has_no_effect(work: UnitOfWork):
    (warning,) = warnings_of(
        None, snapshot=work.snapshot, usage=UsageSummary(), now=work.now, implemented={}
    )

    assert warning.code is WarningCode.NO_EFFECT


async def test_a_change_that_made_an_event_nevertheless_has_no_effect(work: UnitOfWork):
    await set_enabled(work, "a", enabled=True, record_always=True)

    assert warned(work) == [(WarningCode.NO_EFFECT, "'a' is already in the requested state.")]


async def test_what_is_created_or_set_apart_is_no_risk(work: UnitOfWork):
    work.record(
        EventType.CHANGE_SET_APPLIED,
        subject_kind=SubjectKind.CHANGE_SET,
        subject_key="k",
        subject_name="n",
        summary=".",
    )
    assert warned(work, used(work, "a", "shop")) == []

    await create_environment(work, name="prod")
    assert warned(work) == []


# ------------------------------------------------------------------ still in use


async def test_archiving_a_toggle_that_is_requested(work: UnitOfWork):
    await archive_toggle(work, "a")

    assert warned(work, used(work, "a", "shop", hours_ago=23)) == [
        (
            WarningCode.STILL_IN_USE,
            "Toggle 'a' was requested within the last 24 hours by 'shop'.",
        )
    ]
    assert warned(work, used(work, "a", "shop", hours_ago=24)) == []
    assert warned(work, used(work, "b", "shop")) == []


async def test_deleting_a_toggle_that_is_requested(work: UnitOfWork):
    await archive_toggle(work, "a")
    await delete_toggle(work, "a")

    assert [code for code, _ in warned(work, used(work, "a", "shop"))] == [WarningCode.STILL_IN_USE]


async def test_many_applications_are_counted(work: UnitOfWork):
    await archive_toggle(work, "a")
    summary = used(work, "a", "app0")
    at = work.now
    summary.apply([Use("a", "default", f"app{number}", at, at, at, None) for number in range(5)])

    ((_, message),) = warned(work, summary)

    assert message.endswith("by 'app0', 'app1', 'app2' and 2 more.")
    assert concerned(work, summary) == [
        tuple((SubjectKind.APPLICATION, f"app{number}") for number in range(5))
    ]


async def test_at_most_ten_subjects_are_named(work: UnitOfWork):
    await archive_toggle(work, "a")
    at, summary = work.now, UsageSummary()
    summary.apply([Use("a", "default", f"app{number}", at, at, at, None) for number in range(12)])

    ((*names,),) = ([name for _, name in subjects] for subjects in concerned(work, summary))

    assert names == sorted(f"app{number}" for number in range(12))[:10]


async def test_what_leaves_a_toggle_in_service_is_no_risk_to_its_users(work: UnitOfWork):
    await update_toggle(work, "a", ToggleFields(description="x"))
    assert warned(work, used(work, "a", "shop")) == []

    await archive_toggle(work, "a")
    await revive_toggle(work, "a")
    assert warned(work, used(work, "a", "shop")) == []


# ------------------------------------------------------------------ dependents


@pytest.mark.parametrize(
    "change",
    [
        lambda work: archive_toggle(work, "a"),
        lambda work: set_enabled(work, "a", enabled=False),
    ],
)
async def test_what_others_depend_on(work: UnitOfWork, change: Any):
    await set_dependencies(work, "child", [Dependency("a")])

    await change(work)

    assert warned(work) == [
        (WarningCode.HAS_DEPENDENTS, "Other toggles depend on toggle 'a': 'child'.")
    ]
    assert concerned(work) == [((SubjectKind.TOGGLE, "child"),)]


async def test_other_changes_of_what_others_depend_on_are_no_risk(work: UnitOfWork):
    await set_dependencies(work, "child", [Dependency("a")])
    assert warned(work) == []

    await configure_toggle(work, "a", strategies=[])
    assert warned(work) == []

    await archive_toggle(work, "child")
    await archive_toggle(work, "a")
    assert warned(work) == []


# ------------------------------------------------------------------ strategies


async def test_a_strategy_that_is_not_defined(work: UnitOfWork):
    odd = [StrategySpec(name="odd")]
    await configure_toggle(work, "a", strategies=odd, allow_unknown=True)
    assert warned(work) == [(WarningCode.UNKNOWN_STRATEGY, "No strategy is named 'odd'.")]

    await set_enabled(work, "a", enabled=False)
    assert warned(work) == []

    await create_strategy(work, name="odd")
    await create_toggle(work, name="b", strategies=odd)
    assert warned(work) == []


async def test_a_strategy_that_an_application_does_not_implement(work: UnitOfWork):
    usage = used(work, "a", "shop")
    implemented = {"shop": ["default"], "web": ["default"]}
    await create_strategy(work, name="mine")

    await configure_toggle(
        work, "a", strategies=[StrategySpec(name="default"), StrategySpec(name="mine")]
    )

    assert warned(work, usage, implemented) == [
        (
            WarningCode.STRATEGY_NOT_IMPLEMENTED,
            "Some applications that use toggle 'a' do not implement strategy 'mine': 'shop'.",
        )
    ]
    assert warned(work, usage, {"shop": ["default", "mine"]}) == []
    assert warned(work, usage, {"shop": []}) == []
    assert warned(work, used(work, "a", "shop", environment="prod"), implemented) == []
    assert applications_concerned(work.events, usage) == {"shop"}


# ------------------------------------------------------------------ variants


@pytest.mark.parametrize(
    ("enabled", "before", "after", "codes"),
    [
        (True, HALVES, ONE_SIDED, [WarningCode.VARIANTS_REDISTRIBUTED]),
        (True, HALVES, HALVES[::-1], [WarningCode.VARIANTS_REDISTRIBUTED]),
        (
            True,
            HALVES,
            OTHERWISE_STICKY,
            [WarningCode.VARIANTS_REDISTRIBUTED],
        ),
        (False, HALVES, ONE_SIDED, []),
        (True, (), HALVES, []),
        (True, HALVES, (), []),
    ],
)
async def test_variants_of_a_toggle_that_is_on(
    work: UnitOfWork,
    enabled: bool,
    before: tuple[Variant, ...],
    after: tuple[Variant, ...],
    codes: list[WarningCode],
):
    await configure_toggle(work, "a", enabled=enabled, variants=before)

    await configure_toggle(work, "a", variants=after)

    assert [code for code, _ in warned(work)] == codes


@pytest.mark.parametrize(
    ("after", "codes"),
    [
        (StrategySpec(name="default", variants=ONE_SIDED), [WarningCode.VARIANTS_REDISTRIBUTED]),
        (
            StrategySpec(name="default", variants=HALVES, parameters={"groupId": "other"}),
            [WarningCode.VARIANTS_REDISTRIBUTED],
        ),
        (StrategySpec(name="default", variants=HALVES, title="x"), []),
        (StrategySpec(name="userWithId", variants=ONE_SIDED), []),
    ],
)
async def test_variants_of_a_strategy(
    work: UnitOfWork, after: StrategySpec, codes: list[WarningCode]
):
    await configure_toggle(work, "a", strategies=[StrategySpec(name="default", variants=HALVES)])

    await configure_toggle(work, "a", strategies=[after])

    assert [code for code, _ in warned(work)] == codes


# ------------------------------------------------------------------ legal values


@pytest_asyncio.fixture(loop_scope="module")
async def legal(work: UnitOfWork) -> UnitOfWork:
    """A unit of work with a context field that has two legal values."""
    await create_context_field(
        work,
        name="plan",
        fields=ContextFieldFields(legal_values=(LegalValue("free"), LegalValue("paid"))),
    )
    return work


def by_plan(*values: str, operator: str = "IN") -> StrategySpec:
    return StrategySpec(name="default", constraints=(Constraint("plan", operator, values),))


async def test_a_value_that_is_not_legal(legal: UnitOfWork):
    await configure_toggle(legal, "a", strategies=[by_plan("free", "gold")])
    assert warned(legal) == [
        (WarningCode.ILLEGAL_VALUE, "Context field 'plan' does not have the legal values 'gold'.")
    ]
    assert concerned(legal) == [((SubjectKind.CONTEXT_FIELD, "plan"),)]

    await set_enabled(legal, "a", enabled=False)
    assert warned(legal) == []


@pytest.mark.parametrize(
    "spec",
    [
        by_plan("free", "paid"),
        by_plan("fr", operator="STR_STARTS_WITH"),
        StrategySpec(name="default", constraints=(Constraint("other", "IN", ("gold",)),)),
        # A context field without legal values.
        StrategySpec(name="default", constraints=(Constraint("appName", "IN", ("gold",)),)),
    ],
)
async def test_values_that_are_legal_or_free(legal: UnitOfWork, spec: StrategySpec):
    await configure_toggle(legal, "a", strategies=[spec])

    assert warned(legal) == []


async def test_a_value_of_a_segment_that_is_not_legal(legal: UnitOfWork):
    gold = Constraint("plan", "NOT_IN", ("gold",))
    segment = await create_segment(legal, name="beta", fields=SegmentFields(constraints=(gold,)))
    assert [code for code, _ in warned(legal)] == [WarningCode.ILLEGAL_VALUE]

    await update_segment(legal, segment.id, SegmentFields(description="x"))
    assert warned(legal) == []


async def test_values_in_use_that_are_legal_no_more(legal: UnitOfWork):
    await configure_toggle(legal, "a", strategies=[by_plan("free", "gold")])
    await create_segment(
        legal, name="beta", fields=SegmentFields(constraints=(Constraint("plan", "IN", ("paid",)),))
    )

    await update_context_field(
        legal, "plan", ContextFieldFields(legal_values=(LegalValue("other"),))
    )

    assert warned(legal) == [
        (
            WarningCode.ILLEGAL_VALUE,
            (
                "Constraints use values of context field 'plan' that are no longer legal: "
                "'free' and 'paid'."
            ),
        )
    ]
    assert concerned(legal) == [((SubjectKind.SEGMENT, "beta"), (SubjectKind.TOGGLE, "a"))]
