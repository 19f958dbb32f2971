"""Whether the process runs (`/health`) and whether it can serve (`/ready`)."""

from rest_compat.errors import RETRY_AFTER_S, MethodNotAllowedError
from rest_compat.wire import Answer, error_answer, json_answer
from store import Store

HEALTH_PATH = "/health"
READY_PATH = "/ready"

_NO_STORE = (b"cache-control", b"no-store")


def health_answer(store: Store, *, path: str, method: str) -> Answer:
    """The answer of `/health` or `/ready`; neither touches the database, so both answer at once."""
    if method not in ("GET", "HEAD"):
        return error_answer(MethodNotAllowedError(method, ("GET", "HEAD")))
    if path == HEALTH_PATH:
        answer = json_answer({"health": "GOOD"})
    elif store.ready:
        body: dict[str, object] = {"ready": True, "revision": store.snapshot.revision}
        body["journalLagSeconds"] = round(store.journal_lag_s, 1)
        if (problem := store.database_problem) is not None:
            body |= {"database": "unavailable", "problem": problem}
        answer = json_answer(body)
    else:
        answer = json_answer({"ready": False}, status=503)
        answer.headers.append((b"retry-after", RETRY_AFTER_S.encode()))
    answer.headers.append(_NO_STORE)
    return answer
