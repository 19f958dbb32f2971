"""`flagstaff health` asks a running server for its health."""

from collections.abc import Callable

import pytest

from tests.flagstaff.outcome import Outcome
from tests.server import Server


@pytest.mark.parametrize(
    ("options", "path"), [((), "/health"), (("--ready",), "/ready")], ids=["alive", "ready"]
)
def test_a_healthy_server_is_reported(
    flagstaff: Callable[..., Outcome], common_server: Server, options: tuple[str, ...], path: str
) -> None:
    outcome = flagstaff("health", "--url", common_server.url, *options)

    assert outcome == (0, f"{common_server.url}{path} answers 200.\n", "")


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_the_default_is_the_server_with_the_same_settings(
    flagstaff: Callable[..., Outcome],
    common_server: Server,
    monkeypatch: pytest.MonkeyPatch,
    host: str,
) -> None:
    monkeypatch.setenv("FLAGSTAFF_HOST", host)
    monkeypatch.setenv("FLAGSTAFF_PORT", common_server.url.rpartition(":")[2])

    assert flagstaff("health").status == 0


def test_a_missing_server_is_an_error(flagstaff: Callable[..., Outcome]) -> None:
    outcome = flagstaff("health", "--url", "http://127.0.0.1:9")

    assert outcome.status == 1
    assert outcome.err.startswith("http://127.0.0.1:9 does not answer: ")


@pytest.mark.parametrize("url", ["ftp://localhost", "http://", "http://localhost:port"])
def test_a_malformed_url_is_an_error(flagstaff: Callable[..., Outcome], url: str) -> None:
    outcome = flagstaff("health", "--url", url)

    assert outcome.status == 1
    assert outcome.err.startswith(f"{url} does not answer: ")


def test_another_status_is_an_error(
    flagstaff: Callable[..., Outcome], common_server: Server
) -> None:
    outcome = flagstaff("health", "--url", f"{common_server.url}/nowhere")

    assert outcome == (1, "", f"{common_server.url}/nowhere/health answers 404.\n")
