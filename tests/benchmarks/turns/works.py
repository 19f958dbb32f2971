"""The kinds of expensive work of a server, with names and functions that cause the work."""

import json
import signal
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, NamedTuple

import httpx

from tests.benchmarks.quick import PAGE, document_of
from tests.operations import operations
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, FRONTEND_TOKEN, Server

# The product's limits on the parts of these requests.
MAX_CHANGES = 200
MAX_NAMES_OF_REPORT = 2_000
UNKNOWN_NAMES = 100_000
VALUES = 18_000
IMPORTED_BESIDE = 8_000
IMPORTED_ELSEWHERE = 50_000

# On a busy machine, an evaluation may exceed its deadline. The server then answers 503.
MAX_TRIES = 3

_NUMBERS = count()
_APPLY = """mutation ($input: ChangeSetApplyInput!) { changeSetApply(input: $input) {
  changeSet { id } changes { summary plan warnings { message } changes { path } }
  errors { message } } }"""
_REVERT = """mutation ($input: ChangeSetRevertInput!) { changeSetRevert(input: $input) {
  changes { summary } errors { message } } }"""
_CHANGES = """query ($id: ID!) { node(id: $id) { ... on ChangeSet { changes(first: 200) {
  summary changes { path before after } subject { id } } } } }"""
_PLAY = """query ($filter: ToggleFilter, $changes: [ChangeInput!], $affected: Boolean!) {
  playground(contexts: [{userId: "1"}, {userId: "2"}], first: 500, filter: $filter,
      changes: $changes, onlyAffected: $affected) {
    totalCount nodes { toggle { name } evaluations {
      enabled explanation strategies { explanation constraints { outcome } } } } } }"""
_COPY = """mutation ($name: String!) {
  environmentCreate(input: {name: $name, copyFrom: "default"}) { errors { message } } }"""


class Client:
    """Sends requests to one server. Each answer must be a success."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._http = httpx.Client(base_url=server.url, verify=False, timeout=600)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(self, path: str, token: str = CLIENT_TOKEN, **headers: str) -> httpx.Response:
        """Return the answer to a GET."""
        answer = self._http.get(path, headers={"Authorization": token, **headers})
        for _ in range(MAX_TRIES):
            if answer.status_code != 503:
                break
            answer = self._http.get(path, headers={"Authorization": token, **headers})
        assert answer.status_code in (200, 304, 503), answer.text[:500]
        return answer

    def post(
        self,
        path: str,
        body: Any,
        token: str = ADMIN_TOKEN,
        allowed: tuple[int, ...] = (200, 201, 202),
    ) -> httpx.Response:
        """Return the answer to a POST. The body is bytes or a value that is sent as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": token, "Content-Type": "application/json"}
        answer = self._http.post(path, content=content, headers=headers)
        assert answer.status_code in allowed, f"{answer.status_code} {answer.text[:500]}"
        return answer

    def graphql(self, document: str, **variables: Any) -> Any:
        """Return the data of an operation. The answer must have no errors."""
        answer = self.post("/graphql", {"query": document, "variables": variables}).json()
        assert "errors" not in answer, str(answer)[:500]
        for payload in answer["data"].values():
            assert not (isinstance(payload, dict) and payload.get("errors")), str(payload)[:500]
        return answer["data"]

    def change(self) -> None:
        """Change one toggle."""
        self.graphql(
            "mutation ($text: String!) { toggleUpdate(input: "
            '{name: "toggle-000499", description: $text}) { errors { message } } }',
            text=f"changed {next(_NUMBERS)}",
        )


class Work(NamedTuple):
    """A kind of work. If `is_import_elsewhere` is true, the limit is higher."""

    name: str
    run: Callable[[Client, Client], object]
    is_import_elsewhere: bool = False


def works(toggles: int) -> Iterator[Work]:
    """The kinds of work on a server with a number of toggles, in the order in which they run.

    The function of each kind gets two clients: one of the measured server, and one of another
    process with the same database.
    """
    yield Work("import into an empty database", lambda here, _: _import(here, toggles, "first"))
    yield Work("first payload, gzip", lambda here, _: _poll(here, "gzip"))
    yield Work("first payload, plain", lambda here, _: _poll(here, "identity"))
    for coding in ("gzip", "identity"):
        yield Work(f"payload after a change, {coding}", _after_changes(_poll, coding))
    yield Work("delta after a change", _after_changes(_poll_delta))
    yield Work("frontend API after a change", _after_changes(_evaluate))
    yield Work("OFREP after a change", _after_changes(_evaluate_flags))
    for name, variables in _LISTS.items():
        yield Work(f"list: {name}", _after_changes(_read_page, variables))
    yield Work("list page of an admin", _after_changes(_read_list_page))
    yield Work("playground", lambda here, _: here.graphql(_PLAY, affected=False))
    yield Work("playground with changes", lambda here, _: _play(here, affected=False))
    yield Work(
        "playground of affected toggles", lambda here, _: _play(here, affected=toggles < 5e4)
    )
    yield Work("export with document", lambda here, _: _export(here))
    yield Work("export over REST", lambda here, _: here.get("/api/admin/state/export", ADMIN_TOKEN))
    yield Work("change set of 200, dry run", lambda here, _: _apply(here, dryRun=True))
    yield Work(
        "change set of 200, applied, read and undone", lambda here, _: _apply_and_revert(here)
    )
    yield Work("unknown names, in reports of 2,000", lambda here, _: _report_unknown(here))
    yield Work("unknown names, in one report", lambda here, _: _report_at_once(here))
    yield Work("copy of an environment", lambda here, _: here.graphql(_COPY, name="copy"))
    yield Work("payload after the copy", lambda here, _: _poll(here, "gzip"))
    yield Work("import beside", lambda here, _: _import(here, IMPORTED_BESIDE, "second", "beside"))
    yield Work("payload after the import beside", lambda here, _: _poll(here, "gzip"))
    yield Work(
        "import in another process",
        lambda _, there: _import(there, IMPORTED_ELSEWHERE, "third", "elsewhere"),
        is_import_elsewhere=True,
    )
    yield Work("payload after that import", lambda here, _: _poll(here, "gzip"))
    yield Work("full garbage collection", lambda here, _: here.server.send(signal.SIGUSR1))


