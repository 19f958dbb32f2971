"""Storing what SDKs report."""

from rest_compat.wire import Request
from store.metrics.reports import AnyReport

# The source of what comes without a token.
_NO_TOKEN = "open"


async def store_reports(request: Request, *reports: AnyReport) -> None:
    """Store reports, limited to what the caller may report; once this returns, they are durable.

    Raises: TooManyNamesError, StoreUnavailableError: nothing was stored.
    """
    store, token = request.store, request.principal.token
    limited = store.report_scope.limit(request.principal, request.snapshot, reports)
    await store.journal.add(*limited, source=token.id if token else _NO_TOKEN)
