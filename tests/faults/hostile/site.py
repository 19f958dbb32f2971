"""A server under attack, the data that must not change, and checks of answers."""

import json
import re
from typing import Any
from urllib.parse import quote

from tests.faults.hostile.attacks import JSON, Attack, path_of
from tests.faults.hostile.endpoints import TARGET, Endpoint
from tests.faults.hostile.sending import Headers, Reply, Sender

# Only the server's internals contain this text.
_LEAK = re.compile(
    rb'Traceback|File "/|\.py\b|sqlalchemy|sqlite3|asyncpg|pydantic|msgspec'
    rb"|SELECT .+ FROM|INSERT INTO"
)
_CANARY = "canary.on"
_READ_STATE = """
{
  toggle(name: "canary.on") {
    name description enabled archived stale revision tags { type { name } value }
    strategies { name parameters { name value } constraints { contextName operator values } }
    variants { name weight payload { type value } }
  }
  archived: toggle(name: "canary.off") { name archived revision }
  strategy(name: "canary-strategy") { name description revision }
  apiTokens(first: 500) { nodes { name type hint environment { name } createdAt expiresAt } }
}
"""
_LISTS = """
{
  toggles(first: 500) {
    nodes {
      name description project { name } type { name } tags { type { name } value }
      environments { environment { name } enabled strategies { name } variants { name weight } }
    }
  }
  events(first: 20) {
    nodes { type wireType summary createdAt actor { name } changes { path } before after }
  }
  strategies(first: 500) { nodes { name description parameters { name type } } }
  applications(first: 500) { nodes { name description url strategies { name } } }
  segments(first: 500) { nodes { name description } }
  contextFields { name description legalValues { value } }
  tagTypes { name description }
  tags(first: 500) { nodes { type { name } value } }
  environments { name }
  projects { name }
  unknownToggles(first: 500) { nodes { name } }
}
"""


