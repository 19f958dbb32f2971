"""Read and store the reports of SDKs. Large reports are processed in threads."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from rest_compat.http.decoding import decode_json
from rest_compat.http.errors import BadDataError, ValidationError
from rest_compat.http.operation import Answer
from rest_compat.http.refusals import TooManyNewNamesError, TooManyReportsError
from rest_compat.http.request import Request
from rest_compat.http.response import Response
from store.json_checks import LARGE_JSON_BYTES
from store.usage.reports import AnyReport, have_many_names

T = TypeVar("T")

NOT_STORED = Answer("The report is not stored: FLAGSTAFF_METRICS is off.")
REPORT_ANSWERS = {202: Answer("The report is stored."), 204: NOT_STORED}
REPORT_ERRORS = (ValidationError, BadDataError, TooManyReportsError, TooManyNewNamesError)

# The source of reports without a token has this name.
_NO_TOKEN = "open"


async def read_report(request: Request, parse: Callable[[Any], T]) -> T:
    """Read the JSON body and return the result of `parse`.

    Raises: the errors of `Request.json` and `parse`.
    """
    body = await request.body()
    if len(body) > LARGE_JSON_BYTES:
        return await asyncio.to_thread(lambda: parse(decode_json(body)))
    return parse(decode_json(body))


async def store_reports(request: Request, *reports: AnyReport) -> None:
    """Store the permitted parts of reports. Return once the parts are durable.

    The token determines the permitted parts.

    Raises: TooManyNamesError, StoreUnavailableError: nothing was stored.
    """
    store, principal = request.store, request.principal
    are_large = have_many_names(reports)
    if are_large:
        limited = await asyncio.to_thread(
            store.report_scope.limit, principal, request.snapshot, reports
        )
    else:
        limited = store.report_scope.limit(principal, request.snapshot, reports)
    await store.journal.add(
        *limited,
        source=principal.token.id if principal.token else _NO_TOKEN,
        is_public=principal.is_public,
        are_large=are_large,
    )


async def store_nothing(request: Request) -> Response:
    """Answer 204 to all reports (FLAGSTAFF_METRICS=off)."""
    await request.json()
    return Response(HTTPStatus.NO_CONTENT)
