"""A call of a run, and the answer of a server."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

JSON = "application/json"
# A placeholder for a time near the time of the call. Both servers get the same time.
_TIME = re.compile(r"<now([+-]\d+)s( in ms)?>")


class Call(Struct, frozen=True):
    """A request that goes to both servers.

    `operation` groups calls in the report. `path` includes the query. If `conditional` is true, the
    call contains the newest ETag that the same server has returned for the path. The path
    `look_first` is requested from Unleash before the call, because the effect of the call depends
    on the answer. If both servers store the sent data with a delay, `reports_usage` is true. If
    only 3.17.6 stores the data with a delay, `settles` is true.
    """

    operation: str
    method: str
    path: str
    body: bytes | None = None
    content_type: str | None = None
    conditional: bool = False
    look_first: str | None = None
    reports_usage: bool = False
    settles: bool = False

    @property
    def reads_events(self) -> bool:
        """Whether the answer depends on all previous events."""
        return self.operation.startswith("/api/admin/events")

    @property
    def displayed_body(self) -> str:
        """The body for the report."""
        return "" if self.body is None else self.body.decode(errors="backslashreplace")

    def body_at(self, now: datetime) -> bytes | None:
        """Return the body, with times instead of placeholders."""
        if self.body is None or b"<now" not in self.body:
            return self.body

        def time(found: re.Match[str]) -> str:
            shifted = now + timedelta(seconds=int(found[1]))
            if found[2]:
                return str(int(shifted.timestamp() * 1000))
            return shifted.isoformat(timespec="milliseconds").replace("+00:00", "Z")

        return _TIME.sub(time, self.body.decode()).encode()


class Answer(Struct, frozen=True):
    """The answer of a server. Header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type of the body without parameters. If there is no body, it is empty."""
        if not self.body:
            return ""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def json(self) -> Any:
        """The body as JSON, or as a string if it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return self.body.decode(errors="backslashreplace")


class Exchange(Struct, frozen=True):
    """A call with the answers of both servers. For calls that fill new servers, `number` is 0.

    `before` is Unleash's answer to `look_first`.
    """

    number: int
    call: Call
    unleash: Answer
    flagstaff: Answer
    before: Answer | None = None


def json_call(operation: str, method: str, path: str, document: Any, **rest: Any) -> Call:
    """A call with a JSON body."""
    return Call(operation, method, path, json.dumps(document).encode(), JSON, **rest)


def imported_document(call: Call) -> dict[str, Any]:
    """The state document of an import, sent as JSON or as a file."""
    content = call.body or b""
    return json.loads(content[content.index(b"{") : content.rindex(b"}") + 1])
