"""Record real Unleash servers for tests: python -m tests.unleash_servers [VERSION…].

For each version, the program installs the server from npm into an ignored folder, starts it on a
private PostgreSQL, fills it through its own API, and writes the database and the answers of the
client API to tests/data.
"""

import asyncio
import json
import sys
from pathlib import Path

import httpx

from tests.postgresql import Cluster, find_programs, running_cluster
from tests.unleash_servers.filling import create_tokens, fill_server, report_usage
from tests.unleash_servers.recording import has_usage, insert_tokens, record_database
from tests.unleash_servers.servers import ADMIN, VERSIONS, running_server
from tests.waiting import wait_until

DATA = Path(__file__).parents[1] / "data"
# Servers store the reports of applications at least this often.
STORING_S = 150
_OLD_TOKENS = {"client": "3f9f2a51c0d84e1d", "admin": ADMIN}


def record(version: str, cluster: Cluster) -> None:
    """Record a version."""
    is_old = version.startswith("3.")
    database_url = cluster.new_database()
    prefix = f"unleash-{version}-server"
    with running_server(version, database_url) as url:
        lacking = fill_server(url, is_old=is_old)
        if is_old:
            asyncio.run(insert_tokens(database_url, _OLD_TOKENS))
        tokens = {"default": _OLD_TOKENS["client"]} if is_old else create_tokens(url)
        environments = [*tokens]
        for environment in environments:
            report_usage(url, None if is_old else tokens[environment])
        payloads = {at: _features(url, tokens[at]) for at in environments}
        (DATA / f"{prefix}-payloads.json").write_text(
            json.dumps({"tokens": tokens, "payloads": payloads}, separators=(",", ":")) + "\n"
        )
        wait_until(lambda: asyncio.run(has_usage(database_url)), seconds=STORING_S)
    (DATA / f"{prefix}-database.json").write_bytes(asyncio.run(record_database(database_url)))
    print(f"Recorded {version}; it lacks {', '.join(sorted(lacking)) or 'nothing'}.")


def _features(url: str, secret: str) -> object:
    headers = {"authorization": secret, "unleash-client-spec": "4.3.0"}
    answer = httpx.get(f"{url}/api/client/features", headers=headers)
    answer.raise_for_status()
    return answer.json()


def main() -> None:
    """Record the given versions, or all."""
    programs = find_programs()
    assert programs is not None, "PostgreSQL is not installed"
    with running_cluster(programs) as cluster:
        for version in sys.argv[1:] or VERSIONS:
            record(version, cluster)


if __name__ == "__main__":
    main()
