"""`python -m tests.faults.described`: requests that schemathesis makes from `/openapi.json`.

The program sends requests to real servers with admin, client and frontend tokens, without a token
and with unknown tokens. The program prints the number of answers, and every answer that does not
match the document. It also prints documented statuses that did not occur, except statuses with a
known reason. It exits with 1 if there are such answers or statuses.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import hypothesis
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis.errors import Unsatisfiable
from msgspec import Struct, field
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from tests.openapi.described import DescribedAnswers
from tests.openapi.requests import STREAMS, Document, examples, operations
from tests.openapi.seed import TOKENS
from tests.openapi.servers import prepare_database, seeded_server

MAX_BODY_BYTES = 20_000
# If an address sends more unknown tokens within a minute, its requests are refused.
MAX_UNKNOWN_TOKENS = 30
TIMEOUT_S = 20
# The number of requests for an operation in each round.
CASES = 8
# The share of path parameters with the value of the example. The object of the example exists.
KNOWN = 0.6
OWN_TOKEN = 0.85

# The program need not cause these statuses. The values are the reasons and the tests that cause the
# statuses.
EXPLAINED: Mapping[str, str] = {
    "408": "a body must stay away for half a minute: tests/rest_compat/http",
    "503": "the database must be unavailable: tests/faults/test_database_away.py",
}
# The program need not cause these statuses of single operations.
EXPLAINED_FOR: Mapping[tuple[str, str], str] = {
    ("removeStrategy", "409"): "a toggle must use it: tests/rest_compat/unleash3",
    ("toggleFeatureEnvironmentOn", "400"): "the toggle must have the maximum of strategies",
    ("deleteFeatures", "409"): "another archived toggle must depend on it: test_bulk.py",
    ("getInstanceAdminStats", "304"): "both requests must be in the same millisecond",
}

# If the objects of these operations were enabled, the server would look up generated host names.
SENDING = ("createAddon", "updateAddon")
GRAPHQL_JSON = "application/graphql-response+json, */*"
# Special refusals of these requests would hardly ever occur with generated requests.
REFUSED: Sequence[tuple[str, str, str, Any]] = (
    ("validateFeature", "POST", "/api/admin/features/validate", {"name": "checkout-one-page"}),
    ("validateTagType", "POST", "/api/admin/tag-types/validate", {"name": "simple"}),
    ("validateContextField", "POST", "/api/admin/context/validate", {"name": "country"}),
    ("deleteTagType", "DELETE", "/api/admin/tag-types/simple", None),
    ("getAddon", "GET", "/api/admin/addons/445", None),
    ("deleteAddon", "DELETE", "/api/admin/addons/445", None),
    (
        "updateAddon",
        "PUT",
        "/api/admin/addons/445",
        {"provider": "webhook", "parameters": {"url": "https://receiver.example/"}},
    ),
    ("deleteContextField", "DELETE", "/api/admin/context/country", None),
    ("removeStrategy", "DELETE", "/api/admin/strategies/storeLocation", None),
    ("removeSegment", "DELETE", "/api/admin/segments/1", None),
    ("toggleEnvironmentOff", "POST", "/api/admin/environments/default/off", None),
    ("removeEnvironment", "DELETE", "/api/admin/environments/production", None),
    ("deleteFeature", "DELETE", "/api/admin/archive/checkout-one-page", None),
    ("deleteProject", "DELETE", "/api/admin/projects/default", None),
    (
        "deleteProjectApiToken",
        "DELETE",
        f"/api/admin/projects/default/api-tokens/{TOKENS['clientToken']}",
        None,
    ),
    (
        "updateFeatureStrategySegments",
        "POST",
        "/api/admin/segments/strategies",
        {
            "projectId": "default",
            "environmentId": "production",
            "strategyId": "00000000-0000-0000-0000-000000000000",
            "segmentIds": [],
        },
    ),
    (
        "removeEnvironmentFromProject",
        "DELETE",
        "/api/admin/projects/default/environments/production",
        None,
    ),
    (
        "updateSegment",
        "PUT",
        "/api/admin/segments/1",
        {"name": "employees", "constraints": []},
    ),
    *(
        (id, "GET", f"{path}?tag=red", None)
        for id, path in (
            ("getAllClientFeatures", "/api/client/features"),
            ("getClientFeature", "/api/client/features/checkout-one-page"),
            ("streamClientFeatures", "/api/client/streaming"),
            ("getDelta", "/api/client/delta"),
            ("getFeaturesV3", "/api/admin/features"),
            ("getFeatures", "/api/admin/projects/default/features"),
        )
    ),
    ("getFrontendFeatures", "GET", "/api/frontend?userId=" + "7" * 10_001, None),
    ("getSegment", "GET", "/api/admin/segments/first", None),
    ("removeSegment", "DELETE", "/api/admin/segments/first", None),
    ("queryGraphql", "GET", "/graphql?query={nothing}", None),
    ("executeGraphql", "POST", "/graphql", {"query": "{ nothing }"}),
)

_SETTINGS = hypothesis.settings(
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


class Findings(Struct):
    """The results of a run. `problems` contains each kind of problem once, with one request."""

    cases: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    problems: dict[str, str] = field(default_factory=dict)
    seen: set[tuple[str, str]] = field(default_factory=set)

    def unexplained(self, document: Document) -> list[str]:
        """The described statuses that did not occur and have no explanation."""
        return [
            f"{operation['operationId']} {status}"
            for _, _, operation in operations(document)
            for status in operation["responses"]
            if (operation["operationId"], status) not in self.seen
            and status not in EXPLAINED
            and (operation["operationId"], status) not in EXPLAINED_FOR
        ]


class Sender:
    """Sends requests to one server and compares its answers with the document."""

    def __init__(self, url: str, described: DescribedAnswers, findings: Findings) -> None:
        self._url = url
        self._described = described
        self._findings = findings
        self._session = requests.Session()

    def send(self, id: str, method: str, path: str, **content: Any) -> requests.Response:
        """Send a request to a path."""
        return self.send_as_is(id, method=method, url=self._url + path, **content)

    def send_as_is(self, id: str, **content: Any) -> requests.Response:
        """Send a request. Streams are closed once they begin."""
        response = self._session.request(**content, stream=True, timeout=TIMEOUT_S)
        is_endless = response.headers.get("content-type", "").startswith("text/event-stream")
        body = b"" if is_endless else response.content
        response.close()
        findings = self._findings
        findings.cases += 1
        findings.statuses[response.status_code] += 1
        path = (response.request.path_url or "").partition("?")[0]
        problem = self._described.problem(
            response.request.method or "",
            path,
            response.status_code,
            response.headers.get("content-type", ""),
            body,
        )
        if response.status_code == 500 or (response.status_code == 503 and id != "getReadiness"):
            problem = f"{id} answers {response.status_code}"
        if problem:
            key = f"{id} {response.status_code}"
            sent = response.request
            findings.problems.setdefault(
                key, f"{problem[:500]}\n    {sent.method} {sent.url} {sent.body!r:.300}"
            )
        return response


def headers_for(operation: Mapping[str, Any], chance: Random) -> dict[str, str]:
    """Return headers for a random choice of token.

    Usually the operation accepts the token. Sometimes the token has another type or is unknown, or
    there is no token.
    """
    own = token_of(operation)
    if own and chance.random() < OWN_TOKEN:
        return own
    secret = chance.choice([*TOKENS.values(), None, "*:*.unknown"])
    return {"Authorization": secret} if secret else {}


def token_of(operation: Mapping[str, Any]) -> dict[str, str]:
    """Return the header with a token that an operation accepts.

    If the operation needs no token, return no header.
    """
    own = [name for choice in operation["security"] for name in choice if name in TOKENS]
    return {"Authorization": TOKENS[own[0]]} if own else {}


def send_examples(sender: Sender, document: Document) -> None:
    """Send every example unchanged and with the ETag of the answer. Also send refused requests."""
    for example in examples(document):
        token = {"Authorization": TOKENS[example.scheme]} if example.scheme else {}
        headers = {**example.headers, **token}
        body = None if example.body is None else json.dumps(example.body)
        sender.send(example.id, example.method, example.path, data=body, headers=headers)
        answer = sender.send(example.id, example.method, example.path, data=body, headers=headers)
        if tag := answer.headers.get("etag"):
            tagged = {**headers, "If-None-Match": tag}
            sender.send(example.id, example.method, example.path, data=body, headers=tagged)
    tokens = {one["operationId"]: token_of(one) for _, _, one in operations(document)}
    for id, method, path, value in REFUSED:
        headers = {**tokens[id], "Accept": GRAPHQL_JSON}
        sender.send(id, method, path, json=value, headers=headers)


def provoke(sender: Sender, operation: dict[str, Any]) -> None:
    """Cause the statuses that a generated request rarely has."""
    id, method, path = (operation[key] for key in ("operationId", "method", "path"))
    headers, absent = token_of(operation), path
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            name = f"{{{parameter['name']}}}"
            path = path.replace(name, parameter["example"])
            absent = absent.replace(name, "9999")
    for secret in (None, *TOKENS.values()):
        sender.send(id, method, path, headers={"Authorization": secret} if secret else {})
    for _ in range(MAX_UNKNOWN_TOKENS):
        unknown = {"Authorization": "*:*.unknown"}
        if sender.send(id, method, path, headers=unknown).status_code == 429:
            break
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    body = json.dumps(content["example"]) if content else None
    typed = {"Content-Type": "application/json"} if content else {}
    sender.send(id, method, absent, data=body, headers=headers | typed)
    if absent != path:
        sender.send(id, method, absent.replace("9999", "%00"), data=body, headers=headers | typed)
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "query":
            sender.send(id, method, f"{path}?{parameter['name']}=%00", data=body, headers=headers)
    odd = {"Accept": "image/png", "Last-Event-ID": "newest"}
    sender.send(id, method, path, headers={**headers, **odd})
    for media_type, wrong in (
        ("application/json", b"{"),
        ("text/csv", b"a,b"),
        ("application/json", b'"' + b"x" * MAX_BODY_BYTES + b'"'),
    ):
        if method != "GET":
            typed = {"Content-Type": media_type}
            sender.send(id, method, path, data=wrong, headers={**headers, **typed})


def generate(
    sender: Sender, made: Any, operation: dict[str, Any], *, cases: int, seed: int
) -> None:
    """Send generated requests for an operation. Half of the requests violate the document."""
    chance = Random(seed)
    examples = {
        parameter["name"]: parameter["example"]
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "path"
    }
    mode = GenerationMode.NEGATIVE if seed % 3 == 0 else GenerationMode.POSITIVE

    @hypothesis.settings(_SETTINGS, max_examples=cases)
    @hypothesis.seed(seed)
    @given(case=made.as_strategy(generation_mode=mode))
    def run(case: schemathesis.Case) -> None:
        for name, example in examples.items():
            if chance.random() < KNOWN:
                case.path_parameters[name] = example
        if operation["operationId"] in SENDING and isinstance(case.body, dict):
            case.body["enabled"] = False
        content = case.as_transport_kwargs(
            base_url=sender._url, headers=headers_for(operation, chance)
        )
        sender.send_as_is(operation["operationId"], **content)

    # Some operations have no parameter that can be wrong.
    with suppress(Unsatisfiable):
        run()


def run_rounds(
    folder: Path, *, seed: int, end: float, cases: int = CASES, max_rounds: int = 1_000_000
) -> tuple[Findings, Document]:
    """Send requests to a new server in each round, until a time of the monotonic clock.

    Return the findings and the document. `cases` is the number of generated requests for each
    operation in each round.
    """
    findings, document = Findings(), {}
    prepared = prepare_database(folder)
    for number in range(max_rounds):
        own = folder / f"round-{number}"
        own.mkdir()
        variables = {
            "FLAGSTAFF_MAX_BODY_BYTES": str(MAX_BODY_BYTES),
            "FLAGSTAFF_MAX_ADMIN_BODY_BYTES": str(MAX_BODY_BYTES),
            "FLAGSTAFF_METRICS": "off" if number == 1 else "on",
        }
        with seeded_server(prepared, own, **variables) as server:
            document = requests.get(f"{server.url}/openapi.json", timeout=TIMEOUT_S).json()
            described = DescribedAnswers(document)
            described.seen = findings.seen
            sender = Sender(server.url, described, findings)
            send_examples(sender, document)
            for made, operation, own_seed in _in_turn(document, seed + number * 1_000):
                if number == 0:
                    provoke(sender, operation)
                if time.monotonic() > end and number > 1:
                    return findings, document
                few = min(cases, 1) if operation["operationId"] in STREAMS else cases
                # Generating takes most of the time, and without reports few answers are different.
                if few and number != 1:
                    generate(sender, made, operation, cases=few, seed=own_seed)
        print(f"{findings.cases:,} requests, {len(findings.problems)} problems", flush=True)
    return findings, document


def _in_turn(document: Document, seed: int) -> Iterator[tuple[Any, dict[str, Any], int]]:
    """Yield all operations in random order.

    Each item has schemathesis' object, the description, and a seed.
    """
    described = {
        operation["operationId"]: {**operation, "method": method.upper(), "path": path}
        for method, path, operation in operations(document)
    }
    loaded = schemathesis.openapi.from_dict(document)
    found: list[Any] = [one.ok() for one in loaded.get_all_operations() if isinstance(one, Ok)]
    for position, made in enumerate(Random(seed).sample(found, len(found))):
        yield made, described[made.definition.raw["operationId"]], seed + position


def main() -> int:
    """Run until the time is over, and print the findings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    end = time.monotonic() + options.minutes * 60
    with tempfile.TemporaryDirectory() as folder:
        findings, document = run_rounds(Path(folder), seed=options.seed * 1_000_000, end=end)
    unexplained = findings.unexplained(document)
    print(f"{findings.cases:,} requests: {dict(sorted(findings.statuses.items()))}")
    for key, problem in sorted(findings.problems.items()):
        print(f"{key}: {problem}")
    print(f"{len(unexplained)} statuses neither occurred nor are explained:", *unexplained)
    return 1 if findings.problems or unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
