"""Kill a server while a receiver of webhooks fails, hangs and recovers.

    python -m tests.faults.webhooks [--events 1000] [--kills 2] [--database sqlite|postgresql|all]

The receiver fails or hangs for a third of the events, and then recovers. The server is killed
(SIGKILL) and started again while it sends. The program exits with 1 if an event did not arrive, if
the events of a toggle arrived in another order, if a signature is wrong, or if the server sent to a
private address that no setting allows.
"""

import random
import sys
import tempfile
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from msgspec import Struct

from tests.faults.kills import DATABASES, empty_databases
from tests.receiver import Message, Receiver
from tests.server import TOKENS, ForkedServer
from tests.waiting import wait_until

TOGGLES = 20
# The number of events of one change set.
CHANGES_AT_ONCE = 50
# The receiver hangs for this number of requests, each until the server gives up after 10 s.
HANGING = 3
ARRIVAL_DEADLINE_S = 600
PRIVATE_URL = "http://10.255.255.1/events"


class Arrivals(Struct, frozen=True):
    """The requests that the receiver got, and what is wrong with them."""

    messages: int
    problems: list[str]


def kill_amid_deliveries(
    folder: Path, url: str, *, events: int, kills: int, hanging: int, chance: random.Random
) -> Arrivals:
    """Record events, kill and start the server while it sends them, and compare the arrivals."""
    variables = {
        "FLAGSTAFF_DATABASE_URL": url,
        "FLAGSTAFF_WEBHOOK_NETWORKS": "127.0.0.0/8",
        **TOKENS,
    }
    hangs = set(chance.sample(range(events // 3), hanging))

    def answer(number: int) -> int:
        if number in hangs:
            return 0
        return chance.choice((204, 204, 500)) if number < events // 3 else 204

    with Receiver(answer) as receiver, ForkedServer(folder, **variables) as server:
        secret = _create_webhook(server, receiver.url)
        refusal = _refusal_of_private_address(server)
        _record(server, events)
        for kill in range(1, kills + 1):
            _wait_for(receiver, events * kill // (kills + 1))
            server.kill()
            server.start()
        _wait_for(receiver, events)
        problems = [*_problems(receiver.messages, receiver.accepted, secret, events)]
        if "is not public" not in refusal:
            problems.append(f"the private address was not refused: {refusal}")
        return Arrivals(len(receiver.messages), problems)


def _create_webhook(server: ForkedServer, url: str) -> str:
    """Create the webhook and return its secret."""
    made = server.graphql(
        "mutation ($input: WebhookCreateInput!) { webhookCreate(input: $input) { secret } }",
        input={"name": "receiver", "receiverUrl": url, "eventTypes": ["TOGGLE_UPDATED"]},
    )
    return made["webhookCreate"]["secret"]


def _refusal_of_private_address(server: ForkedServer) -> str:
    """Test a webhook with a private address and return the error of the delivery."""
    made = server.graphql(
        "mutation ($input: WebhookCreateInput!) "
        "{ webhookCreate(input: $input) { webhook { id } } }",
        input={"name": "private", "receiverUrl": PRIVATE_URL, "eventTypes": []},
    )
    tested = server.graphql(
        "mutation ($id: ID!) { webhookTest(input: { id: $id }) { delivery { error } } }",
        id=made["webhookCreate"]["webhook"]["id"],
    )
    return str(tested["webhookTest"]["delivery"]["error"])


def _record(server: ForkedServer, events: int) -> None:
    """Change the descriptions of toggles; the descriptions are the numbers of the events."""
    for number in range(TOGGLES):
        name = {"name": _toggle(number)}
        server.graphql(
            "mutation ($input: ToggleCreateInput!) "
            "{ toggleCreate(input: $input) { toggle { id } } }",
            input=name,
        )
    for first in range(0, events, CHANGES_AT_ONCE):
        changes = [
            {"toggleUpdate": {"name": _toggle(number), "description": f"{number:06}"}}
            for number in range(first, min(first + CHANGES_AT_ONCE, events))
        ]
        made = server.graphql(
            "mutation ($input: ChangeSetApplyInput!) "
            "{ changeSetApply(input: $input) { errors { message } } }",
            input={"changes": changes},
        )
        assert made["changeSetApply"]["errors"] == []


def _wait_for(receiver: Receiver, count: int) -> None:
    wait_until(
        lambda: len({message.id for message in receiver.accepted}) >= count,
        seconds=ARRIVAL_DEADLINE_S,
    )


def _problems(
    messages: list[Message], accepted: list[Message], secret: str, events: int
) -> Iterator[str]:
    arrived: dict[str, list[str]] = defaultdict(list)
    for message in accepted:
        event: Any = message.json
        arrived[event["toggle"]].append(event["after"]["description"])
    for number in range(events):
        if f"{number:06}" not in arrived[_toggle(number)]:
            yield f"event {number} did not arrive"
    for toggle, descriptions in arrived.items():
        if any(later < earlier for earlier, later in pairwise(descriptions)):
            yield f"the events of {toggle} arrived in this order: {descriptions}"
    if unsigned := [each.id for each in messages if not each.is_signed_with(secret)]:
        yield f"wrong signatures: {unsigned}"
    bodies = {(message.id, message.json["number"]) for message in messages}
    if len(bodies) != events:
        yield f"{len(bodies)} pairs of a delivery and an event, instead of {events}"


def _toggle(number: int) -> str:
    return f"toggle-{number % TOGGLES:02}"


def main() -> int:
    """Kill servers, report the results and return the exit code."""
    parser = ArgumentParser(prog="python -m tests.faults.webhooks", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000, help="how many events are recorded")
    parser.add_argument("--kills", type=int, default=2, help="how many times to kill the server")
    parser.add_argument("--database", choices=(*DATABASES, "all"), default="all")
    parser.add_argument("--seed", type=int, default=1, help="for other failures")
    options = parser.parse_args()
    databases = DATABASES if options.database == "all" else (options.database,)
    problems = 0
    for database in databases:
        with (
            empty_databases(database) as url_in,
            tempfile.TemporaryDirectory(prefix="flagstaff-webhooks-") as name,
        ):
            arrivals = kill_amid_deliveries(
                Path(name),
                url_in(Path(name)),
                events=options.events,
                kills=options.kills,
                hanging=HANGING,
                chance=random.Random(options.seed),
            )
        problems += len(arrivals.problems)
        print(
            f"{database}: {options.events} events, {arrivals.messages} requests; "
            f"{arrivals.problems or 'each event arrived, in order, with its signature'}",
            flush=True,
        )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
