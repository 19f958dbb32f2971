"""If PostgreSQL or its connections hang, requests are refused. The server recovers later."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.faults.proxy import Proxy
from tests.postgresql import Cluster
from tests.server import CLIENT_TOKEN, TOKENS, ForkedServer, Server
from tests.waiting import wait_until

pytestmark = pytest.mark.slow

# This time is far longer than any documented timeout. Tests check only that waiting ends.
DEADLINE_S = 30
CREATE = "mutation($name: String!) { toggleCreate(input: {name: $name}) { toggle { name } } }"


@pytest.fixture
def proxy(cluster: Cluster) -> Iterator[Proxy]:
    with Proxy(cluster.port) as running:
        yield running


@pytest.fixture
def url(migrated_database: Callable[[str], str], cluster: Cluster) -> str:
    return cluster.new_database(template=migrated_database("postgresql"))


@pytest.fixture
def server(tmp_path: Path, url: str) -> Iterator[Server]:
    with ForkedServer(tmp_path, FLAGSTAFF_DATABASE_URL=url, **TOKENS) as running:
        yield running


@pytest.fixture
def behind(tmp_path: Path, url: str, cluster: Cluster, proxy: Proxy) -> Iterator[Server]:
    """A server that connects to the database through the proxy."""
    folder = tmp_path / "behind"
    folder.mkdir()
    through = url.replace(f":{cluster.port}/", f":{proxy.port}/")
    with ForkedServer(folder, FLAGSTAFF_DATABASE_URL=through, **TOKENS) as running:
        yield running


def create(server: Server, name: str) -> httpx.Response:
    """Create a toggle over REST."""
    toggle = {"name": name, "enabled": True, "strategies": [{"name": "default"}]}
    return ask(server, "POST", "/api/admin/features", json=toggle)


def create_by_graphql(server: Server, name: str) -> httpx.Response:
    document = {"query": CREATE, "variables": {"name": name}}
    return ask(server, "POST", "/graphql", json=document)


def ask(
    server: Server, method: str, path: str, *, token: str = "", **content: Any
) -> httpx.Response:
    headers = {"Authorization": token or server.admin_token}
    return httpx.request(
        method, server.url + path, headers=headers, timeout=DEADLINE_S, verify=False, **content
    )


def names(server: Server) -> set[str]:
    """The toggles that an SDK reads."""
    answer = ask(server, "GET", "/api/client/features", token=CLIENT_TOKEN)
    assert answer.status_code == 200
    return {feature["name"] for feature in answer.json()["features"]}


def is_created(answer: httpx.Response) -> bool:
    """Whether a change was made. A change that was not made must have been refused."""
    assert answer.status_code in (201, 503), answer.text
    return answer.status_code == 201


def test_a_frozen_database_refuses_writes_and_serves_toggles(
    server: Server, cluster: Cluster
) -> None:
    create(server, "before")

    with cluster.frozen():
        over_rest = create(server, "refused")
        over_graphql = create_by_graphql(server, "refused")
        reading = ask(server, "POST", "/graphql", json={"query": "{ events { totalCount } }"})
        served = names(server)
        wait_until(lambda: ready_body(server)["database"] == "unavailable")
        health = ask(server, "GET", "/health")
        is_ready = ask(server, "GET", "/ready")
    wait_until(lambda: is_created(create(server, "after")))

    assert over_rest.status_code == 503
    assert int(over_rest.headers["retry-after"]) > 0
    assert over_graphql.status_code == 503
    assert int(over_graphql.headers["retry-after"]) > 0
    assert over_graphql.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert "UNAVAILABLE" in reading.text
    assert served == {"before"}
    assert (health.status_code, is_ready.status_code) == (200, 200)
    assert names(server) == {"before", "after"}
    wait_until(lambda: ready_body(server)["database"] == "available")


def ready_body(server: Server) -> dict[str, object]:
    return ask(server, "GET", "/ready").json()


@pytest.mark.thorough
def test_many_writes_at_a_frozen_database_are_refused_and_none_is_made(
    server: Server, cluster: Cluster
) -> None:
    document = {
        "query": "mutation {"
        + " ".join(
            f't{n}: toggleCreate(input: {{name: "t{n}"}}) {{ errors {{ code }} }}' for n in range(5)
        )
        + "}"
    }

    with cluster.frozen():
        answer = ask(server, "POST", "/graphql", json=document)

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    wait_until(lambda: is_created(create(server, "after")))
    assert names(server) == {"after"}


@pytest.mark.thorough
def test_a_server_ends_while_the_database_is_frozen(server: Server, cluster: Cluster) -> None:
    with cluster.frozen():
        create(server, "refused")

        assert server.stop() == 0


@pytest.mark.thorough
def test_connections_that_went_silent_are_replaced(
    server: Server, behind: Server, proxy: Proxy
) -> None:
    assert is_created(create(behind, "before"))

    assert proxy.silence() > 0
    create(server, "elsewhere")
    wait_until(lambda: "elsewhere" in names(behind))
    proxy.silence()
    wait_until(lambda: is_created(create(behind, "here")))

    assert names(behind) == {"before", "elsewhere", "here"}


@pytest.mark.thorough
def test_a_commit_whose_answer_is_lost_is_not_acknowledged_but_visible(
    behind: Server, proxy: Proxy
) -> None:
    proxy.swallow_answer_to(b"COMMIT;")
    over_rest = create(behind, "perhaps")
    wait_until(lambda: "perhaps" in names(behind))
    proxy.swallow_answer_to(b"COMMIT;")
    over_graphql = create_by_graphql(behind, "perhaps.too")
    wait_until(lambda: "perhaps.too" in names(behind))

    for answer in (over_rest, over_graphql):
        assert answer.status_code == 503
        assert "is unknown" in answer.text


@pytest.mark.thorough
def test_a_server_ends_while_its_connections_are_silent(behind: Server, proxy: Proxy) -> None:
    proxy.silence()

    assert behind.stop() == 0


@pytest.mark.thorough
def test_readiness_for_writes_follows_the_database(
    tmp_path: Path, url: str, cluster: Cluster
) -> None:
    variables = {"FLAGSTAFF_DATABASE_URL": url, "FLAGSTAFF_READY": "writes", **TOKENS}
    with ForkedServer(tmp_path, **variables) as server:
        assert ask(server, "GET", "/ready").status_code == 200

        with cluster.frozen():
            wait_until(lambda: ask(server, "GET", "/ready").status_code == 503)
        wait_until(lambda: ask(server, "GET", "/ready").status_code == 200)
