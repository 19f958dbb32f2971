"""The README's first five minutes, as they are written."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server import Server

README = Path(__file__).parents[2] / "README.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.slow
def test_the_first_five_minutes_go_as_described(common_server: Server, tmp_path: Path) -> None:
    server = common_server
    create, ask_why, usage, switch_off = blocks("graphql")
    program = tmp_path / "five_minutes.py"
    program.write_text(
        blocks("python")[0]
        .replace("http://127.0.0.1:4242", server.url)
        .replace("CLIENT-TOKEN", server.client_token)
    )

    created = server.graphql(create)["toggleCreate"]
    (played,) = server.graphql(ask_why)["playground"]["nodes"]
    ran = subprocess.run(
        [sys.executable, program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "HOME": str(tmp_path)},  # where the SDK keeps what it has fetched
    )
    seen = server.graphql(usage)["toggle"]
    off = server.graphql(switch_off)["toggleSetEnabled"]

    assert created["errors"] == []
    assert [variant["weight"] for variant in created["toggle"]["variants"]] == [500, 500]
    assert played["evaluations"][0]["explanation"] == (
        "The strategy 'default' matches. It applies to everybody."
    )
    on_in_austria, on_in_france, variant = ran.stdout.splitlines()
    assert (on_in_austria, on_in_france) == ("True", "False")
    assert re.search("green|blue", variant)
    assert seen["lastSeenAt"] is not None
    assert seen["usages"]["nodes"][0]["application"]["name"] == "five-minutes"
    assert seen["events"]["nodes"][0]["type"] == "TOGGLE_CREATED"
    assert off["errors"] == []
    assert off["toggleEnvironment"]["enabled"] is False