_LISTS: dict[str, dict[str, Any]] = {
    "by name": {},
    "by last use": {"orderBy": {"field": "LAST_SEEN_AT", "direction": "DESC"}},
    "by creation": {"orderBy": {"field": "CREATED_AT", "direction": "DESC"}},
    "by lifetime": {"orderBy": {"field": "EXPIRES_AT"}},
    "search": {"filter": {"search": "part 42"}},
    "stale": {"filter": {"staleness": ["STALE", "POTENTIALLY_STALE"]}},
    "with a tag": {"filter": {"tags": [{"type": "simple", "value": "team-3"}]}},
    "of a prefix": {"filter": {"namePrefix": "toggle-0004"}},
    "unused": {"filter": {"usage": {"unseenForDays": 1}}},
}


def _after_changes(
    work: Callable[..., object], *arguments: Any
) -> Callable[[Client, Client], None]:
    def run(here: Client, _: Client) -> None:
        for _number in range(3):
            here.change()
            work(here, *arguments)

    return run


def _poll(client: Client, coding: str) -> None:
    client.get("/api/client/features", **{"Accept-Encoding": coding})


def _poll_delta(client: Client) -> None:
    client.get("/api/client/delta")


def _evaluate(client: Client) -> None:
    client.get("/api/frontend?userId=7", FRONTEND_TOKEN)


def _evaluate_flags(client: Client) -> None:
    body = {"context": {"targetingKey": "7"}}
    client.post("/ofrep/v1/evaluate/flags", body, FRONTEND_TOKEN)


def _read_page(client: Client, variables: dict[str, Any]) -> None:
    client.graphql(PAGE, **variables)


def _read_list_page(client: Client) -> None:
    client.graphql(operations()["ToggleListPage"].text)


def _play(client: Client, *, affected: bool) -> None:
    changes = [
        {"toggleSetEnabled": {"name": f"toggle-{number:06}", "enabled": number % 2 != 0}}
        for number in range(MAX_CHANGES)
    ]
    client.graphql(_PLAY, affected=affected, changes=changes)


def _export(client: Client) -> None:
    client.graphql("{ stateExport { content document } }")


def _apply(client: Client, **options: Any) -> Any:
    number = next(_NUMBERS)
    changes = [
        {"toggleUpdate": {"name": f"toggle-{index:06}", "description": f"set {number}"}}
        for index in range(MAX_CHANGES)
    ]
    return client.graphql(_APPLY, input={"changes": changes, **options})["changeSetApply"]


def _apply_many_values(client: Client) -> None:
    """Send a change set with nearly the maximum number of values in an operation."""
    values = [f"user-{number}" for number in range(VALUES // MAX_CHANGES)]
    constraints = [{"contextName": "userId", "operator": "IN", "values": values}]
    strategies = [{"name": "default", "constraints": constraints}]
    changes = [
        {"toggleCreate": {"name": f"many-values-{number}", "strategies": strategies}}
        for number in range(MAX_CHANGES)
    ]
    client.graphql(_APPLY, input={"changes": changes, "dryRun": True})


def _apply_and_revert(client: Client) -> None:
    id = _apply(client)["changeSet"]["id"]
    client.graphql(_CHANGES, id=id)
    client.graphql(_REVERT, input={"id": id})


def _report(client: Client, names: range) -> httpx.Response:
    toggles = {f"nobody-created-{number:06}": {"yes": 1, "no": 2} for number in names}
    bucket = {"start": "2026-01-01T00:00:00Z", "stop": "2026-01-01T00:01:00Z", "toggles": toggles}
    body = {"appName": f"app-{names.start}", "instanceId": "i", "bucket": bucket}
    return client.post("/api/client/metrics", body, CLIENT_TOKEN, (200, 202, 400, 413, 429, 503))


def _report_unknown(client: Client) -> None:
    for start in range(0, UNKNOWN_NAMES, MAX_NAMES_OF_REPORT):
        _report(client, range(start, start + MAX_NAMES_OF_REPORT))


def _report_at_once(client: Client) -> None:
    _report(client, range(UNKNOWN_NAMES))


def _import(client: Client, toggles: int, text: str, prefix: str = "toggle") -> None:
    document = document_of(toggles).replace(b'"toggle-', f'"{prefix}-'.encode())
    document = document.replace(b"Shows part", f"{text}: shows part".encode())
    client.post("/api/admin/state/import", document)
