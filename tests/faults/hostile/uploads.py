"""Uploads that cannot be imported: broken multipart, malicious YAML, and other files."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.faults.hostile.values import JSON_VALUES, RAW_BODIES, ZIP, bomb

# Only executed YAML could create this file. At its end, a run checks that the file does not exist.
TRACE_FILE = Path(tempfile.gettempdir()) / f"flagstaff-hostile-yaml-{os.getpid()}"

_BOUNDARY = b"hostile"
_GOOD = b'{"version": 1, "features": []}'
_FILE_NAMES = (
    b"state.json",
    b"../../../../tmp/flagstaff-hostile.json",
    b"..\\\\..\\\\state.json",
    b"/etc/passwd",
    b"state.json\\x00.yml",
    b"a\\r\\nX-Injected: yes.json",
    b'quo\\"te.json',
    b"state.yml.exe",
    b"",
    b"x" * 5_000 + b".json",
    b"\xff\xfe.json",
    "🚀\u202e.json".encode(),
    b"con",
    b"state.yml; drop=true",
)

_ALIAS_BOMB = b"a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"a%d: &a%d [%s]\n" % (i, i, b",".join([b"*a%d" % (i - 1)] * 9)) for i in range(1, 12)
)
YAML_TEXTS = (
    _ALIAS_BOMB + b"features: *a11\n",
    b"features: &a [*a]\n",
    b"&a version: *a\n",
    b"a: &a {<<: *a}\nfeatures: []\n",
    b"features: [{<<: [{name: x}, {name: y}]}]\n",
    b"!!python/object/apply:os.system ['touch %b']\n" % bytes(TRACE_FILE),
    b"features: !!python/object/apply:os.system ['touch %b']\n" % bytes(TRACE_FILE),
    b"features: !!python/name:os.system\n",
    b"features: !!binary aGVsbG8=\n",
    b"features: !!set {a, b}\n",
    b"features: !!timestamp 2020-01-01\n",
    b"!<tag:yaml.org,2002:map> {features: []}\n",
    b"features:\n- name: no\n  strategies: [{name: default}]\n",
    b"features:\n- name: 2020-01-01\n  strategies: [{name: default}]\n",
    b"features:\n- name: 1e3\n  strategies: [{name: default}]\n",
    b"features:\n- name: 0x1f\n  strategies: [{name: default}]\n",
    b"features:\n- name: ~\n  strategies: [{name: default}]\n",
    b"features:\n- {? [a, b] : c}\n",
    b"features: [{name: 12:30:45, strategies: [{name: default}]}]\n",
    b"? features\n: - name\n",
    b"--- {features: []}\n--- {features: []}\n",
    b"%YAML 9.9\n---\nfeatures: []\n",
    b"features: " + b"[" * 50_000 + b"]" * 50_000,
    b"features: " + b"{a: " * 20_000,
    b"- " * 20_000 + b"x",
    b"\tfeatures: []\n",
    b"features: [\n",
    b"features: 'unended\n",
    b"features: |\n  x\n y\n",
    b"a: b: c\n",
    b"\x00features: []\n",
    b"\xff\xfef\x00",
    "features: []".encode("utf-16"),
    b"features: [" + b"1," * 300_000 + b"]",
    b"features: []\nfeatures: 1\n",
    b"\xef\xbb\xbffeatures: 5\n",
    b"x" * 1_100_000,
)


def uploads() -> Iterator[tuple[str, bytes, bytes]]:
    """The fault of each upload, its content type and its body."""
    plain = _content_type(_BOUNDARY)
    for file_name in _FILE_NAMES:
        yield "an odd file name", plain, _upload(_GOOD[:-1], file_name)
    for text in YAML_TEXTS:
        yield "hostile YAML", plain, _upload(text, b"state.yml")
    for text in (ZIP, bomb(), b"\x7fELF" + bytes(1_000), b"%PDF-1.7", b"\x89PNG\r\n\x1a\n"):
        yield "a file of another kind", plain, _upload(text, b"state.json")
        yield "a file of another kind", plain, _upload(text, b"state.yaml")
    for text in RAW_BODIES:
        yield "a body that is no object", plain, _upload(text, b"state.json")
    for value in JSON_VALUES:
        text = b'{"version": 1, "features": %s}' % value
        yield "odd features", plain, _upload(text, b"state.json")
    yield "no boundary", b"multipart/form-data", _upload(_GOOD)
    yield "an empty boundary", b"multipart/form-data; boundary=", _upload(_GOOD)
    yield "an open quote", b'multipart/form-data; boundary="hostile', _upload(_GOOD)
    yield "another boundary", _content_type(b"other"), _upload(_GOOD)
    yield "a long boundary", _content_type(b"b" * 5_000), _upload(_GOOD, boundary=b"b" * 5_000)
    yield "a boundary of odd bytes", _content_type(b"\xff\x01"), _upload(_GOOD, boundary=b"\xff")
    yield "two boundaries", plain + b"; boundary=other", _upload(_GOOD)
    yield "an odd charset", plain + b"; charset=utf-7", _upload(_GOOD)
    yield "another kind of multipart", b"multipart/mixed; boundary=hostile", _upload(_GOOD)
    yield "no end", plain, _upload(_GOOD).removesuffix(b"--hostile--\r\n")
    yield "cut off in the head", plain, b"--hostile\r\nContent-Disposition: form-da"
    yield "no head", plain, b"--hostile\r\n\r\n{}\r\n--hostile--\r\n"
    yield "an end alone", plain, b"--hostile--\r\n"
    yield "nothing", plain, b""
    yield "line feeds alone", plain, _upload(_GOOD).replace(b"\r\n", b"\n")
    yield "no Content-Disposition", plain, _part(_GOOD, b"X: y")
    yield "another field", plain, _part(_GOOD, b'Content-Disposition: form-data; name="other"')
    yield "no field name", plain, _part(_GOOD, b"Content-Disposition: form-data")
    yield "two files", plain, _part(_GOOD, _disposition(b"a.json")) * 2 + b"--hostile--\r\n"
    yield "base64", plain, _part(_GOOD, _disposition(b"a.json"), b"Content-Transfer-Encoding: x")
    yield "5,000 parts", plain, _part(b"x", _disposition(b"a.json")) * 5_000 + b"--hostile--\r\n"
    yield "a part head of 1 MB", plain, _part(_GOOD, b"X: " + b"y" * 1_000_000)
    yield "10,000 part headers", plain, _part(_GOOD, *[b"X: y"] * 10_000)
    yield "a preamble of 2 MB", plain, b"x" * 2_000_000 + b"\r\n" + _upload(_GOOD[:-1])
    yield "almost boundaries", plain, b"\r\n--hostil" * 100_000
    yield "a part within a part", plain, _part(_upload(_GOOD), _disposition(b"a.json"))
    yield "a null in the head", plain, _part(_GOOD, _disposition(b"a.json"), b"X\x00: y")


def _content_type(boundary: bytes) -> bytes:
    return b"multipart/form-data; boundary=" + boundary


def _disposition(file_name: bytes) -> bytes:
    return b'Content-Disposition: form-data; name="file"; filename="%s"' % file_name


def _part(content: bytes, *headers: bytes, boundary: bytes = _BOUNDARY) -> bytes:
    return b"\r\n".join([b"--" + boundary, *headers, b"", content, b""])


def _upload(
    content: bytes, file_name: bytes = b"state.json", *, boundary: bytes = _BOUNDARY
) -> bytes:
    part = _part(content, _disposition(file_name), b"Content-Type: text/x", boundary=boundary)
    return part + b"--" + boundary + b"--\r\n"
