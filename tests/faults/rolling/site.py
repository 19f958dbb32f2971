"""nginx in front of several servers, and its log."""

import json
import os
import shutil
import socket
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.faults.rolling.processes import wait_for

_CONFIGURATION = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  log_format counted escape=json '{{"status": $status, "request": "$request_method $uri", '
    '"body": "$request_body"}}';
  access_log {folder}/access.log counted;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  client_body_buffer_size 1m;
  upstream flagstaff {{
    {servers}
    keepalive 16;
  }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://flagstaff;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
    }}
  }}
}}
"""
_UNPRIVILEGED = "nobody"


def find_nginx() -> str | None:
    """Find the program nginx. For ordinary users, it is not always on the PATH."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def free_port() -> int:
    """Return an unused port of the loopback interface."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Nginx:
    """A running nginx and its log."""

    def __init__(self, folder: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._log = folder / "access.log"

    def answers(self) -> Iterator[dict[str, Any]]:
        """The status, request line and body of each request so far."""
        for line in self._log.read_text().splitlines():
            yield json.loads(line)

    def statuses(self) -> Counter[str]:
        """The number of requests of each kind by status."""
        return Counter(f"{answer['request']}: {answer['status']}" for answer in self.answers())

    def acknowledged(self, toggle: str) -> Counter[str]:
        """The number of evaluations of a toggle by application. Only acknowledged reports count."""
        counts: Counter[str] = Counter()
        for name, number, status in self._reports(toggle):
            counts[name] += number if status == 202 else 0
        return counts

    def largest_refused(self, toggle: str) -> Counter[str]:
        """The most evaluations of a toggle in a report without a 202, by application."""
        counts: Counter[str] = Counter()
        for name, number, status in self._reports(toggle):
            counts[name] = max(counts[name], number if status != 202 else 0)
        return counts

    def _reports(self, toggle: str) -> Iterator[tuple[str, int, int]]:
        """The application, the number of evaluations and the status of each report."""
        for answer in self.answers():
            if answer["request"] == "POST /api/client/metrics":
                report = json.loads(answer["body"])
                used = report["bucket"]["toggles"].get(toggle, {})
                number = used.get("yes", 0) + used.get("no", 0)
                yield report["appName"], number, answer["status"]


@contextmanager
def running_nginx(
    folder: Path, ports: list[int], template: str = _CONFIGURATION
) -> Iterator[Nginx]:
    """Run nginx without privileges in front of servers at some ports of this machine.

    `template` is a configuration with the fields `{folder}`, `{port}` and `{servers}`.
    """
    program = find_nginx()
    assert program is not None, "nginx is not installed"
    port = free_port()
    servers = "\n    ".join(f"server 127.0.0.1:{item} fail_timeout=1s;" for item in ports)
    configuration = folder / "nginx.conf"
    configuration.write_text(template.format(folder=folder, port=port, servers=servers))
    as_root = os.geteuid() == 0
    if as_root:
        shutil.chown(folder, _UNPRIVILEGED)
        folder.chmod(0o755)
    command = [program, "-e", str(folder / "error.log"), "-c", str(configuration)]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, user=_UNPRIVILEGED if as_root else None
    )
    try:
        assert wait_for(lambda: _listens(port), 10), "nginx does not start"
        yield Nginx(folder, port)
    finally:
        process.terminate()
        process.wait(10)


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
