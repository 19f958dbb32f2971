"""The programs that read the files in `deploy/` accept them."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest

from tests.deployment.scraping import (
    dashboard_queries,
    running_prometheus,
    running_servers,
    send_requests,
    targets_of,
)
from tests.faults.rolling.site import find_nginx, running_nginx
from tests.server import CLIENT_TOKEN, ROOT, ForkedServer, Server
from tests.waiting import wait_until

DEPLOY = ROOT / "deploy"
UNIT = DEPLOY / "systemd" / "flagstaff.service"
PROXY = DEPLOY / "compose" / "nginx.conf"
TIMEOUT_S = 60
# systemd rates the exposure of a unit from 0 to 100 in tenths; lower is safer.
MAX_EXPOSURE = 20


def run(*command: str) -> str:
    ended = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout + ended.stderr


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit, with a program that exists on this machine."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    copy = tmp_path / UNIT.name
    text, replaced = re.subn(
        r"^ExecStart=\S+ ", f"ExecStart={sys.executable} ", UNIT.read_text(), flags=re.MULTILINE
    )
    assert replaced == 1
    copy.write_text(text)
    return copy


def test_systemd_accepts_the_unit(unit: Path) -> None:
    assert UNIT.name not in run("systemd-analyze", "verify", "--man=no", str(unit))


def test_systemd_rates_the_unit_as_protected(unit: Path) -> None:
    run("systemd-analyze", "security", "--offline=true", f"--threshold={MAX_EXPOSURE}", str(unit))


@pytest.mark.parametrize(
    "arguments", [("check", "rules", "alerts.yaml"), ("test", "rules", "alerts_test.yaml")]
)
def test_prometheus_accepts_the_alerts(arguments: tuple[str, ...]) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed")
    *command, file = arguments

    assert "SUCCESS" in run(promtool, *command, str(DEPLOY / "monitoring" / file))


def test_hadolint_accepts_the_image() -> None:
    hadolint = shutil.which("hadolint", path=Path(sys.executable).parent)
    if hadolint is None:
        pytest.skip("hadolint is not installed")

    run(hadolint, str(DEPLOY / "Dockerfile"))


def schema_command(module: str, *arguments: str) -> Sequence[str]:
    if find_spec(module) is None:
        pytest.skip(f"the package {module} is not installed")
    return (sys.executable, "-m", module, *arguments)


@pytest.mark.thorough
def test_files_of_compose_match_its_schema() -> None:
    files = [str(file) for file in (DEPLOY / "compose").glob("*.yaml")]

    command = schema_command("check_jsonschema", "--builtin-schema", "vendor.compose-spec")
    assert len(files) == 2
    run(*command, *files)


@pytest.mark.thorough
def test_manifests_match_the_schemas_of_kubernetes() -> None:
    files = [
        str(file)
        for file in (DEPLOY / "kubernetes").glob("*.yaml")
        # This file is read by kubectl, not by a cluster.
        if file.name != "kustomization.yaml"
    ]

    output = run(*schema_command("kubernetes_validate", "--strict", *files))
    assert output.count(" passed ") == len(files)


@pytest.mark.thorough
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("prometheus") is None, reason="prometheus is not installed")
def test_prometheus_finds_data_for_each_query_of_the_dashboard(
    servers: list[Server], tmp_path: Path
) -> None:
    folder = tmp_path / "prometheus"
    folder.mkdir()
    queries = dashboard_queries("flagstaff", "1m")
    numbers = iter(range(1_000))

    with (
        running_prometheus(folder, targets_of(servers), interval_s=0.5) as prometheus,
        httpx.Client(timeout=15) as client,
    ):

        def missing() -> list[str]:
            send_requests(servers, client, next(numbers))
            return [query for query in queries if not prometheus.query(query)]

        wait_until(lambda: not missing())

        assert prometheus.number('count(up{job="flagstaff"} == 1)') == len(servers)
        assert set(prometheus.rules().values()) <= {"ok", "unknown"}


def template() -> str:
    """The configuration of nginx for servers on this machine, with the fields of the harness."""
    text = PROXY.read_text().replace("{", "{{").replace("}", "}}")
    folders = "".join(
        f"{name}_temp_path {{folder}}/{name}; "
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    for pattern, replacement in (
        (r"error_log \S+ ", "daemon off; error_log {folder}/error.log "),
        (r"pid \S+;", "pid {folder}/nginx.pid;"),
        (r"http \{\{", "http {{ " + folders),
        (r"access_log off;", "access_log {folder}/access.log;"),
        (r"server flagstaff-1:.*\n\s*server flagstaff-2:.*\n", "{servers}\n"),
        (r"listen 8080;", "listen 127.0.0.1:{port};"),
    ):
        text, replaced = re.subn(pattern, replacement, text)
        assert replaced == 1, pattern
    return text


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[list[Server]]:
    """Two servers with one database."""
    with running_servers(tmp_path, ForkedServer) as started:
        yield started


@pytest.mark.thorough
@pytest.mark.skipif(find_nginx() is None, reason="nginx is not installed")
def test_nginx_hides_the_metrics_and_survives_a_lost_server(
    servers: list[Server],
) -> None:
    ports = [httpx.URL(server.url).port or 0 for server in servers]
    headers = {"Authorization": CLIENT_TOKEN}

    # nginx runs as another user, who cannot enter the folders of pytest.
    with (
        tempfile.TemporaryDirectory() as folder,
        running_nginx(Path(folder), ports, template()) as proxy,
        httpx.Client(base_url=proxy.url, headers=headers) as client,
    ):
        before = [client.get("/api/client/features").status_code for _ in range(4)]
        hidden = [client.get(path) for path in ("/metrics", "/internal-backstage/prometheus")]
        servers[0].kill()
        after = [client.get("/api/client/features").status_code for _ in range(4)]

    assert before == after == [200] * 4
    assert [answer.status_code for answer in hidden] == [404, 404]
