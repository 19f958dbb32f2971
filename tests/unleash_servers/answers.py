"""Record what an Unleash server shows over HTTP: the answers of the admin API, and export files."""

import tempfile
from collections.abc import Collection, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from flagstaff.unleash_server.client import ApiClient
from flagstaff.unleash_server.reading import ServerReader
from flagstaff.unleash_server.spool import Spool
from tests.unleash_servers.servers import ADMIN

_STATE = "/api/admin/state/export?format=json"
_BATCH = "/api/admin/features-batch/export"
# Batch exports of earlier versions have no dependencies.
_FIRST_WITH_BATCHES = 5
_LAST_WITH_STATE = 5


class _RecordingClient(ApiClient):
    """Keeps the answer to each request, which is None if there is nothing at the path."""

    def __init__(self, url: str, token: str) -> None:
        super().__init__(url, token)
        self.answers: dict[str, Any] = {}

    def get(self, path: str, *, absent: Collection[int] = ()) -> Any:
        self.answers[path] = super().get(path, absent=absent)
        return self.answers[path]


class _NoProgress:
    def begin(self, count: int) -> None:
        """Ignore the number of toggles."""

    def advance(self) -> None:
        """Ignore a completed toggle."""


def record_answers(url: str) -> Mapping[str, Any]:
    """Return the answers by the paths that an import of a running server reads."""
    with (
        closing(_RecordingClient(url, ADMIN)) as client,
        tempfile.TemporaryDirectory() as folder,
        Spool(Path(folder) / "spool", url, datetime.now(UTC)) as spool,
    ):
        ServerReader(client, spool, _NoProgress()).read()
    return {path: answer for path, answer in client.answers.items() if answer is not None}


def record_exports(
    url: str, version: str, environments: Collection[str], toggles: Collection[str]
) -> Mapping[str, Any]:
    """Return the exports of a server: "state", or "batch-ENVIRONMENT" for each environment."""
    major = int(version.partition(".")[0])
    exports: dict[str, Any] = {}
    with httpx.Client(base_url=url, headers={"authorization": ADMIN}, timeout=60) as client:
        if major <= _LAST_WITH_STATE:
            exports["state"] = client.get(_STATE).raise_for_status().json()
        if major >= _FIRST_WITH_BATCHES:
            for environment in environments:
                query = {"environment": environment, "features": [*toggles], "downloadFile": False}
                answer = client.post(_BATCH, json=query).raise_for_status()
                exports[f"batch-{environment}"] = answer.json()
    return exports
