"""Answers to the queries of pages that differ from those of the server."""

import json
import re
from collections.abc import Callable

from playwright.sync_api import Route

Handler = Callable[[Route], None]


def hold(query: str) -> Handler:
    """Leave a query without an answer."""
    return _instead_of(query, lambda _route: None)


def refuse(query: str) -> Handler:
    """Refuse a query with the server's answer to expensive queries."""
    return _instead_of(query, _refuse)


def _refuse(route: Route) -> None:
    body = {"errors": [{"message": "The operation costs 9,999; at most 5,000 are allowed."}]}
    route.fulfill(status=400, content_type="application/json", body=json.dumps(body))


def _instead_of(query: str, handler: Handler) -> Handler:
    def handle(route: Route) -> None:
        if re.search(rf"query {query}\b", route.request.post_data or ""):
            handler(route)
        else:
            route.continue_()

    return handle
