"""nginx, which serves a features body as a static file."""

import gzip
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.peers.peer import Peer
from tests.benchmarks.peers.process import running
from tests.faults.rolling.site import find_nginx, free_port

FILE = "features.json"
_UNPRIVILEGED = "nobody"
_CONFIGURATION = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  types {{ application/json json; }}
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000000;
  open_file_cache max=16;
  server {{
    listen 127.0.0.1:{port};
    root {folder};
    gzip_static on;
  }}
}}
"""


@contextmanager
def running_nginx(folder: Path, body: bytes) -> Iterator[Peer]:
    """Run nginx with a file, plain and compressed."""
    program = find_nginx()
    assert program is not None, "nginx is not installed"
    port = free_port()
    (folder / FILE).write_bytes(body)
    (folder / f"{FILE}.gz").write_bytes(gzip.compress(body))
    configuration = folder / "nginx.conf"
    configuration.write_text(_CONFIGURATION.format(folder=folder, port=port))
    as_root = os.geteuid() == 0
    if as_root:
        shutil.chown(folder, _UNPRIVILEGED)
        folder.chmod(0o755)
    url = f"http://127.0.0.1:{port}"
    with running(
        [program, "-e", folder / "error.log", "-c", configuration],
        folder=folder,
        log=folder / "nginx.log",
        probe=f"{url}/{FILE}",
        user=_UNPRIVILEGED if as_root else None,
    ) as pid:
        yield Peer(url, (pid,))
