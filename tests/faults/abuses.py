"""Requests to `/graphql` that try to break or block a server."""

import json
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

COST = "COST_LIMIT"
INPUT = "BAD_USER_INPUT"
PARSE = "GRAPHQL_PARSE_FAILED"
VALIDATION = "GRAPHQL_VALIDATION_FAILED"

JSON_TYPE = "application/json"
# A form on a page of another origin can send these headers.
FORM_TYPES = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
)
MUTATION = 'mutation { toggleCreate(input: { name: "planted" }) { toggle { name } } }'


class Abuse(Struct, frozen=True):
    """A request and the expected error code. None means that the operation may run."""

    name: str
    status: int
    code: str | None
    content: bytes = b""
    method: str = "POST"
    target: str = "/graphql"
    content_type: str | None = JSON_TYPE

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the request, except for the token."""
        return {} if self.content_type is None else {"Content-Type": self.content_type}


def abuses() -> Iterator[Abuse]:
    """Return all abuses."""
    yield from _documents()
    yield from _bodies()
    yield from _forms()


def document(name: str, status: int, code: str | None, text: str, variables: Any = None) -> Abuse:
    """An abuse with a harmful document."""
    body = {"query": text, "variables": variables}
    return Abuse(name, status, code, json.dumps(body).encode())


def _documents() -> Iterator[Abuse]:
    doubling = [f"fragment F{n} on Viewer {{ ...F{n + 1} ...F{n + 1} }}" for n in range(26)]
    last = "fragment F26 on Viewer { canWrite }"
    wide = " ".join(f"a{n}: toggles {{ nodes {{ name }} }}" for n in range(10_000))
    for count in (51, 1_000, 10_000):
        aliases = " ".join(f"a{n}: canWrite" for n in range(count))
        yield document(f"{count} aliases", 422, COST, f"{{ viewer {{ {aliases} }} }}")
    yield document("aliases of pages", 422, COST, f"{{ {wide} }}")
    yield document("nested selections", 422, COST, "{" + "a{" * 20_000)
    yield document(
        "nested selections that end", 422, COST, "{" + "a{" * 19_000 + "a" + "}" * 19_001
    )
    yield document("selections nested as deep as tokens go", 400, PARSE, "{" + "a{" * 1_900)
    yield document("nested lists", 400, PARSE, "{ toggle(name: " + "[" * 3_900)
    yield document("nested objects", 400, PARSE, "{ toggle(name: " + "{a:" * 1_300)
    yield document("nested list types", 400, PARSE, "query($a: " + "[" * 3_900)
    yield document(
        "fragments in a circle",
        422,
        VALIDATION,
        "{ viewer { ...A } } fragment A on Viewer { ...B } fragment B on Viewer { ...A }",
    )
    yield document(
        "an aliased circle",
        422,
        VALIDATION,
        "{ viewer { ...A } } fragment A on Viewer { a: actor { id } b: actor { id } ...A ...A }",
    )
    yield document(
        "doubling fragments", 200, None, " ".join(["{ viewer { ...F0 } }", *doubling, last])
    )
    yield document(
        "doubling aliases",
        422,
        COST,
        " ".join(["{ viewer { ...F0 } }", *doubling, "fragment F26 on Viewer { a: canWrite }"]),
    )
    yield document("one field 3,000 times", 422, COST, "{ viewer { " + "canWrite " * 3_000 + "} }")
    yield document(
        "one object again and again",
        422,
        COST,
        '{ toggle(name: "t") { ' + "project { name } " * 900 + "} }",
    )
    yield document("5,000 tokens", 422, COST, "{ viewer { " + "canWrite " * 5_000 + "} }")
    for count in (11, 1_900, 5_000):
        directives = "@include(if: true) " * (count if count < 1_000 else count // 6)
        yield document(
            f"{count} directives", 422, COST, f"{{ viewer {{ canWrite {directives} }} }}"
        )
    yield document(
        "directives nobody knows", 422, COST, "{ viewer { canWrite " + "@a " * 1_900 + "} }"
    )
    unknown = " ".join(f"unknown{n}" for n in range(2_000))
    yield document("2,000 unknown fields", 422, VALIDATION, f"{{ viewer {{ {unknown} }} }}")
    arguments = ", ".join(f"unknown{n}: {n}" for n in range(1_000))
    yield document(
        "unknown arguments", 422, VALIDATION, f"{{ viewer {{ canWrite({arguments}) }} }}"
    )
    name = "x" * 90_000
    yield document("an endless name", 400, PARSE, f"query {name} {{ viewer {{ canWrite }} }}")
    yield document("an endless alias", 400, PARSE, f"{{ {name}: viewer {{ canWrite }} }}")
    variables = ", ".join(f"$v{n}: Int" for n in range(900))
    yield document(
        "unused variables", 422, VALIDATION, f"query({variables}) {{ viewer {{ canWrite }} }}"
    )
    yield document(
        "a wide circle",
        422,
        COST,
        "{ strategies { nodes { toggles { nodes { project { toggles { nodes { name } } } } } } } }",
    )
    levels = "fields { type { " * 9 + "name " + "} } " * 9
    for alias in (1, 20):
        deep = " ".join(f"a{n}: __schema {{ types {{ {levels} }} }}" for n in range(alias))
        yield document(f"deep introspection {alias} times", 422, COST, f"{{ {deep} }}")
    repeated = " ".join(f"a{n}: fields {{ name }}" for n in range(49))
    yield document(
        "introspection by aliases",
        422,
        COST,
        f"{{ __schema {{ types {{ fields {{ type {{ {repeated} }} }} }} }} }}",
    )
    yield document(
        "many unfit variables",
        400,
        INPUT,
        "query($f: ToggleFilter) { toggles(filter: $f) { totalCount } }",
        {"f": {"names": [[]] * 20_000}},
    )
    filters = "{} " * 1_880
    yield document(
        "many empty filters",
        422,
        COST,
        f"{{ toggles(filter: {{or: [{filters}]}}) {{ totalCount }} }}",
    )
    yield document(
        "many empty contexts",
        200,
        INPUT,
        f"{{ playground(first: 1, contexts: [{filters}]) {{ totalCount }} }}",
    )
    yield document(
        "toggles evaluated again and again",
        422,
        COST,
        "{ toggles(first: 500) { nodes { "
        + " ".join(f"a{n}: evaluate(context: {{}}) {{ enabled }}" for n in range(40))
        + " } } }",
    )
    yield document(
        "many ids",
        422,
        COST,
        "query($ids: [ID!]!) { nodes(ids: $ids) { id } }",
        {"ids": ["a"] * 200_000},
    )
    yield document(
        "many names",
        422,
        COST,
        "query($f: ToggleFilter) { toggles(filter: $f) { totalCount } }",
        {"f": {"names": ["a"] * 200_000}},
    )
    yield document(
        "many empty filters",
        422,
        COST,
        "query($f: ToggleFilter) { toggles(filter: $f) { totalCount } }",
        {"f": {"or": [{}] * 12_000}},
    )
    round = "environments { toggle { " * 5 + "name " + "} } " * 5
    yield document("round and round", 422, COST, f'{{ toggle(name: "t") {{ {round} }} }}')
    for arguments in ("first: -1", "first: 1000000000", 'after: "forged"', "first: 1, last: 1"):
        yield document(arguments, 200, INPUT, f"{{ toggles({arguments}) {{ totalCount }} }}")
    yield document(
        "a long number", 422, VALIDATION, f"{{ toggles(first: {'9' * 99}) {{ totalCount }} }}"
    )


def _bodies() -> Iterator[Abuse]:
    for body in (b"null", b"5", b'"x"', b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000):
        yield Abuse(f"body {body[:6]!r}", 400, INPUT, body)
    one = b'{"query": "{ viewer { canWrite } }"}'
    for count in (1, 100, 5_000):
        yield Abuse(f"a batch of {count}", 400, INPUT, b"[" + b",".join([one] * count) + b"]")
    yield Abuse("a nested batch", 400, INPUT, b"[[" + one + b"]]")
    yield Abuse("20 MB", 413, INPUT, b'{"query": "' + b"x" * 20_000_000 + b'"}')
    yield Abuse("a query of 9 MB", 422, COST, b'{"query": "' + b"x " * 4_500_000 + b'"}')
    yield Abuse(
        "a million lists",
        200,
        None,
        b'{"query": "{ viewer { canWrite } }", "variables": {"x": [%s]}}'
        % b",".join([b"[]"] * 1_000_000),
    )
    toggle = "query($n: String!) { toggle(name: $n) { id } }"
    surrogate = json.dumps({"query": toggle, "variables": {"n": "\ud800"}}).encode()
    yield Abuse("a lone surrogate", 400, INPUT, surrogate)
    yield Abuse(
        "one in a query", 400, PARSE, b'{"query": "{ toggle(name: \\"\\\\ud800\\") { id } }"}'
    )
    digest = b'{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "%s"}}}' % (b"0" * 64)
    yield Abuse("an unknown hash", 400, "PERSISTED_QUERY_NOT_FOUND", digest)
    mismatch = digest[:-1] + b', "query": "{ viewer { canWrite } }"}'
    yield Abuse("a hash of something else", 400, INPUT, mismatch)
    yield Abuse("an unknown id", 400, "DOCUMENT_NOT_FOUND", b'{"documentId": "x"}')


def _forms() -> Iterator[Abuse]:
    body = json.dumps({"query": MUTATION}).encode()
    for type in FORM_TYPES:
        yield Abuse(f"a form of {type}", 415, INPUT, body, content_type=type)
    yield Abuse("a body without type", 415, INPUT, body, content_type=None)
    yield Abuse(
        "a mutation by GET",
        405,
        INPUT,
        method="GET",
        target=f"/graphql?query={MUTATION}",
        content_type=None,
    )
