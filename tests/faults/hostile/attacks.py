"""Malformed requests to an endpoint. A seed generates them, so they can be repeated."""

import json
from collections.abc import Iterator
from itertools import islice
from random import Random
from urllib.parse import quote

from tests.faults.hostile.documents import cut_off, flawed, replaced, string_paths
from tests.faults.hostile.endpoints import Endpoint
from tests.faults.hostile.sending import Attack, Headers
from tests.faults.hostile.uploads import uploads
from tests.faults.hostile.values import (
    CONTENT_TYPES,
    HEADERS,
    METHODS,
    ODD_NAMES,
    PATH_PARTS,
    QUERIES,
    RAW_BODIES,
    packed_bodies,
)

JSON: Headers = ((b"content-type", b"application/json"),)
# The number of documents with a fault. Most rules are about documents, so this number is large.
MAX_MUTATIONS = 150
_NAME_KEYS = ("name", "appName", "featureName", "tagValue", "value", "contextName")
_MEGABYTE = b" " * 1_000_000


def attacks_on(endpoint: Endpoint, chance: Random, credentials: Headers) -> Iterator[Attack]:
    """All kinds of malformed requests to one endpoint, in random order."""
    found = [*_paths(endpoint), *_queries(endpoint), *_headers(endpoint, credentials)]
    found += _methods(endpoint)
    if endpoint.takes_body:
        found += _bodies(endpoint, chance)
    if endpoint.takes_files:
        found += _files(endpoint)
    chance.shuffle(found)
    for attack in found:
        own = {name for name, _ in attack.headers}
        given = tuple(credential for credential in credentials if credential[0] not in own)
        yield Attack(
            attack.name,
            attack.method,
            attack.target,
            (*given, *attack.headers),
            attack.body,
            attack.repeats,
        )


def named(endpoint: Endpoint, name: str, chance: Random, credentials: Headers) -> Iterator[Attack]:
    """Requests with a name in the field for names, or in place of another string."""
    texts = string_paths(endpoint.example)
    own = [path for path in texts if path[-1] in _NAME_KEYS]
    for path in {*own[:1], *chance.sample(texts, min(1, len(texts)))}:
        body = json.dumps(replaced(endpoint.example, path, name)).encode()
        headers = (*credentials, *JSON)
        yield Attack(f"the name at {path}", endpoint.method, path_of(endpoint), headers, body)


def huge_attacks(endpoint: Endpoint, credentials: Headers) -> Iterator[Attack]:
    """Bodies that exceed every limit. Some bodies have a known length."""
    target = path_of(endpoint)
    for name, body, repeats in (
        ("20 MB", b'{"name": "' + b"x" * 20_000_000 + b'"}', 0),
        ("an endless body", _MEGABYTE, 40),
        ("an endless list", b"[" + b"0," * 500_000, 40),
    ):
        yield Attack(name, endpoint.method, target, (*credentials, *JSON), body, repeats)


def path_of(endpoint: Endpoint, replaced: int | None = None, part: bytes = b"") -> bytes:
    """Return the path of a target with one part replaced."""
    parts = endpoint.parts
    if replaced is not None:
        parts[replaced] = part
    return b"/" + b"/".join(parts)


def _good_body(endpoint: Endpoint) -> bytes:
    return json.dumps(endpoint.example).encode() if endpoint.takes_body else b""


def _paths(endpoint: Endpoint) -> Iterator[Attack]:
    body = _good_body(endpoint)
    last = len(endpoint.parts) - 1
    for position in endpoint.parameters:
        for name in ODD_NAMES:
            part = quote(name, safe="").encode()
            # A longer name would never reach the application.
            if len(part) < 30_000:
                target = path_of(endpoint, position, part)
                yield Attack("an odd name", endpoint.method, target, JSON, body)
    for position in endpoint.parameters or [last]:
        for part in PATH_PARTS:
            target = path_of(endpoint, position, part)
            yield Attack("an odd path", endpoint.method, target, JSON, body)
    for end in (b"/", b"//", b"/..", b"/%00", b";x", b"/%2e%2e/", b"%20", b"/x" * 500):
        target = path_of(endpoint) + end
        yield Attack("an odd end of the path", endpoint.method, target, JSON, body)


def _queries(endpoint: Endpoint) -> Iterator[Attack]:
    body = _good_body(endpoint)
    for query in QUERIES:
        target = path_of(endpoint) + b"?" + query
        yield Attack("an odd query", endpoint.method, target, JSON, body)


def _headers(endpoint: Endpoint, credentials: Headers) -> Iterator[Attack]:
    body, target = _good_body(endpoint), path_of(endpoint)
    for header in HEADERS:
        yield Attack("an odd header", endpoint.method, target, (*JSON, header), body)
    many = tuple((b"x-many-%d" % i, b"x") for i in range(500))
    yield Attack("500 headers", endpoint.method, target, (*JSON, *many), body)
    twice = (*credentials, *credentials)
    yield Attack("credentials twice", endpoint.method, target, (*JSON, *twice), body)


def _methods(endpoint: Endpoint) -> Iterator[Attack]:
    for method in METHODS:
        # These methods of the path are separate endpoints.
        if method not in ("DELETE", "POST", "PUT"):
            yield Attack("another method", method, path_of(endpoint), JSON)


def _bodies(endpoint: Endpoint, chance: Random) -> Iterator[Attack]:
    method, target, good = endpoint.method, path_of(endpoint), _good_body(endpoint)
    for body in RAW_BODIES:
        yield Attack("a broken body", method, target, JSON, body)
        yield Attack("a broken body without its type", method, target, (), body)
    for _ in range(5):
        yield Attack("a body cut off", method, target, JSON, cut_off(endpoint.example, chance))
    for name, body in islice(flawed(endpoint.example, chance), MAX_MUTATIONS):
        yield Attack(name, method, target, JSON, body)
    for content_type in CONTENT_TYPES:
        headers = ((b"content-type", content_type),)
        yield Attack("another content type", method, target, headers, good)
    for coding, body in packed_bodies():
        headers = (*JSON, (b"content-encoding", coding))
        yield Attack("an odd coding", method, target, headers, body)
    for name, content_type, body in islice(uploads(), 3):
        headers = ((b"content-type", content_type),)
        yield Attack(f"a file: {name}", method, target, headers, body)


def _files(endpoint: Endpoint) -> Iterator[Attack]:
    for name, content_type, body in uploads():
        for query in (b"", b"?keep=1"):
            target = path_of(endpoint) + query
            headers = ((b"content-type", content_type),)
            yield Attack(f"a file: {name}", endpoint.method, target, headers, body)
    for body in RAW_BODIES:
        if not body.strip().startswith(b"{}"):
            target = path_of(endpoint) + b"?drop=true"
            yield Attack("a broken body that drops", endpoint.method, target, JSON, body)