class Site:
    """The target of requests and its tokens. `prepare` creates the data that must not change."""

    def __init__(
        self, sender: Sender, endpoints: list[Endpoint], *, admin: str, client: str
    ) -> None:
        self._sender = sender
        self._endpoints = endpoints
        self._admin: Headers = ((b"authorization", admin.encode()),)
        self._client: Headers = ((b"authorization", client.encode()),)
        self._frontend: Headers = ()
        self._before: Any = None
        self._statuses: dict[str, int | None] = {}

    def credentials(self, endpoint: Endpoint) -> Headers:
        """The header with a token that an endpoint accepts."""
        if endpoint.template.startswith("/api/frontend"):
            return self._frontend
        client = endpoint.template.startswith(("/api/client", "/ofrep"))
        return self._client if client else self._admin

    async def prepare(self) -> None:
        """Create the data that attacks must not change."""
        strategies = [
            {"name": "default", "parameters": {"a": "b"}},
            {
                "name": "canary-strategy",
                "constraints": [{"contextName": "userId", "operator": "IN", "values": ["1"]}],
            },
        ]
        canary = {
            "name": _CANARY,
            "description": "sings",
            "enabled": True,
            "strategies": strategies,
            "variants": [
                {"name": "seed", "weight": 1000, "payload": {"type": "string", "value": "x"}}
            ],
        }
        steps = [
            ("POST", "strategies", {"name": "canary-strategy", "parameters": []}),
            ("POST", "features", canary),
            ("POST", f"features/{_CANARY}/tags", {"type": "simple", "value": "canary"}),
            ("POST", "features", {**canary, "name": "canary.off"}),
            ("DELETE", "features/canary.off", None),
        ]
        for method, path, body in steps:
            reply = await self._call(method, f"/api/admin/{path}", body)
            assert reply.status in (200, 201), (path, reply)
        token = {"tokenName": "canary", "type": "frontend", "environment": "default"}
        made = json.loads((await self._call("POST", "/api/admin/api-tokens", token)).body)
        self._frontend = ((b"authorization", made["secret"].encode()),)
        self._before = await self._read_state()
        self._statuses = await self._list_statuses()

    async def set_up_targets(self) -> None:
        """Create the targets of attacks again, because requests to missing objects get only 404."""
        plain = {"name": TARGET, "strategies": [{"name": "default"}]}
        await self._call("POST", f"/api/admin/archive/revive/{TARGET}")
        for part, body in (
            ("features", plain),
            ("strategies", {"name": TARGET, "parameters": []}),
            ("context", {"name": TARGET}),
            ("tag-types", {"name": TARGET}),
            ("tags", {"type": "simple", "value": TARGET}),
            (f"features/{TARGET}/tags", {"type": "simple", "value": TARGET}),
            (f"metrics/applications/{TARGET}", {"description": "a"}),
        ):
            await self._call("POST", f"/api/admin/{part}", body)

    async def attack(self, attack: Attack) -> tuple[Reply | None, str | None]:
        """Send one request. Return the answer and the errors in the answer."""
        try:
            reply = await self._sender.send(attack)
        except TimeoutError:
            return None, "no answer in time"
        return reply, problem_of(reply)

    async def damage(self) -> list[str]:
        """Return everything that no longer works or has changed."""
        statuses = await self._list_statuses()
        found = [
            f"{path} answers {status}"
            for path, status in statuses.items()
            if status != self._statuses[path]
        ]
        answer = await self._graphql(_LISTS)
        if "errors" in answer:
            found.append(f"GraphQL answers {answer['errors']}")
        state = await self._read_state()
        found += [
            f"{key} is {state[key]}, it was {before}"
            for key, before in self._before.items()
            if key != "apiTokens" and state[key] != before
        ]
        tokens = state["apiTokens"]["nodes"]
        gone = [node for node in self._before["apiTokens"]["nodes"] if node not in tokens]
        return found + [f"this token is not what it was: {item}" for item in gone]

    async def damage_by_name(self, name: str) -> list[str]:
        """Return the endpoints that fail if an object with the name is requested."""
        part = quote(name, safe="", errors="surrogatepass").encode()
        found: list[str] = []
        for endpoint in self._endpoints:
            if endpoint.method != "GET" or not endpoint.parameters:
                continue
            for position in endpoint.parameters:
                target = path_of(endpoint, position, part)
                attack = Attack("reading", "GET", target, self.credentials(endpoint))
                _, problem = await self.attack(attack)
                if problem:
                    found.append(f"{attack}: {problem}")
        return found

    async def healthy(self) -> str | None:
        """Return the error in the answer of `/health`."""
        reply = await self._sender.send(Attack("health", "GET", b"/health"))
        return None if reply and reply.status == 200 else f"/health answers {reply}"

    async def _list_statuses(self) -> dict[str, int | None]:
        lists = [item for item in self._endpoints if item.method == "GET" and not item.parameters]
        found: dict[str, int | None] = {}
        for endpoint in lists:
            found |= await self._status(path_of(endpoint), self.credentials(endpoint))
        return found | await self._status(b"/api/admin/state/export?format=yaml", self._admin)

    async def _status(self, target: bytes, credentials: Headers) -> dict[str, int | None]:
        reply = await self._sender.send(Attack("reading", "GET", target, credentials))
        return {target.decode(): reply.status if reply else None}

    async def _read_state(self) -> Any:
        answer = await self._graphql(_READ_STATE)
        assert "errors" not in answer, answer
        payload = await self._sender.send(
            Attack("read", "GET", b"/api/client/features?namePrefix=canary.", self._client)
        )
        served = json.loads(payload.body).get("features") if payload else None
        return answer["data"] | {"served": served}

    async def _graphql(self, document: str) -> Any:
        reply = await self._call("POST", "/graphql", {"query": document})
        return json.loads(reply.body)

    async def _call(self, method: str, path: str, body: Any = None) -> Reply:
        content = b"" if body is None else json.dumps(body).encode()
        attack = Attack("call", method, path.encode(), (*self._admin, *JSON), content)
        reply = await self._sender.send(attack)
        assert reply is not None, path
        return reply


def problem_of(reply: Reply | None) -> str | None:
    """Return the error if an answer shows that the server failed, otherwise None."""
    if reply is None:
        return "no answer"
    if reply.status >= 500:
        return f"status {reply.status}: {reply.body[:300]!r}"
    if "x-request-id" not in reply.headers:
        return "no X-Request-Id"
    if "x-injected" in reply.headers:
        return "a header was injected"
    if reply.status >= 400 and reply.body:
        if not reply.headers.get("content-type", "").startswith("application/json"):
            return f"status {reply.status} with a body that is no JSON: {reply.body[:300]!r}"
        if not isinstance(json.loads(reply.body), dict):
            return f"status {reply.status} with a body that is no object: {reply.body[:300]!r}"
        if leak := _LEAK.search(reply.body):
            return f"the body tells {leak[0]!r}: {reply.body[:300]!r}"
    return None
