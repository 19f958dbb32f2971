"""The page about webhooks: its mutation creates a webhook, and its programs check signatures."""

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from flagstaff.webhooks.signing import signed_headers
from store import Store
from store.clock_skew import utc_now
from tests.documentation.pages import DOCS, blocks
from tests.graph.gateway import gateway_over

PAGE = DOCS / "webhooks.md"
RUN = tuple(blocks(PAGE))
PROGRAMS = [block for block in RUN if block.language in ("python", "javascript")]
SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
BODY = '{"summary": "Größe"}'.encode()

Check = Callable[[str, Mapping[str, str], bytes], bool]


def run_python(program: str, headers: Mapping[str, str], body: bytes) -> bool:
    names: dict[str, Check] = {}
    exec(program, names)
    return names["is_genuine"](SECRET, headers, body)


def run_node(program: str, headers: Mapping[str, str], body: bytes) -> bool:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed")
    bytes_of_body = f"Buffer.from('{body.hex()}', 'hex')"
    call = f"isGenuine({json.dumps(SECRET)}, {json.dumps(headers)}, {bytes_of_body})"
    ended = subprocess.run(
        [node, "-e", f"{program}\nconsole.log({call})"], capture_output=True, text=True, check=True
    )
    return json.loads(ended.stdout)


async def test_the_mutation_creates_a_webhook(store: Store):
    (document,) = (block.text for block in RUN if block.language == "graphql")
    async with gateway_over(store) as gateway:
        made = (await gateway.run(document))["webhookCreate"]

    (webhook,) = store.snapshot.webhooks.values()
    assert (made["errors"], made["secret"]) == ([], webhook.signing_secret)


@pytest.mark.parametrize("block", PROGRAMS, ids=lambda block: block.language)
def test_a_program_tells_genuine_requests_from_others(block):
    run = run_python if block.language == "python" else run_node
    genuine = dict(signed_headers(SECRET, "d-1", utc_now(), BODY))
    old = dict(signed_headers(SECRET, "d-1", utc_now() - timedelta(minutes=6), BODY))

    assert run(block.text, genuine, BODY)
    assert not run(block.text, genuine, BODY + b" ")
    assert not run(block.text, {**genuine, "webhook-id": "d-2"}, BODY)
    assert not run(block.text, old, BODY)
