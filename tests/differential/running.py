"""Runs a sequence of calls and collects the differences."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from msgspec import Struct, field

from tests.differential.call import Call, Exchange
from tests.differential.comparing import TIME, Difference, differences
from tests.differential.declared import Diverges, rule_for, silent_rules_for
from tests.differential.sending import Pair
from tests.differential.sequence import preparing_calls
from tests.differential.servers import Laboratory

# The maximum numbers of printed characters: of a value, and of a whole answer.
_MAX_CHARACTERS = 600
_WRITTEN_OUT = 3000


class Finding(Struct, frozen=True):
    """A difference that is not listed. `start` is the number of the servers' first call."""

    exchange: Exchange
    difference: Difference
    start: int

    @property
    def kind(self) -> tuple[str, str, str]:
        """The key by which the report groups findings."""
        call, difference = self.exchange.call, self.difference
        forms = f"{_form(difference.unleash)} / {_form(difference.flagstaff)}"
        return f"{call.method} {call.operation}", difference.place, forms


class Run(Struct):
    """The result of a run.

    The run counts the occurrences of each listed difference, and collects unlisted differences.
    """

    calls: int = 0
    starts: int = 0
    statuses: Counter[int] = field(default_factory=Counter[int])
    listed: Counter[str] = field(default_factory=Counter[str])
    findings: list[Finding] = field(default_factory=list[Finding])
    displayed: list[str] = field(default_factory=list[str])

    def __str__(self) -> str:
        statuses = ", ".join(
            f"{statuse}: {count}" for statuse, count in sorted(self.statuses.items())
        )
        listed = ", ".join(f"{key}: {count}" for key, count in sorted(self.listed.items()))
        lines = [
            *self.displayed,
            f"{self.calls} calls on {self.starts} pairs of servers; Unleash answered {statuses}",
            f"listed differences: {listed or 'none'}",
        ]
        groups: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
        for finding in self.findings:
            groups[finding.kind].append(finding)
        for kind, members in sorted(groups.items()):
            lines += ["", f"{len(members)} x {' | '.join(kind)}", _readable(members[0])]
        lines += ["", f"{len(self.findings)} differences of {len(groups)} kinds are not listed"]
        return "\n".join(lines)


def run_calls(
    laboratory: Laboratory, calls: Sequence[Call], *, first: int = 1, show: int | None = None
) -> Run:
    """Send calls to pairs of servers. If the data of two servers may differ, start a new pair.

    Calls before the number `first` are left out. The call with the number `show` and all earlier
    calls to the same servers are printed in full.
    """
    run = Run()
    remaining = list(enumerate(calls, start=1))[first - 1 :]
    while remaining:
        with ExitStack() as stack:
            pair = Pair(stack.enter_context(laboratory.new_pair()))
            run.starts += 1
            start = remaining[0][0]
            sent: list[Exchange] = []
            for exchange in pair.exchanges(preparing_calls()):
                sent.append(exchange)
                _judge(run, exchange, start)
            diverged = Diverges.NOTHING
            while remaining and diverged is not Diverges.STATE:
                number, call = remaining[0]
                if diverged is Diverges.EVENTS and call.reads_events:
                    break
                sent.append(pair.exchange(number, call))
                del remaining[0]
                run.calls += 1
                run.statuses[sent[-1].unleash.status] += 1
                if number == show:
                    run.displayed += map(_written_out, sent)
                diverged = max(diverged, _judge(run, sent[-1], start))
    return run


def _judge(run: Run, exchange: Exchange, start: int) -> Diverges:
    """Record the differences of an exchange. Return the data that now differs."""
    diverged = Diverges.NOTHING
    found = differences(exchange)
    if found and found[0].place == "status" and rule_for(exchange, found[0]):
        # Answers with different statuses have different bodies.
        found = found[:1]
    for difference in found:
        rule = rule_for(exchange, difference)
        if rule is None:
            run.findings.append(Finding(exchange, difference, start))
            diverged = Diverges.STATE
        else:
            run.listed[rule.key] += 1
            diverged = max(diverged, rule.diverges)
    for rule in silent_rules_for(exchange):
        run.listed[rule.key] += 1
        diverged = max(diverged, rule.diverges)
    return diverged


def _form(value: Any) -> str:
    """A shortened value."""
    if isinstance(value, str) and TIME.fullmatch(value):
        return f"a time of {len(value)} characters"
    if isinstance(value, (dict, list)):
        return type(value).__name__ if value else "empty"
    return _short(value, 30)


def _short(value: Any, maximum: int = _MAX_CHARACTERS) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False)
    except TypeError:
        text = repr(value)
    return text if len(text) <= maximum else f"{text[:maximum]}…"


def _readable(finding: Finding) -> str:
    exchange, difference = finding.exchange, finding.difference
    call = exchange.call
    return "\n".join(
        [
            f"  call {exchange.number}, servers new at call {finding.start}",
            f"  request    {call.method} {call.path}",
            f"  body       {_short(call.displayed_body)}",
            f"  statuses   {exchange.unleash.status} / {exchange.flagstaff.status}",
            f"  Unleash    {_short(difference.unleash)}",
            f"  Flagstaff  {_short(difference.flagstaff)}",
        ]
    )


def _written_out(exchange: Exchange) -> str:
    call = exchange.call
    lines = [f"{exchange.number}: {call.method} {call.path} {call.displayed_body}"]
    lines += [
        f"    {answer.status} {answer.body.decode(errors='replace')[:_WRITTEN_OUT]}"
        for answer in (exchange.unleash, exchange.flagstaff)
    ]
    return "\n".join(lines)
