"""Malicious imports are refused, and do not delay other requests."""

import io
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from store import Store
from tests.rest_compat.conftest import begins_with
from tests.rest_compat.unleash3.responses import violations_in
from tests.rest_compat.unleash3.toggles import live_and_archived
from tests.steps import steps_at_a_time

PATH = "/api/admin/state/import"
JSON = {"content-type": "application/json"}
YAML = {"content-type": "application/yaml"}
FORM = {"content-type": "multipart/form-data; boundary=xyz"}
# The event loop may be blocked for at most this many steps, which take about 10 ms.
MAX_AT_A_TIME = 50_000

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
TOGGLE = "features:\n- name: {}\n  strategies: [{{name: default}}]\n"


pytestmark = begins_with(live_and_archived)


@asynccontextmanager
async def nobody_waits() -> AsyncIterator[None]:
    """Fail if the event loop runs too many steps at a time in the context."""
    async with steps_at_a_time() as turns:
        yield
    assert max(turns) < MAX_AT_A_TIME


async def refused(
    store: Store, admin: httpx.AsyncClient, body: bytes, headers: dict[str, str]
) -> httpx.Response:
    """Import with `drop`, check that nothing has changed, and return the answer."""
    before = store.snapshot
    async with nobody_waits():
        answer = await admin.post(PATH, params={"drop": "true"}, content=body, headers=headers)
    assert store.snapshot is before
    return answer


@pytest.mark.parametrize(
    "yaml",
    [
        BOMB,
        "a: &a\n- *a\n",
        "a: &a {<<: *a}\n",
        "<<: {version: 1}\n",
        "features: !!python/object/apply:os.system [touch pwned]\n",
        "features: !!python/tuple []\n",
        "version: !!int 1\n",
        "--- 1\n--- 2\n",
        "a: [" * 40,
        "? [a]\n: 1\n",
        "version: 1\nversion: 1\n",
        "version: 99999999999999999999\n",
        "\tversion: 1\n",
        "{" * 10_000,
        'features: "\\uD800"\n',
    ],
)
async def test_what_yaml_can_do_beyond_json_is_refused(
    store: Store,
    admin: httpx.AsyncClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    yaml: str,
) -> None:
    monkeypatch.chdir(tmp_path)

    answer = await refused(store, admin, yaml.encode(), YAML)

    ((path, rule),) = violations_in(answer)
    assert (path, rule) in (
        ("", "document-syntax"),
        ("version", "number.base"),
        ("features", "array.base"),
    )
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("name", ["no", "yes", "on", "null", "~", "1e3", "12", "0.5", "true", ""])
async def test_names_that_yaml_takes_for_something_else_are_refused(
    store: Store, admin: httpx.AsyncClient, name: str
) -> None:
    answer = await refused(store, admin, TOGGLE.format(name).encode(), YAML)

    assert violations_in(answer) == [("features[0].name", "string.base")]


