"""Declare routes on their handlers, and find the route of a request."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import quote, unquote_to_bytes

from msgspec import UNSET, Struct, field

from rest_compat.http.asgi import Scope
from rest_compat.http.errors import MethodNotAllowedError, RestError
from rest_compat.http.operation import (
    AnyAnswer,
    Operation,
    Parameter,
    answers_of,
    body_of,
    split_docstring,
)
from rest_compat.http.request import Request
from rest_compat.http.response import Response
from store.errors import Refusal

# Handlers may raise the errors that `rest_compat.http.refusals.rest_error_of` converts.
Handler: TypeAlias = Callable[[Request], Awaitable[Response]]
RefusalForm: TypeAlias = Callable[[Refusal], RestError]


class Route(Struct, frozen=True):
    """The handler of one method of a path.

    `refusal_form` converts a refusal of the store into the error that clients of the path expect.
    Routes whose operations never refuse need no form. If `takes_files` is true, the size limit of
    the body is the limit for imports. A route without an operation is not in the OpenAPI document.
    """

    handler: Handler
    refusal_form: RefusalForm | None = None
    takes_files: bool = False
    operation: Operation | None = None

    async def respond(self, request: Request) -> Response:
        """Call the handler.

        Raises: errors that `rest_error_of` converts; other exceptions are bugs.
        """
        try:
            return await self.handler(request)
        except Refusal as refusal:
            if self.refusal_form is None:
                raise
            raise self.refusal_form(refusal) from None


# Maps paths to the routes by method. Path segments such as `:name` are parameters.
Routes: TypeAlias = Mapping[str, Mapping[str, Route]]


class RouteTable(dict[str, dict[str, Route]]):
    """The routes of one subject. Each route is declared on its handler:

        routes = RouteTable("admin: tags", refusal_form=v3_error_of)

        @routes.route("GET", "/api/admin/tags/:type", id="getTagsByType", answers={200: TagsJson})
        async def list_tags_of_type(request: Request) -> Response:
            \"""List the tags of a type.\"""

    The docstring describes the route in the OpenAPI document. Its first paragraph is the summary,
    and the other paragraphs are the description. Notes for developers belong in comments.
    """

    def __init__(
        self,
        tag: str,
        *,
        refusal_form: RefusalForm | None = None,
        is_open: bool = False,
        error_form: type[RestError] | None = None,
    ) -> None:
        super().__init__()
        self._tag = tag
        self._refusal_form = refusal_form
        self._is_open = is_open
        self._error_form = error_form

    def route(
        self,
        method: str,
        path: str,
        *,
        id: str = "",
        body: Any = None,
        example: Any = UNSET,
        answers: Mapping[int, AnyAnswer] | None = None,
        parameters: Sequence[Parameter] = (),
        errors: Sequence[type[RestError]] = (),
        refusal_form: RefusalForm | None = None,
        takes_files: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Declare the handler of a method and a path. Segments such as `:name` are parameters.

        `body` is the model of the request's body, a tuple of models to merge, or a `Body`.
        `answers` maps statuses to successful responses. `errors` are specific to the route. The
        document adds the errors that all routes share. `refusal_form` overrides the form of the
        table.
        """

        def add(handler: Handler) -> Handler:
            summary, description = split_docstring(handler)
            operation = Operation(
                id=id,
                tag=self._tag,
                summary=summary,
                description=description,
                answers=answers_of(answers),
                body=body_of(body, example),
                parameters=parameters,
                errors=errors,
                is_open=self._is_open,
                error_form=self._error_form,
            )
            form = refusal_form or self._refusal_form
            self.setdefault(path, {})[method] = Route(
                handler, form, takes_files, operation if id else None
            )
            return handler

        return add


class Found(Struct, frozen=True):
    """The routes of a path by method, the values of its parameters, and the declared path."""

    methods: Mapping[str, Route]
    parameters: Mapping[str, str]
    path: str

    def route(self, method: str) -> Route:
        """Return the route of a method. HEAD has the same route as GET.

        Raises: MethodNotAllowedError.
        """
        route = self.methods.get("GET" if method == "HEAD" else method)
        if route is None:
            allowed = [*self.methods, "HEAD"] if "GET" in self.methods else [*self.methods]
            raise MethodNotAllowedError(method, allowed)
        return route

    def or_else(self, other: "Found") -> "Found":
        """Add the routes of another pattern for all methods that have no route in this object."""
        methods = {**other.methods, **self.methods}
        return Found(methods, {**other.parameters, **self.parameters}, self.path)


class Router:
    """Finds the routes of a path.

    Paths are split before they are decoded, so `%2F` is part of a segment. Paths with invalid UTF-8
    or NUL match no route. If a path matches a fixed segment and a parameter, the route with the
    fixed segment has precedence. For methods without such a route, the route with the parameter is
    used. For example, `POST /api/admin/features/validate` is a route, but clients can still read
    and change a toggle named `validate`.
    """

    def __init__(self, *tables: Routes) -> None:
        self._root = _Node()
        for table in tables:
            for path, methods in table.items():
                self._root.add(path, path.strip("/").split("/"), methods)
        # Paths without parameters are looked up in advance, because nearly all requests use them.
        fixed = [path.encode() for table in tables for path in table if ":" not in path]
        self._fixed = {path: self._find(path) for path in fixed}

    def find(self, scope: Scope) -> Found | None:
        """Return the routes of a request's path, with or without a trailing slash."""
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
    path: str = ""

    def add(self, path: str, parts: list[str], methods: Mapping[str, Route]) -> None:
        if not parts:
            self.methods.update(methods)
            self.path = path
            return
        first, *rest = parts
        below = self.parameters if first.startswith(":") else self.fixed
        below.setdefault(first.removeprefix(":"), _Node()).add(path, rest, methods)

    def find(self, parts: list[str], parameters: dict[str, str]) -> Found | None:
        if not parts:
            return Found(self.methods, parameters, self.path) if self.methods else None
        first, *rest = parts
        found = self.fixed[first].find(rest, parameters) if first in self.fixed else None
        for name, node in self.parameters.items():
            if other := node.find(rest, {**parameters, name: first}):
                found = found.or_else(other) if found else other
        return found


def _raw_path(scope: Scope) -> bytes:
    raw: bytes | None = scope.get("raw_path")
    return raw if raw is not None else quote(scope["path"]).encode()
