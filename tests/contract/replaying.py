"""Send recorded exchanges to an app, and report differences from the recorded answers.

Each YAML file in this folder is a list of exchanges. Exchanges depend on earlier exchanges. An
exchange has:

- a `request`: method, path, query, headers, and `json`, `body` or `multipart`. `pad` makes the JSON
  larger.
- a `response`: status, headers, and `json`, `yaml` or `body`. `accept_also` lists other
  accepted answers.

Markers such as `<int>` in strings stand for values that differ from run to run. `${name}` is
replaced by a variable. The file defines the variable, or an exchange captures the variable from an
earlier answer. Lists match in any order unless `ordered` is true. `subset` allows additional keys.
"""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import yaml
from msgspec import Struct

from rest_compat.http.asgi import AsgiApp, Message, Receive, Scope, Send

FOLDER = Path(__file__).parent

Exchange: TypeAlias = Mapping[str, Any]

_MARKERS = {
    "any": r"(?s:.*)",
    "string": r"(?s:.*)",
    "int": r"-?[0-9]+",
    "number": r"-?[0-9]+(?:\.[0-9]+)?",
    "iso-timestamp": r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})",
    "file-timestamp": r"[-0-9T:_.]+",
    "uuid": r"(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
    "ulid": r"[0-9A-HJKMNP-TV-Z]{26}",
    "etag": r'(?:W/)?"[^"]*"',
    "ip": r"(?i:[0-9a-f.:]+)",
}
_MARKER = re.compile("<(" + "|".join(_MARKERS) + ")>")
_VARIABLE = re.compile(r"\$\{(\w+)\}")


class Recording(Struct, frozen=True):
    """A file with variables and with exchanges in the recorded order."""

    variables: dict[str, str]
    exchanges: list[dict[str, Any]]


class _JsonScalars(yaml.CSafeLoader):
    """YAML with only the scalar types of JSON, so that times and `no` are strings."""


_JsonScalars.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", "true|false", "tf"),
    ("null", "null|~|", ["n", "~", ""]),
    ("int", "-?(?:0|[1-9][0-9]*)", "-0123456789"),
    ("float", "-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", "-0123456789"),
):
    _JsonScalars.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), list(_first)
    )


@cache
def load_recording(name: str, **variables: str) -> Recording:
    """Return the recording in a file of this folder. `variables` override variables of the file."""
    document = yaml.load((FOLDER / name).read_text(encoding="utf-8"), Loader=_JsonScalars)
    return Recording((document.get("vars") or {}) | variables, document["exchanges"])


