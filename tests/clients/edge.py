"""A stand-in for Unleash Edge, which sends the requests that Edge sends to its upstream server.

The paths, headers and bodies are those of Edge 20 (github.com/Unleash/unleash-edge). Edge checks
the token of each client that it does not know. For each valid token it registers itself, and loads
the toggles by polling, by polling for changes, or from a stream. It sends the usage of its clients
in batches.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Self
from uuid import uuid4

import httpx

from tests.server import Server

APP_NAME = "unleash-edge"
VERSION = "20.0.0"
# The events of a stream that Edge reads.
READ = ("unleash-connected", "unleash-updated")


class Cache:
    """The toggles and segments of a token, which Edge serves to its clients."""

    def __init__(self) -> None:
        self.features: dict[str, Mapping[str, Any]] = {}
        self.segments: dict[int, Mapping[str, Any]] = {}

    def apply(self, body: Mapping[str, Any]) -> list[str]:
        """Apply the events of a delta. Return their types."""
        for event in body["events"]:
            match event["type"]:
                case "hydration":
                    self.features = {one["name"]: one for one in event["features"]}
                    self.segments = {one["id"]: one for one in event["segments"]}
                case "feature-updated":
                    self.features[event["feature"]["name"]] = event["feature"]
                case "feature-removed":
                    del self.features[event["featureName"]]
                case "segment-updated":
                    self.segments[event["segment"]["id"]] = event["segment"]
                case "segment-removed":
                    del self.segments[event["segmentId"]]
                case other:
                    raise AssertionError(f"Edge does not know the event {other}")
        return [event["type"] for event in body["events"]]


class Edge:
    """An instance of Edge between its clients and a server."""

    def __init__(self, server: Server) -> None:
        self.instance_id = str(uuid4())
        self._client = httpx.Client(
            base_url=server.url,
            timeout=30,
            headers={
                "user-agent": f"{APP_NAME}-{VERSION}",
                "unleash-appname": APP_NAME,
                "unleash-instanceid": self.instance_id,
                "unleash-connection-id": str(uuid4()),
                "unleash-client-spec": "5.2.0",
            },
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def validate(self, *tokens: str) -> dict[str, Mapping[str, Any]]:
        """Ask which tokens are valid. Return these with their types, environments and projects."""
        answer = self._client.post("/edge/validate", json={"tokens": tokens})
        assert answer.status_code == 200, answer.text
        return {valid["token"]: valid for valid in answer.json()["tokens"]}

    def register(self, valid: Mapping[str, Any]) -> None:
        """Register as an application that uses a valid token."""
        body = {
            **self._application(APP_NAME, valid["environment"]),
            "projects": valid["projects"],
            "connectionId": str(uuid4()),
        }
        self._post("/api/client/register", valid["token"], body)

    def poll(self, path: str, token: str, etag: str | None = None) -> httpx.Response:
        """Load toggles from a path. With the tag of an earlier answer, the answer may be 304."""
        headers = {"authorization": token, "unleash-interval": "15000"}
        if etag is not None:
            headers["if-none-match"] = etag
        answer = self._client.get(path, headers=headers)
        assert answer.status_code in (200, 304), answer.text
        return answer

    @contextmanager
    def follow(
        self, token: str, last_event_id: str | None = None
    ) -> Iterator[Iterator[tuple[str, Mapping[str, Any]]]]:
        """Open a stream in the context. Yield the ID and the body of each event that Edge reads."""
        headers = {
            "authorization": token,
            "accept": "text/event-stream",
            "unleash-sdk-type": "edge",
        }
        if last_event_id is not None:
            headers["last-event-id"] = last_event_id
        with self._client.stream("GET", "/api/client/streaming", headers=headers) as answer:
            assert answer.status_code == 200
            yield _events(answer.iter_lines())

    def report(self, token: str, environment: str, metrics: Sequence[Mapping[str, Any]]) -> None:
        """Send the usage that a client of Edge reported, and the client's application."""
        application = {
            **self._application("shop", environment),
            "connectVia": [{"appName": APP_NAME, "instanceId": self.instance_id}],
        }
        body = {
            "applications": [application],
            "metrics": [{"appName": "shop", "environment": environment, **one} for one in metrics],
            "impactMetrics": [],
            "seenTokens": [token],
        }
        self._post("/api/client/metrics/bulk", token, body)

    def _application(self, name: str, environment: str) -> dict[str, Any]:
        return {
            "appName": name,
            "instanceId": self.instance_id,
            "environment": environment,
            "interval": 15,
            "started": "2026-01-01T10:00:00.123456Z",
            "strategies": [],
            "sdkVersion": f"{APP_NAME}:{VERSION}",
            "sdkType": "backend",
        }

    def _post(self, path: str, token: str, body: Mapping[str, Any]) -> None:
        answer = self._client.post(path, json=body, headers={"authorization": token})
        assert answer.status_code == 202, answer.text


def _events(lines: Iterator[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        else:
            if fields.get("event") in READ:
                yield fields["id"], json.loads(fields["data"])
            fields = {}
