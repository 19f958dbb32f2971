"""From the path of a request to what answers it there."""

from collections.abc import Callable, Mapping
from typing import TypeAlias
from urllib.parse import quote, unquote_to_bytes

from msgspec import Struct, field

from rest_compat.http.errors import MethodNotAllowedError, RestError
from rest_compat.http.request import Answer, Handler, Request, Scope
from store.errors import Refusal

RefusalForm: TypeAlias = Callable[[Refusal], RestError]


class Route(Struct, frozen=True):
    """What answers one method of one path.

    `refused` gives a refusal of the store the form that clients of the path know; a path without
    one has no operation that refuses. A path that `takes_files` has the limit of imports.
    """

    handler: Handler
    refused: RefusalForm | None = None
    takes_files: bool = False

    async def answer(self, request: Request) -> Answer:
        """The answer to a request.

        Raises: what `rest_error_of` knows, and what is a bug.
        """
        try:
            return await self.handler(request)
        except Refusal as refusal:
            if self.refused is None:
                raise
            raise self.refused(refusal) from None


# By path, whose parts like `:name` stand for any text, then by method.
Routes: TypeAlias = Mapping[str, Mapping[str, Route]]


class Found(Struct, frozen=True):
    """The routes of a path by method, and the texts that stand in it for its parameters."""

    methods: Mapping[str, Route]
    parameters: Mapping[str, str]

    def route(self, method: str) -> Route:
        """The route of a method; HEAD is answered as GET.

        Raises: MethodNotAllowedError.
        """
        route = self.methods.get("GET" if method == "HEAD" else method)
        if route is None:
            allowed = [*self.methods, "HEAD"] if "GET" in self.methods else [*self.methods]
            raise MethodNotAllowedError(method, allowed)
        return route

    def before(self, other: "Found") -> "Found":
        """These routes, and those of another pattern of the path for methods that have none."""
        return Found({**other.methods, **self.methods}, {**other.parameters, **self.parameters})


class Router:
    """Finds the routes of a path.

    Paths are compared as they were sent, part by part: `%2F` is text inside of a part, bad UTF-8
    and NUL are in no path. A fixed part goes before a parameter, method by method: a toggle may be
    named `validate`, and be read and changed although POST means something else there.
    """

    def __init__(self, *tables: Routes) -> None:
        self._root = _Node()
        for table in tables:
            for path, methods in table.items():
                self._root.add(path.strip("/").split("/"), methods)
        # Without parameters, as nearly all requests have them: found once for all.
        fixed = {path for table in tables for path in table if ":" not in path}
        self._fixed = {it.encode(): self._find(it.encode()) for it in fixed}

    def find(self, scope: Scope) -> Found | None:
        """The routes of a request's path, with or without a slash at its end."""
        path = _raw_path(scope)
        return self._fixed.get(path) or self._find(path)

    def _find(self, path: bytes) -> Found | None:
        parts: list[str] = []
        for raw in path.removeprefix(b"/").removesuffix(b"/").split(b"/"):
            try:
                part = unquote_to_bytes(raw).decode()
            except UnicodeDecodeError:
                return None
            if not part or "\0" in part:
                return None
            parts.append(part)
        return self._root.find(parts, {})


class _Node(Struct, eq=False):
    fixed: dict[str, "_Node"] = field(default_factory=dict[str, "_Node"])
    parameters: dict[str, "_Node"] = field(default_factory=dict[str, "_Node"])
    methods: dict[str, Route] = field(default_factory=dict[str, Route])

    def add(self, parts: list[str], methods: Mapping[str, Route]) -> None:
        if not parts:
            self.methods.update(methods)
            return
        first, *rest = parts
        below = self.parameters if first.startswith(":") else self.fixed
        below.setdefault(first.removeprefix(":"), _Node()).add(rest, methods)

    def find(self, parts: list[str], parameters: dict[str, str]) -> Found | None:
        if not parts:
            return Found(self.methods, parameters) if self.methods else None
        first, *rest = parts
        found = self.fixed[first].find(rest, parameters) if first in self.fixed else None
        for name, node in self.parameters.items():
            if other := node.find(rest, {**parameters, name: first}):
                found = found.before(other) if found else other
        return found


def _raw_path(scope: Scope) -> bytes:
    raw: bytes | None = scope.get("raw_path")
    return raw if raw is not None else quote(scope["path"]).encode()
