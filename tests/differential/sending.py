"""Send calls to both servers, and wait until both servers have stored the sent data."""

import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection

from tests.differential.call import Answer, Call, Exchange
from tests.differential.servers import Ports

_TIMEOUT_S = 30
# Flagstaff aggregates clients' reports once a second.
_REPORTS_STORED_S = 1.6
# 3.17.6 answers before it has written the strategies and events of imports.
_WRITES_STORED_S = 0.05


class Pair:
    """Two running servers, and the ETags that each server has returned."""

    def __init__(self, ports: Ports) -> None:
        self._ports = (ports.unleash, ports.flagstaff)
        self._tags: dict[tuple[int, str], str] = {}
        self._has_reports = False

    def exchange(self, number: int, call: Call) -> Exchange:
        """Send a call to both servers, Unleash first."""
        if self._has_reports and not call.reports_usage:
            time.sleep(_REPORTS_STORED_S)
            self._has_reports = False
        now = datetime.now(UTC)
        before = None
        if call.look_first is not None:
            before = self._send(self._ports[0], Call("look", "GET", call.look_first), now)
        unleash, flagstaff = (self._send(port, call, now) for port in self._ports)
        self._has_reports |= call.reports_usage
        if call.settles:
            time.sleep(_WRITES_STORED_S)
        return Exchange(number, call, unleash, flagstaff, before)

    def exchanges(self, calls: Iterable[Call]) -> Iterator[Exchange]:
        """Send the calls that prepare the servers."""
        return (self.exchange(0, call) for call in calls)

    def _send(self, port: int, call: Call, now: datetime) -> Answer:
        headers = {} if call.content_type is None else {"Content-Type": call.content_type}
        tag = self._tags.get((port, call.path))
        if call.conditional and tag is not None:
            headers["If-None-Match"] = tag
        connection = HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
        try:
            connection.request(call.method, call.path, call.body_at(now), headers)
            response = connection.getresponse()
            got = {name.lower(): value for name, value in response.getheaders()}
            answer = Answer(response.status, got, response.read())
        finally:
            connection.close()
        if call.method == "GET" and "etag" in answer.headers:
            self._tags[port, call.path] = answer.headers["etag"]
        return answer