@pytest.mark.parametrize("name", ["2030-01-31", "0x1F", "012", "1_000", "y"])
async def test_names_that_only_look_odd_are_texts(
    store: Store, admin: httpx.AsyncClient, name: str
) -> None:
    answer = await admin.post(PATH, content=TOGGLE.format(name).encode(), headers=YAML)

    assert answer.status_code == 202
    assert name in store.snapshot.toggles


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("export.json", "{}")
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", zipped()),
        ("a.yml", zipped()),
        ("a.json", bytes(range(256))),
        ("a.yml", b"\xff\xfe{\x00}\x00"),
        ("a.json", "\ufeff{}".encode()),
        ("a.yml", "\ufeff{}".encode()),
        ("a.json", b"\0"),
        ("a.yml", b"\x89PNG\r\n"),
    ],
)
async def test_files_that_are_no_text_are_refused(
    store: Store, admin: httpx.AsyncClient, name: str, content: bytes
) -> None:
    before = store.snapshot

    answer = await admin.post(PATH, files={"file": (name, content)})

    ((path, rule),) = violations_in(answer)
    assert (path, rule) in (("", "document-encoding"), ("", "document-syntax"))
    assert store.snapshot is before


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"content-type": "multipart/form-data"}, b"--xyz\r\n\r\n"),
        (FORM, b""),
        (FORM, b"--xyz\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\n{}"),
        (FORM, b"--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n" * 5_000),
        (FORM, b"--xyz\r\nContent-Disposition: " + b"x" * 1_000_000),
        (FORM, b"x" * 2_000_000 + b"\r\n--xyz--\r\n"),
        (FORM, b"\r\n-" * 700_000 + b"\r\n--xyz--\r\n"),
        (FORM, b"--xyz--\r\n"),
        (FORM, b"--xyz\r\nContent-Disposition: form-data; name=drop\r\n\r\n1\r\n--xyz--\r\n"),
    ],
)
async def test_malformed_forms_are_refused(
    store: Store, admin: httpx.AsyncClient, headers: dict[str, str], body: bytes
) -> None:
    answer = await refused(store, admin, body, headers)

    assert answer.status_code == 400
    assert answer.json()["name"] == "BadDataError"
    assert answer.json()["message"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"features": ',
        b"[" * 100_000,
        b'{"features": [' * 50_000,
        b'{"version": 1e400}',
        b'{"version": NaN}',
        b'{"version": ' + b"9" * 5_000 + b"}",
        b'{"features": [{"name": "\\ud800", "strategies": []}]}',
        b'{"features": [{"name": "a\\u0000", "strategies": [{"name": "b"}]}]}',
        b'{"features": [' + b"1," * 2_000_000 + b"1]}",
        b'{"x": [' + b"1," * 2_000_000 + b"1]}",
        b'{"features": [{"name": "a", "strategies": [{"name": "b", "parameters": {"x": ['
        + b"1," * 500_000
        + b"1]}}]}]}",
        b'{"features": [{"name": "a", "strategies": [{"name": "b", "parameters": '
        + b'{"x":' * 40
        + b"1"
        + b"}" * 40
        + b"}]}]}",
        b'{"features": [{"name": "' + b"a" * 101 + b'", "strategies": [{"name": "b"}]}]}',
        b'"text"',
        b"null",
        b"7",
        b'{"features": "a", "features": 1}',
    ],
)
async def test_hostile_json_is_refused(store: Store, admin: httpx.AsyncClient, body: bytes) -> None:
    answer = await refused(store, admin, body, JSON)

    assert 1 <= len(violations_in(answer)) <= 100


@pytest.mark.parametrize("headers", [JSON, YAML, FORM])
async def test_more_than_ten_megabytes_are_413(
    store: Store, admin: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await refused(store, admin, b" " * 10_000_001, headers)

    assert answer.status_code == 413


async def test_an_import_is_larger_than_other_bodies(
    store: Store, admin: httpx.AsyncClient
) -> None:
    answer = await admin.post(PATH, content=b" " * 2_000_000 + b'{"version": 1}', headers=JSON)

    assert answer.status_code == 202


@pytest.mark.parametrize("names", [["__proto__", "constructor", "toString"], ["*", "~", "!!", "-"]])
async def test_odd_names_leave_every_list_working(
    store: Store, admin: httpx.AsyncClient, client: httpx.AsyncClient, names: list[str]
) -> None:
    features: list[Any] = [{"name": name, "strategies": [{"name": name}]} for name in names]

    answer = await admin.post(PATH, json={"features": features})

    assert answer.status_code == 202
    for path in ("features", "events", "state/export", "archive/features"):
        assert (await admin.get(f"/api/admin/{path}")).status_code == 200
    served = (await client.get("/api/client/features")).json()["features"]
    assert sorted(item["name"] for item in served) == sorted([*names, "aa"])
