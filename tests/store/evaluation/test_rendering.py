"""Decisions about all toggles are rendered as bytes, which are cached for each decision."""

from collections.abc import Mapping
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from store import Snapshot
from store.evaluation import Context, Decision, deciders, render_decisions, rendering
from store.evaluation.payloads import context_of, snapshot_of
from store.model import DEFAULT_ENVIRONMENT, Toggle
from store.pacing import Turns
from store.snapshot import Configuration
from tests.store.evaluation import generating

CONTEXTS = 30
ANNA = context_of({"userId": "anna"})

rendered: list[str] = []


def render(toggle: Toggle, decision: Decision) -> bytes:
    """Render all parts of a decision; omit disabled toggles."""
    rendered.append(toggle.name)
    if decision.reason == "disabled":
        return b""
    variant = decision.variant.name if decision.variant else None
    strategy = decision.strategy.source.id if decision.strategy else None
    return f"{toggle.name} {decision.reason} {variant} {strategy};".encode()


async def decisions(
    snapshot: Snapshot, context: Context = ANNA, *, projects: tuple[str, ...] = ()
) -> bytes:
    return await render_decisions(snapshot, DEFAULT_ENVIRONMENT, projects, context, render, Turns())


def toggle(name: str, *strategies: str, enabled: bool = True) -> dict[str, Any]:
    return {
        "name": name,
        "enabled": enabled,
        "strategies": [{"name": each} for each in strategies],
    }


def in_projects(projects: Mapping[str, str]) -> Snapshot:
    """A snapshot of toggles. `projects` maps the name of each toggle to a project."""
    toggles = snapshot_of({"features": [toggle(name) for name in projects]}).toggles
    moved = {name: replace(each, project=projects[name]) for name, each in toggles.items()}
    return Snapshot(1, Configuration(toggles=moved))


@pytest.mark.parametrize("seed", range(5))
async def test_generated_toggles_are_rendered_as_they_are_decided(seed: int) -> None:
    random = Random(seed)
    snapshot = snapshot_of(generating.payload(random, toggles=150))
    decide = deciders(snapshot, DEFAULT_ENVIRONMENT)
    seen: set[bytes] = set()

    for _ in range(CONTEXTS):
        context = replace(context_of(generating.context(random)), chance=lambda: 0.37)
        expected = [
            render(toggle, decide[toggle.name](context)) for toggle in snapshot.live_toggles
        ]
        assert await decisions(snapshot, context) == b"".join(expected)
        seen.update(expected)

    assert len(seen) > 120


async def test_only_toggles_of_the_given_projects_are_rendered() -> None:
    snapshot = in_projects({f"t{number}": f"p{number % 3}" for number in range(6)})

    both = await decisions(snapshot, projects=("p0", "p2"))

    assert [part.split()[0] for part in both.split(b";")[:-1]] == [b"t0", b"t2", b"t3", b"t5"]
    assert len((await decisions(snapshot)).split(b";")) == 6 + 1
    assert await decisions(snapshot, projects=("p0", "p2")) == both


async def test_a_decision_is_rendered_once_until_the_toggle_changes() -> None:
    features = [toggle("constant"), toggle("off", enabled=False), toggle("by-id", "userWithId")]
    snapshot = snapshot_of({"features": features})
    rendered.clear()

    first = await decisions(snapshot)
    for _ in range(3):
        assert await decisions(snapshot) == first
    assert sorted(rendered) == ["by-id", "constant", "off"]

    changed = replace(snapshot.toggles["constant"], type="experiment")
    configuration = replace(
        snapshot.configuration, toggles={**snapshot.toggles, "constant": changed}
    )
    rendered.clear()
    assert await decisions(Snapshot(snapshot.revision + 1, configuration)) == first
    assert rendered == ["constant"]


async def test_a_snapshot_caches_a_limited_number_of_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "MAX_LISTS", 3)
    snapshot = in_projects({"a": "p1", "b": "p2"})

    for number in range(10):
        assert (await decisions(snapshot, projects=("p1", f"x{number}"))).startswith(b"a ")
        assert 1 <= sum(len(lists) for lists in lists_of(snapshot)) <= 3


def lists_of(snapshot: Snapshot) -> list[dict[object, object]]:
    return [value for key, value in snapshot.memo.items() if key is rendering.RowList]
