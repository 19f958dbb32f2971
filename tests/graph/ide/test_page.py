"""The server shows GraphiQL at the address of the API. The examples in GraphiQL run."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
from graphql import parse, validate

from graph.app import graphql_app
from graph.engine.run.config import GraphConfig
from graph.ide.page import BUNDLE
from graph.schema import schema
from store import Store
from tests.graph.gateway import Gateway
from tests.prefixing import below

pytestmark = pytest.mark.asyncio(loop_scope="module")

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
EXAMPLES = Path(__file__).parents[3] / "graph" / "ide" / "sources" / "src" / "examples"


@pytest.mark.parametrize("address", ["/graphql", "/graphql/"])
async def test_every_file_that_the_built_page_names_is_served_below_any_prefix(
    shared_store: Store, address: str
) -> None:
    if not BUNDLE.is_dir():
        pytest.skip("GraphiQL is not built; pip install --editable . builds it")
    app = below("/flags", graphql_app(shared_store, GraphConfig()))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://flagstaff"
    ) as browser:
        page = await browser.get(f"/flags{address}", headers={"Accept": BROWSER})
        named = re.findall(r'(?:src|href)="([^"]+\.[a-z]+)"', page.text)
        urls = [urljoin(str(page.url), name) for name in named]
        statuses = {url: (await browser.get(url)).status_code for url in urls}

    assert {name.rpartition(".")[2] for name in named} == {"js", "css"}
    assert set(statuses.values()) == {200}


async def test_the_examples_run_as_they_are_on_a_new_server(shared_gateway: Gateway) -> None:
    """The examples run in order, because some use objects that earlier examples create."""
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("*.graphql"))}
    subscriptions = [path for path, text in texts.items() if "\nsubscription " in text]

    problems = [
        problem for text in texts.values() for problem in validate(schema.graphql, parse(text))
    ]
    answers = {
        path.stem: await run(shared_gateway, path) for path in texts if path not in subscriptions
    }

    assert problems == []
    assert len(answers) == 11
    assert len(subscriptions) == 1
    assert {name: answer for name, answer in answers.items() if "errors" in answer} == {}
    payloads = [
        payload
        for answer in answers.values()
        for payload in answer["data"].values()
        if isinstance(payload, dict) and "errors" in payload
    ]
    assert [payload["errors"] for payload in payloads] == [[], [], []]
    assert answers["03-toggle"]["data"]["toggle"]["name"] == "my-first-toggle"


async def run(gateway: Gateway, path: Path) -> dict[str, Any]:
    variables = path.with_suffix(".json")
    answer = await gateway.client.post(
        "/graphql",
        headers=gateway.headers("admin"),
        json={
            "query": path.read_text(encoding="utf-8"),
            "variables": json.loads(variables.read_text()) if variables.exists() else None,
        },
    )
    return answer.json()


async def test_a_browser_gets_the_page_without_a_token(shared_gateway: Gateway) -> None:
    response = await shared_gateway.client.get("/graphql", headers={"Accept": BROWSER})

    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]


@pytest.mark.parametrize("parameter", ["query", "extensions", "documentId"])
async def test_a_browser_with_something_to_ask_gets_no_page(
    shared_gateway: Gateway, parameter: str
) -> None:
    response = await shared_gateway.client.get(
        "/graphql", params={parameter: "x"}, headers={"Accept": BROWSER}
    )

    assert response.status_code == 401
