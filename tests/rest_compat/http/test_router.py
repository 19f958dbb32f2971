"""The routes of paths."""

from urllib.parse import unquote

import pytest

from rest_compat.http.request import Request
from rest_compat.http.response import Response
from rest_compat.http.router import Found, Route, Router


async def nothing(_: Request) -> Response:
    raise AssertionError("nobody calls")


async def nothing_fixed(_: Request) -> Response:
    raise AssertionError("nobody calls")


ROUTE = Route(nothing)
FIXED = Route(nothing_fixed)
ROUTER = Router(
    {"/a/:name": {"GET": ROUTE}, "/a/fixed": {"POST": FIXED, "PUT": FIXED}},
    {"/a/:name": {"PUT": ROUTE}, "/a/:name/tags/:type/:value": {"DELETE": ROUTE}},
)


def find(path: str) -> Found | None:
    return ROUTER.find({"path": unquote(path), "raw_path": path.encode()})


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("/a/x", {"name": "x"}),
        ("/a/x/", {"name": "x"}),
        ("/a/%C3%A5%20b", {"name": "å b"}),
        ("/a/x%2Fy", {"name": "x/y"}),
        ("/a/fixed", {"name": "fixed"}),
        ("/a/fixed/tags/simple/b%2Fc", {"name": "fixed", "type": "simple", "value": "b/c"}),
        ("/%61/x", {"name": "x"}),
    ],
)
def test_a_path_is_found_with_its_parameters(path: str, parameters: dict[str, str]) -> None:
    found = find(path)

    assert found is not None
    assert found.parameters == parameters


@pytest.mark.parametrize(
    "path", ["/", "/a", "/a//", "/a/x/tags", "/a/x%00", "/a/%ff", "/a/x/tags/t", "/b", "//a/x"]
)
def test_nothing_is_found_elsewhere(path: str) -> None:
    assert find(path) is None


def test_methods_of_one_path_may_come_from_several_tables() -> None:
    found = find("/a/x")

    assert found is not None
    assert set(found.methods) == {"GET", "PUT"}


def test_a_fixed_part_goes_before_a_parameter_for_its_own_methods_only() -> None:
    found = find("/a/fixed")

    assert found is not None
    assert found.methods == {"GET": ROUTE, "PUT": FIXED, "POST": FIXED}


def test_a_server_that_gives_no_raw_path_is_served_as_well() -> None:
    found = ROUTER.find({"path": "/a/å b"})

    assert found is not None
    assert found.parameters == {"name": "å b"}
