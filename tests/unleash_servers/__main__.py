"""Record real Unleash servers for tests: python -m tests.unleash_servers [VERSION…].

For each version, the program installs the server from npm into an ignored folder, starts it on a
private PostgreSQL, fills it through its own API, and writes to tests/data: the database, the
answers of the client API and of the admin API, and export files.

With --compare, the program imports what is recorded in each way instead, and compares evaluations.
"""

import argparse
import asyncio
import json
import sys
from typing import Any

import httpx

from tests.postgresql import Cluster, find_programs, running_cluster
from tests.unleash_servers.answers import record_answers, record_exports
from tests.unleash_servers.filling import create_tokens, fill_server, report_usage
from tests.unleash_servers.moving import compare_ways
from tests.unleash_servers.recording import has_usage, insert_tokens, record_database
from tests.unleash_servers.servers import ADMIN, VERSIONS, running_server
from tests.unleash_servers.ways import recording
from tests.waiting import wait_until

# Servers store the reports of applications at least this often.
STORING_S = 150
_OLD_TOKENS = {"client": "3f9f2a51c0d84e1d", "admin": ADMIN}


def record(version: str, cluster: Cluster) -> None:
    """Record a version."""
    is_old = version.startswith("3.")
    database_url = cluster.new_database()
    with running_server(version, database_url) as url:
        lacking = fill_server(url, is_old=is_old)
        if is_old:
            asyncio.run(insert_tokens(database_url, _OLD_TOKENS))
        tokens = {"default": _OLD_TOKENS["client"]} if is_old else create_tokens(url)
        environments = [*tokens]
        for environment in environments:
            report_usage(url, None if is_old else tokens[environment])
        payloads = {at: _features(url, tokens[at]) for at in environments}
        _write(version, "payloads", {"tokens": tokens, "payloads": payloads})
        names = [toggle["name"] for toggle in payloads[environments[0]]["features"]]
        for kind, export in record_exports(url, version, environments, names).items():
            _write(version, kind, export)
        _write(version, "answers", record_answers(url))
        wait_until(lambda: asyncio.run(has_usage(database_url)), seconds=STORING_S)
    recording(version, "database").write_bytes(asyncio.run(record_database(database_url)))
    print(f"Recorded {version}; it lacks {', '.join(sorted(lacking)) or 'nothing'}.")


def _write(version: str, part: str, value: object) -> None:
    content = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    recording(version, part).write_text(f"{content}\n", "utf-8")


def _features(url: str, secret: str) -> Any:
    headers = {"authorization": secret, "unleash-client-spec": "4.3.0"}
    answer = httpx.get(f"{url}/api/client/features", headers=headers)
    answer.raise_for_status()
    return answer.json()


def main() -> None:
    """Record or compare the given versions, or all. The status is 1 if a comparison differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.unleash_servers")
    parser.add_argument("versions", nargs="*", metavar="VERSION", default=[*VERSIONS])
    parser.add_argument("--compare", action="store_true", help="compare evaluations")
    options = parser.parse_args()
    programs = find_programs()
    assert programs is not None, "PostgreSQL is not installed"
    with running_cluster(programs) as cluster:
        if not options.compare:
            for version in options.versions:
                record(version, cluster)
            return
        print("| Unleash | From | Evaluations | Official engine differs | Flagstaff differs |")
        print("| --- | --- | --- | --- | --- |", flush=True)
        equal = [compare_ways(version, cluster) for version in options.versions]
    sys.exit(0 if all(equal) else 1)


if __name__ == "__main__":
    main()