def hanging_up(app: AsgiApp) -> AsgiApp:
    """An app whose clients disconnect from a stream of events after its first chunk."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if (b"accept", b"text/event-stream") not in scope["headers"]:
            await app(scope, receive, send)
            return
        begun = asyncio.Event()

        async def read() -> Message:
            await begun.wait()
            return {"type": "http.disconnect"}

        async def write(message: Message) -> None:
            await send(message)
            if message.get("more_body"):
                begun.set()

        await app(scope, read, write)
        await send({"type": "http.response.body", "body": b""})

    return wrapped


class Player:
    """Sends exchanges to an app, and stores the values captured from the answers."""

    def __init__(self, client: httpx.AsyncClient, variables: Mapping[str, str]) -> None:
        self._client = client
        self._variables = dict(variables)

    async def play(self, exchange: Exchange) -> str | None:
        """Send an exchange. Return the error in the answer, or None."""
        answer = await self._send(self._filled(exchange["request"]))
        problem = self._judge(exchange, answer)
        for variable, source in exchange.get("capture", {}).items():
            # If the answer is wrong, the variables are empty. Exchanges that depend on the answer
            # then fail.
            self._variables[variable] = "" if problem else _captured(answer, source)
        return problem

    async def _send(self, request: Mapping[str, Any]) -> httpx.Response:
        headers: dict[str, str] = {}
        content: bytes | None = None
        if "json" in request:
            document = request["json"]
            if pad := request.get("pad"):
                document = document | {pad["key"]: "p" * pad["length"]}
            content = json.dumps(document).encode()
            headers["content-type"] = "application/json"
        elif "body" in request:
            content = request["body"].encode()
        for name, value in request.get("headers", {}).items():
            headers.pop(name.lower(), None)
            if value is not None:
                headers[name.lower()] = value
        return await self._client.request(
            request["method"],
            request["path"],
            params=request.get("query"),
            headers=headers,
            content=content,
            files=_files(request),
        )

    def _judge(self, exchange: Exchange, answer: httpx.Response) -> str | None:
        recorded = self._filled(exchange["response"])
        problem = _answer_problem(recorded, answer, exchange)
        for alternative in recorded.get("accept_also", ()):
            if problem is None:
                break
            if _answer_problem(alternative, answer, {**exchange, **alternative}) is None:
                problem = None
        return problem

    def _filled(self, value: Any) -> Any:
        if isinstance(value, str):
            return _VARIABLE.sub(lambda found: self._variables[found[1]], value)
        if isinstance(value, Mapping):
            return {key: self._filled(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._filled(item) for item in value]
        return value


def _files(request: Mapping[str, Any]) -> dict[str, tuple[str, bytes, str]] | None:
    parts = request.get("multipart")
    if parts is None:
        return None
    return {
        field: (part["filename"], part["content"].encode(), part["content_type"])
        for field, part in parts.items()
    }


def _captured(answer: httpx.Response, source: str) -> str:
    kind, _, path = source.partition(":")
    if kind == "header":
        return answer.headers[path]
    value = answer.json()
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]
    return str(value)


def _answer_problem(
    recorded: Mapping[str, Any], answer: httpx.Response, rules: Exchange
) -> str | None:
    if answer.status_code != recorded["status"]:
        return f"status {answer.status_code} instead of {recorded['status']}: {answer.text[:300]}"
    for name, value in recorded.get("headers", {}).items():
        if not _header_matches(name, value, answer.headers.get(name)):
            return f"header {name} is {answer.headers.get(name)!r} instead of {value!r}"
    if "body" in recorded and not _text_matches(recorded["body"], answer.text):
        return f"the body is {answer.text[:300]!r} instead of {recorded['body']!r}"
    comparison = _Comparison(rules.get("ordered", False), subset=rules.get("subset", False))
    try:
        if "json" in recorded:
            return comparison.difference(recorded["json"], answer.json())
        if "yaml" in recorded:
            document = yaml.load(answer.text, Loader=_JsonScalars)
            return comparison.difference(recorded["yaml"], document)
    except (ValueError, yaml.YAMLError) as error:
        return f"the body cannot be read: {error}"
    return None


def _header_matches(name: str, recorded: str | None, value: str | None) -> bool:
    if recorded is None or value is None:
        return recorded is value
    if name.lower() != "content-type":
        return _text_matches(recorded, value)
    # Parameters are compared only if both sides have some.
    recorded_parts, parts = (
        item.lower().replace(" ", "").split(";", 1) for item in (recorded, value)
    )
    compared = min(len(recorded_parts), len(parts))
    return recorded_parts[:compared] == parts[:compared]


def _text_matches(recorded: str, text: str) -> bool:
    pattern, end = "", 0
    for marker in _MARKER.finditer(recorded):
        pattern += re.escape(recorded[end : marker.start()]) + _MARKERS[marker[1]]
        end = marker.end()
    return re.fullmatch(pattern + re.escape(recorded[end:]), text) is not None


class _Comparison:
    """Compares JSON values with the rules of an exchange."""

    def __init__(self, ordered: bool | Sequence[str], *, subset: bool) -> None:
        self._ordered = ordered
        self._subset = subset

    def difference(
        self, recorded: Any, value: Any, path: str = "body", key: str = ""
    ) -> str | None:
        """Return a description of the first difference, or None. `key` is the key of the values."""
        if isinstance(recorded, Mapping) and isinstance(value, Mapping):
            return self._mapping_difference(recorded, value, path)
        if isinstance(recorded, list) and isinstance(value, list):
            if len(recorded) != len(value):
                return f"{path} has {len(value)} items instead of {len(recorded)}"
            if self._ordered is True or (self._ordered and key in self._ordered):
                return self._ordered_difference(recorded, value, path, key)
            return self._unordered_difference(recorded, value, path, key)
        if self._scalar_matches(recorded, value):
            return None
        return f"{path} is {value!r} instead of {recorded!r}"

    def _mapping_difference(
        self, recorded: Mapping[str, Any], value: Mapping[str, Any], path: str
    ) -> str | None:
        if missing := recorded.keys() - value.keys():
            return f"{path} lacks {sorted(missing)}"
        if not self._subset and (more := value.keys() - recorded.keys()):
            return f"{path} has {sorted(more)}, too"
        found = (self.difference(item, value[k], f"{path}.{k}", k) for k, item in recorded.items())
        return next((item for item in found if item), None)

    def _ordered_difference(
        self, recorded: list[Any], value: list[Any], path: str, key: str
    ) -> str | None:
        pairs = enumerate(zip(recorded, value, strict=True))
        found = (self.difference(*pair, f"{path}.{i}", key) for i, pair in pairs)
        return next((item for item in found if item), None)

    def _unordered_difference(
        self, recorded: list[Any], value: list[Any], path: str, key: str
    ) -> str | None:
        """Match each recorded item with an item of the answer. Earlier matches may be changed."""
        partner_of: dict[int, int] = {}

        def find_partner(item: int, passed: set[int]) -> bool:
            for candidate in range(len(value)):
                if candidate in passed or self.difference(
                    recorded[item], value[candidate], path, key
                ):
                    continue
                passed.add(candidate)
                holder = partner_of.get(candidate)
                if holder is None or find_partner(holder, passed):
                    partner_of[candidate] = item
                    return True
            return False

        for number, expected in enumerate(recorded):
            if not find_partner(number, set()):
                return f"{path} has no item like {expected!r}"
        return None

    @staticmethod
    def _scalar_matches(recorded: Any, value: Any) -> bool:
        if not isinstance(recorded, str):
            # True does not equal 1 here.
            return recorded == value and isinstance(recorded, bool) == isinstance(value, bool)
        marker = _MARKER.fullmatch(recorded)
        if marker is None or isinstance(value, str):
            # A number in a string is not a number.
            return (
                isinstance(value, str)
                and recorded not in ("<int>", "<number>")
                and _text_matches(recorded, value)
            )
        if marker[1] in ("int", "number"):
            kinds = int if marker[1] == "int" else (int, float)
            return isinstance(value, kinds) and not isinstance(value, bool)
        return marker[1] == "any"
