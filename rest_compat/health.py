"""Whether the process runs (`/health`) and whether it can serve (`/ready`)."""

from rest_compat.http.errors import RETRY_AFTER_S, MethodNotAllowedError
from rest_compat.http.request import Answer, error_answer, json_answer
from store import Store

HEALTH_PATH = "/health"
READY_PATH = "/ready"

_NO_STORE = (b"cache-control", b"no-store")


def health_answer(store: Store, *, path: str, method: str, for_writes: bool = False) -> Answer:
    """The answer of `/health` or `/ready`; neither touches the database, so both answer at once.

    A process without its database serves what it knows and is ready, unless it has to be
    `for_writes`. One that is stopping is not.
    """
    if method not in ("GET", "HEAD"):
        return error_answer(MethodNotAllowedError(method, ("GET", "HEAD")))
    if path == HEALTH_PATH:
        answer = json_answer({"health": "GOOD"})
    else:
        answer = _ready_answer(store, for_writes=for_writes)
    answer.headers.append(_NO_STORE)
    return answer


def _ready_answer(store: Store, *, for_writes: bool) -> Answer:
    available = store.database_available and store.database_problem is None
    ready = store.ready and (available or not for_writes)
    body: dict[str, object] = {"ready": ready}
    if store.snapshot.revision >= 0:
        body |= {
            "revision": store.snapshot.revision,
            "draining": store.draining,
            "database": "available" if available else "unavailable",
            # How old the toggles may be, and how far the counts may lag.
            "ageSeconds": round(store.age_s, 1),
            "journalLagSeconds": round(store.journal_lag_s, 1),
        }
        if store.database_problem is not None:
            body["problem"] = store.database_problem
    if ready:
        return json_answer(body)
    answer = json_answer(body, status=503)
    answer.headers.append((b"retry-after", RETRY_AFTER_S.encode()))
    return answer
