"""Measure the longest wait of a client for `/health`: python -m … URL

Sends one request and prints a line. Then sends requests until standard input is closed, and prints
the longest wait in milliseconds.
"""

import select
import sys
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

PAUSE_S = 0.002


def main() -> None:
    """Send requests until the caller closes standard input."""
    parts = urlsplit(sys.argv[1])
    assert parts.hostname is not None
    connection = HTTPConnection(parts.hostname, parts.port, timeout=60)

    def wait_s() -> float:
        began = time.perf_counter()
        connection.request("GET", "/health")
        connection.getresponse().read()
        return time.perf_counter() - began

    wait_s()
    print("ready", flush=True)
    longest = wait_s()
    while not select.select([sys.stdin], [], [], PAUSE_S)[0]:
        longest = max(longest, wait_s())
    print(longest * 1000)


if __name__ == "__main__":
    main()
