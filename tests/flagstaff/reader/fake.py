"""A primary that tests control, without a network."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx

TOKEN = "*:default.client-token-of-the-reader"
INSTALLATION = "00000000-0000-7000-8000-000000000001"


def feature(name: str, **fields: Any) -> dict[str, Any]:
    """Return a toggle as SDKs get it."""
    return {
        "name": name,
        "type": "release",
        "enabled": True,
        "project": "default",
        "stale": False,
        "strategies": [],
        "variants": [],
        "description": None,
        "impressionData": False,
        **fields,
    }


def hydration(*features: dict[str, Any], segments: Any = (), revision: int = 1) -> dict[str, Any]:
    """Return the event with all toggles."""
    return {
        "type": "hydration",
        "eventId": revision,
        "features": features,
        "segments": [*segments],
    }


class FakePrimary:
    """Answers the requests of a reader.

    `tokens` maps secrets to environments. `answers` maps paths to answers that replace the usual
    ones. `first` are the events with which a stream begins, and `push` sends further events.
    """

    def __init__(self) -> None:
        self.tokens = {TOKEN: "default"}
        self.installation = INSTALLATION
        self.answers: dict[str, httpx.Response | Exception] = {}
        self.first: list[dict[str, Any]] = [hydration()]
        self.reports: list[dict[str, Any]] = []
        self.requests: list[str] = []
        self._events: asyncio.Queue[bytes | None] = asyncio.Queue()

    def push(self, *events: dict[str, Any]) -> None:
        """Send events to the open stream."""
        self._events.put_nowait(_message("unleash-updated", *events))

    def end_stream(self) -> None:
        """End the open stream."""
        self._events.put_nowait(None)

    @property
    def transport(self) -> httpx.MockTransport:
        """A transport that leads to this primary."""
        return httpx.MockTransport(self._answer)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.requests.append(path)
        replaced = self.answers.get(path) or self.answers.get("*")
        if isinstance(replaced, Exception):
            raise replaced
        if replaced is not None:
            return httpx.Response(
                replaced.status_code, headers=replaced.headers, content=replaced.content
            )
        headers = {"flagstaff-installation": self.installation}
        secret = request.headers.get("authorization")
        match path:
            case "/edge/validate":
                return httpx.Response(200, json=self._valid(request), headers=headers)
            case _ if secret not in self.tokens:
                return httpx.Response(401)
            case "/api/client/streaming":
                headers["content-type"] = "text/event-stream"
                return httpx.Response(200, headers=headers, content=self._stream())
            case "/api/client/features":
                body = {**self.first[0], "version": 2}
                return httpx.Response(200, json=body, headers={"etag": '"1"'})
            case "/api/client/metrics/bulk":
                self.reports.append(json.loads(request.content))
                return httpx.Response(202)
            case _:
                return httpx.Response(404)

    def _valid(self, request: httpx.Request) -> Any:
        tokens = [
            {
                "token": secret,
                "type": "client" if "client" in secret else "frontend",
                "environment": self.tokens[secret],
                "projects": ["*"],
            }
            for secret in json.loads(request.content)["tokens"]
            if secret in self.tokens
        ]
        return {"tokens": tokens}

    async def _stream(self) -> AsyncIterator[bytes]:
        yield _message("unleash-connected", *self.first)
        while (message := await self._events.get()) is not None:
            yield message


def _message(name: str, *events: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps({'events': events})}\n\n".encode()
