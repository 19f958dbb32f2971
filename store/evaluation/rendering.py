"""Render the decisions about all toggles as bytes, and cache the bytes of each decision."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import TypeAlias

from store.evaluation.context import Context
from store.evaluation.deciding import Decider, Requirement, decide_index, deciders
from store.evaluation.slicing import limit_evaluation, map_in_slices
from store.evaluation.toggles import Case, Decision, case_of, decide_case
from store.model import Toggle
from store.pacing import Turns
from store.snapshot import Snapshot

# A render function returns the bytes of a decision. If the result is b"", the toggle is omitted.
# The result depends only on the arguments.
Render: TypeAlias = Callable[[Toggle, Decision], bytes]

# A snapshot caches at most this many lists of rows. All tokens with the same environment and
# projects share a list.
MAX_LISTS = 100

# The items of a row are: the requirements of a toggle, the case, the bytes of each decision by
# index, the decider, and the toggle. The bytes are None until the decision occurs for the first
# time. `_render` then uses the decider and the toggle to render the bytes.
_Row: TypeAlias = tuple[
    Sequence[Requirement], Case, list[bytes | None], Decider | None, Toggle | None
]


async def render_decisions(
    snapshot: Snapshot,
    environment: str,
    projects: Sequence[str],
    context: Context,
    render: Render,
    turns: Turns,
) -> bytes:
    """Return the bytes of the decisions about all live toggles, ordered by name.

    The result contains only toggles of `projects`. If `projects` is empty, it contains toggles of
    all projects. If a decision is the same for all contexts, the function renders the decision once
    for each snapshot. `render` must be the same function in each call, because cache keys contain
    the function.

    Raises: EvaluationTimeoutError.
    """

    def render_row(row: _Row) -> bytes:
        # Do not unpack the row. Unpacking would read all values from memory, even unused values.
        requirements, rendered = row[0], row[2]
        if requirements:
            index = decide_index(requirements, row[1], context)
        else:
            index = decide_case(row[1], context)
        part = rendered[index]
        return _render(row, index, render) if part is None else part

    async with limit_evaluation():
        rows = await _rows(snapshot, environment, projects, render, turns)
        return b"".join(await map_in_slices(render_row, rows, turns))


class RowList:
    """A cached list of the rows of all toggles in some projects.

    The first evaluation builds the rows.
    """

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.rows: Sequence[_Row] | None = None


async def _rows(
    snapshot: Snapshot, environment: str, projects: Sequence[str], render: Render, turns: Turns
) -> Sequence[_Row]:
    lists: dict[object, RowList] = snapshot.memo.setdefault(RowList, {})
    key = (render, environment, projects)
    if key not in lists and len(lists) >= MAX_LISTS:
        lists.clear()
    found = lists.setdefault(key, RowList())
    if found.rows is None:
        async with found.lock:
            if found.rows is None:
                decide = deciders(snapshot, environment)
                toggles = [
                    toggle
                    for toggle in snapshot.live_toggles
                    if not projects or toggle.project in projects
                ]
                rows = await map_in_slices(
                    lambda toggle: _row(toggle, decide[toggle.name], render), toggles, turns
                )
                found.rows = list(_join_constants(rows))
    return found.rows


def _render(row: _Row, index: int, render: Render) -> bytes:
    """Render a decision that has occurred for the first time."""
    *_, rendered, decider, toggle = row
    assert decider is not None
    assert toggle is not None
    part = rendered[index] = render(toggle, decider.compiled.decisions[index])
    return part


def _row(toggle: Toggle, decider: Decider, render: Render) -> _Row | bytes:
    """Return the row of a toggle.

    If the decision is the same for all contexts, return the bytes of the decision instead.
    """
    compiled = decider.compiled
    if render not in compiled.cache:
        compiled.cache[render] = [None] * len(compiled.decisions)
    rendered: list[bytes | None] = compiled.cache[render]
    index = decider.constant
    if index is not None:
        part = rendered[index]
        if part is None:
            part = rendered[index] = render(toggle, compiled.decisions[index])
        return part
    return decider.requirements, compiled.case, rendered, decider, toggle


def _join_constants(rows: Iterable[_Row | bytes]) -> Iterable[_Row]:
    """Join adjacent bytes into one row, and omit empty bytes."""
    # Grouping by type calls no Python function for each row.
    for kind, group in groupby(rows, key=type):
        if kind is not bytes:
            yield from group  # pyright: ignore[reportReturnType] # none of them are bytes
        elif part := b"".join(group):  # pyright: ignore[reportArgumentType] # all of them are bytes
            yield (), case_of(0), [part], None, None
