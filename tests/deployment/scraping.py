"""Run Prometheus with the rules in `deploy/`, and check that the dashboard's queries find data.

    python -m tests.deployment.scraping --minutes 5

starts two servers with one database, sends them requests, and lets Prometheus scrape both. The
program prints how many series each query of the dashboard finds, how many scrapes failed, and how
the number of series grew. It fails if a query finds nothing or a scrape fails.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.faults.rolling.site import free_port
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, ROOT, TOKENS, Server
from tests.waiting import wait_until

MONITORING = ROOT / "deploy" / "monitoring"
FEATURES = "/api/client/features"
# The interval of the program; `deploy/monitoring/prometheus.yaml` has the usual one.
INTERVAL_S = 5
STOP_S = 20


def dashboard_queries(job: str, window: str) -> Sequence[str]:
    """Return all queries of the dashboard, with its variables replaced."""
    dashboard = json.loads((MONITORING / "grafana-dashboard.json").read_text())
    targets = [target for panel in dashboard["panels"] for target in panel.get("targets", ())]
    return [
        target["expr"].replace("$job", job).replace("$__rate_interval", window)
        for target in targets
    ]


class Prometheus:
    """A running Prometheus."""

    def __init__(self, port: int) -> None:
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=15)

    def query(self, expression: str) -> list[Any]:
        """Return the series of an expression at this moment."""
        answer = self._client.get("/api/v1/query", params={"query": expression}).json()
        assert answer["status"] == "success", answer
        return answer["data"]["result"]

    def number(self, expression: str) -> float:
        """Return the value of an expression with one series, or 0 if it finds nothing."""
        found = self.query(expression)
        return float(found[0]["value"][1]) if found else 0

    def rules(self) -> Mapping[str, str]:
        """Return the health of each alert: `unknown`, `ok` or `err`."""
        groups = self._client.get("/api/v1/rules").json()["data"]["groups"]
        return {rule["name"]: rule["health"] for group in groups for rule in group["rules"]}

    @property
    def ready(self) -> bool:
        """Whether Prometheus answers queries."""
        try:
            return self._client.get("/-/ready").is_success
        except httpx.TransportError:
            return False

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


@contextmanager
def running_prometheus(
    folder: Path, targets: Sequence[str], interval_s: float
) -> Iterator[Prometheus]:
    """Run Prometheus with the configuration and the rules in `deploy/` until the context ends."""
    program = shutil.which("prometheus")
    assert program is not None, "prometheus is not installed"
    interval = f"{round(interval_s * 1000)}ms"
    configuration = yaml.safe_load((MONITORING / "prometheus.yaml").read_text())
    configuration["global"] = {"scrape_interval": interval, "evaluation_interval": interval}
    (job,) = configuration["scrape_configs"]
    job["static_configs"] = [{"targets": list(targets)}]
    for name in configuration["rule_files"]:
        shutil.copy(MONITORING / name, folder)
    file = folder / "prometheus.yaml"
    file.write_text(yaml.safe_dump(configuration))
    port = free_port()
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(
            [
                program,
                f"--config.file={file}",
                f"--storage.tsdb.path={folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    prometheus = Prometheus(port)
    try:
        wait_until(lambda: prometheus.ready)
        yield prometheus
    finally:
        prometheus.close()
        process.terminate()
        process.wait(STOP_S)


def send_requests(servers: Iterable[Server], client: httpx.Client, number: int) -> None:
    """Send each server requests of every kind that the dashboard shows, with new names."""
    instant = "2026-01-01T00:00:00Z"
    report = {
        "appName": f"app-{number}",
        "instanceId": "1",
        "bucket": {
            "start": instant,
            "stop": instant,
            "toggles": {f"toggle-{number}": {"yes": 1, "no": 0}},
        },
    }
    document = {"query": f"query Names{number} {{ toggles {{ nodes {{ name }} }} }}"}
    for server in servers:
        for token in (CLIENT_TOKEN, CLIENT_TOKEN, f"*:*.unknown-{number}"):
            client.get(server.url + FEATURES, headers={"Authorization": token})
        client.get(f"{server.url}/page-{number}")
        headers = {"Authorization": CLIENT_TOKEN}
        client.post(f"{server.url}/api/client/metrics", headers=headers, json=report)
        headers = {"Authorization": ADMIN_TOKEN}
        client.post(f"{server.url}/graphql", headers=headers, json=document)


@contextmanager
def running_servers(folder: Path, kind: type[Server] = Server) -> Iterator[list[Server]]:
    """Run two servers with one SQLite database until the context ends."""
    database = f"sqlite:///{folder / 'flagstaff.db'}"
    with ExitStack() as stack:
        servers: list[Server] = []
        for name in ("first", "second"):
            (folder / name).mkdir()
            server = kind(folder / name, FLAGSTAFF_DATABASE_URL=database, **TOKENS)
            servers.append(stack.enter_context(server))
        yield servers


def targets_of(servers: Iterable[Server]) -> list[str]:
    """Return the addresses of servers, as Prometheus needs them."""
    return [server.url.removeprefix("http://") for server in servers]


def main() -> int:
    """Run the program; return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    seconds = parser.parse_args().minutes * 60
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = stack.enter_context(running_servers(folder))
        client = stack.enter_context(httpx.Client(timeout=15))
        running = running_prometheus(folder, targets_of(servers), INTERVAL_S)
        prometheus = stack.enter_context(running)
        series: list[float] = []
        started = time.monotonic()
        number = 0
        while time.monotonic() - started < seconds:
            send_requests(servers, client, number)
            number += 1
            if number % 60 == 0:
                series.append(prometheus.number('count({job="flagstaff"})'))
            time.sleep(0.5)
        return report(prometheus, series, sent=number)


def report(prometheus: Prometheus, series: Sequence[float], *, sent: int) -> int:
    """Print what Prometheus has; return 1 if something is missing, otherwise 0."""
    found = {query: len(prometheus.query(query)) for query in dashboard_queries("flagstaff", "1m")}
    for query, count in found.items():
        print(f"{count:4} {query}")
    scrapes = prometheus.number('sum(count_over_time(up{job="flagstaff"}[1h]))')
    failed = scrapes - prometheus.number('sum(sum_over_time(up{job="flagstaff"}[1h]))')
    rules = prometheus.rules()
    firing = [alert["metric"]["alertname"] for alert in prometheus.query("ALERTS")]
    print(f"Requests were sent {sent} times, each time with new names, to both servers.")
    print(f"{scrapes:.0f} scrapes, {failed:.0f} failed; series over time: {series}")
    print(f"Rules: {dict(rules)}; pending or firing: {firing}")
    by_status = prometheus.query("sum by (route, status) (flagstaff_http_requests_total)")
    for one in by_status:
        print(one["value"][1], dict(one["metric"]))
    is_complete = all(found.values()) and set(rules.values()) == {"ok"}
    return 0 if is_complete and scrapes and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
