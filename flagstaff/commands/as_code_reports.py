"""Format a plan as lines, as JSON, and as Markdown for pull requests."""

import json
from collections.abc import Iterator

from flagstaff.commands.as_code_plans import Plan
from flagstaff.commands.differences import Fate

_VERBS = {Fate.CREATED: "created", Fate.CHANGED: "changed", Fate.REMOVED: "removed"}
_EQUAL = "Nothing differs."


def as_lines(plan: Plan) -> Iterator[str]:
    """Yield a line for each object, and an indented line for each of its fields."""
    for difference in plan.differences:
        yield difference.line
        for field in difference.fields:
            yield f"    {field}"
    yield _summary(plan)


def as_json(plan: Plan, *, applied: str | None) -> str:
    """Return the plan as a JSON object. `applied` is the ID of the change set."""
    changes = [
        {"effect": _VERBS[one.fate], "object": one.name, "fields": list(one.fields)}
        for one in plan.differences
    ]
    content = {
        "equal": not changes,
        "revision": plan.revision,
        "changeSet": applied,
        "changes": changes,
    }
    return json.dumps(content, indent=2, ensure_ascii=False)


def as_markdown(plan: Plan) -> Iterator[str]:
    """Yield the lines of a report for a pull request."""
    yield "### Flags"
    yield ""
    yield _summary(plan)
    if plan.differences:
        lines = list(as_lines(plan))[:-1]
        # The fence is longer than all runs of backticks in names and values.
        longest = max(_longest_run(line) for line in lines)
        fence = "`" * max(3, longest + 1)
        yield ""
        yield f"{fence}diff"
        # GitHub colours lines that begin with +, - or !.
        yield from (f"!{line[1:]}" if line.startswith("~") else line for line in lines)
        yield fence


def _summary(plan: Plan) -> str:
    fates = [difference.fate for difference in plan.differences]
    counts = [f"{fates.count(fate):,} {_VERBS[fate]}" for fate in Fate if fate in fates]
    return f"{', '.join(counts)}." if counts else _EQUAL


def _longest_run(line: str) -> int:
    longest = run = 0
    for character in line:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return longest
