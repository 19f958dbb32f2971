"""The answers to requests that are refused, which many endpoints share."""

from typing import Any, TypeAlias

from flagstaff.openapi.writing import answer, ref

Answers: TypeAlias = dict[int, dict[str, Any]]

_ERROR = ref("Error")

UNAUTHENTICATED: Answers = {
    401: answer("No token, or none that the server knows.", ref("Unauthenticated"))
}
FORBIDDEN: Answers = {403: answer("The token is of another type.", ref("Forbidden"))}
BAD_REQUEST: Answers = {400: answer("The request cannot be taken as it is.", _ERROR)}
UNAVAILABLE: Answers = {503: answer("The database is away; see Retry-After.", _ERROR)}
BODY_REFUSED: Answers = {
    413: answer("The body is too large.", _ERROR),
    415: answer("The body is not of this content type.", _ERROR),
}

# Of what clients read and report.
READING: Answers = {**BAD_REQUEST, **UNAUTHENTICATED, **FORBIDDEN}
FOLLOWING: Answers = {
    **READING,
    429: answer("As many streams are open as may be; see Retry-After.", _ERROR),
}
REPORTING: Answers = {**READING, **BODY_REFUSED, **UNAVAILABLE}

# Of what is told to admins from memory, told from the database, and changed.
SHOWN: Answers = {**UNAUTHENTICATED, **FORBIDDEN}
LOOKED_UP: Answers = {**SHOWN, **UNAVAILABLE}
CHANGED = LOOKED_UP
SENT: Answers = {**CHANGED, **BODY_REFUSED}

# Of the 3.x admin API.
FLAWED: Answers = {400: answer("All that is wrong with the request.", ref("FlawedBody"))}
CONFLICT: Answers = {409: answer("The name is taken, or something is in the way.", ref("Conflict"))}
MISSING: Answers = {404: answer("Nothing has the name.", ref("Missing"))}
GONE: Answers = {404: answer("Nothing has the name; there is no body.")}
BUILT_IN: Answers = {403: answer("The token is of another type, or what is built in stays.")}

# Of today's admin API.
NOT_FOUND: Answers = {404: answer("Nothing has the name or id in the path.", _ERROR)}
IN_THE_WAY: Answers = {403: answer("The token is of another type, or a dependency forbids it.")}
TAKEN: Answers = {409: answer("The name is taken, or something is in the way.", _ERROR)}
