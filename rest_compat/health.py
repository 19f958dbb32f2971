"""Report the health of the process (`/health`) and its readiness to serve (`/ready`)."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType, structs

from rest_compat.http.errors import MethodNotAllowedError
from rest_compat.http.models import Count
from rest_compat.http.primary import Primary
from rest_compat.http.refusals import RETRY_AFTER_S
from rest_compat.http.response import Response, error_response, json_response
from store import Store


class HealthJson(Struct, kw_only=True):
    """The health of the process."""

    health: Literal["GOOD"] = "GOOD"


class ReadinessJson(Struct, kw_only=True, rename="camel"):
    """The readiness of the server. Only `ready` is present until the server has loaded the toggles.

    `ageSeconds` is the time since the toggles were last compared with the database. The counts lag
    behind the reports by at most `journalLagSeconds`.

    The last keys are present on readers. `primaryAgeSeconds` is the time since the reader last
    heard from the primary. `standbyLagSeconds` is the time by which a hot standby lags behind its
    primary. `unsentReports` is the number of rows in the reader's journal.
    """

    ready: bool
    revision: Count | UnsetType = UNSET
    draining: bool | UnsetType = UNSET
    database: Literal["available", "unavailable"] | UnsetType = UNSET
    age_seconds: float | UnsetType = UNSET
    journal_lag_seconds: float | UnsetType = UNSET
    problem: str | UnsetType = UNSET
    primary: Literal["available", "unavailable"] | UnsetType = UNSET
    primary_age_seconds: float | UnsetType = UNSET
    standby_lag_seconds: float | UnsetType = UNSET
    unsent_reports: Count | UnsetType = UNSET


HEALTH_PATH = "/health"
READY_PATH = "/ready"

_NO_STORE = (b"cache-control", b"no-store")


def health_response(
    store: Store,
    *,
    path: str,
    method: str,
    for_writes: bool = False,
    primary: Primary | None = None,
) -> Response:
    """Return the response of `/health` or `/ready`, without waiting for the database.

    A process that cannot reach the database still serves toggles. Therefore `/ready` reports such a
    process as ready if `for_writes` is false. A stopping process is not ready. A reader also
    reports about its `primary`.
    """
    if method not in ("GET", "HEAD"):
        return error_response(MethodNotAllowedError(method, ("GET", "HEAD")))
    if path == HEALTH_PATH:
        response = json_response(HealthJson())
    else:
        response = _ready_response(store, primary, for_writes=for_writes)
    response.headers.append(_NO_STORE)
    return response


def _ready_response(store: Store, primary: Primary | None, *, for_writes: bool) -> Response:
    available = store.database_available and store.database_problem is None
    ready = store.ready and (available or not for_writes) and (primary is None or primary.ready)
    body = ReadinessJson(ready=ready)
    if store.snapshot.revision >= 0:
        body.revision = store.snapshot.revision
        body.draining = store.draining
        body.database = "available" if available else "unavailable"
        body.age_seconds = round(store.age_s, 1)
        body.journal_lag_seconds = round(store.journal_lag_s, 1)
        if store.database_problem is not None:
            body.problem = store.database_problem
        if primary is not None:
            body = structs.replace(body, **primary.readiness())
    if ready:
        return json_response(body)
    response = json_response(body, status=503)
    response.headers.append((b"retry-after", RETRY_AFTER_S.encode()))
    return response
