"""Import the API tokens of an Unleash server, so that SDKs and scripts keep their secrets."""

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import Struct

from store.errors import Refusal
from store.model import DEFAULT_ENVIRONMENT, ApiTokenType
from store.operations.strings import display
from store.operations.tokens import adopt_token, hash_secret
from store.transfer.unleash.server_rows import Row
from store.unit_of_work import UnitOfWork

# Unleash 8 calls client tokens backend tokens. Tokens of the Unleash proxy are frontend tokens.
_TYPES = {
    "admin": ApiTokenType.ADMIN,
    "client": ApiTokenType.CLIENT,
    "backend": ApiTokenType.CLIENT,
    "frontend": ApiTokenType.FRONTEND,
    "proxy": ApiTokenType.FRONTEND,
}
# These names mean the environment `default` in tokens, or every project.
_ALL = frozenset({"*", ":global:"})
_EVERY_PROJECT = "*"


class TokenResult(Struct, frozen=True):
    """The number of imported tokens, and a sentence for each token that was left out.

    If `lacks_admin`, this installation has tokens, but no admin token. Then the first start of the
    server creates none, either.
    """

    imported: int
    left_out: Sequence[str]
    lacks_admin: bool = False


async def import_tokens(work: UnitOfWork, rows: Sequence[Row]) -> TokenResult:
    """Create the tokens that do not exist yet, with their secrets.

    Expired tokens, and tokens of unknown types, environments or projects are left out. The
    sentences about these tokens do not contain secrets.
    """
    imported, left_out = 0, list[str]()
    for row in rows:
        name = str(row.get("token_name") or row["username"])
        if hash_secret(row["secret"]) in work.snapshot.tokens_by_hash:
            continue
        reason = await _import_token(work, row, name)
        if reason is None:
            imported += 1
        else:
            left_out.append(f"The token '{display(name)}' is left out: {reason}")
        if row.get("alias"):
            left_out.append(
                f"The second secret (alias) of the token '{display(name)}' is left out: a token "
                "has one secret."
            )
    types = {token.type for token in work.snapshot.tokens.values()}
    lacks_admin = bool(types) and ApiTokenType.ADMIN not in types
    return TokenResult(imported, left_out, lacks_admin)


async def _import_token(work: UnitOfWork, row: Row, name: str) -> str | None:
    """Create a token. Return the reason if it is left out."""
    type = _TYPES.get(row["type"])
    if type is None:
        return f"its type is '{display(str(row['type']))}'."
    expires_at = _time_of(row.get("expires_at"))
    if expires_at is not None and expires_at <= work.now:
        return "it has expired."
    environment = row.get("environment") or DEFAULT_ENVIRONMENT
    projects = [project for project in row["projects"] if project != _EVERY_PROJECT]
    is_admin = type is ApiTokenType.ADMIN
    try:
        await adopt_token(
            work,
            name=name,
            type=type,
            environment=DEFAULT_ENVIRONMENT if is_admin or environment in _ALL else environment,
            projects=() if is_admin else projects,
            expires_at=expires_at,
            secret=row["secret"],
        )
    except Refusal as refusal:
        return refusal.errors[0].message
    return None


def _time_of(value: str | None) -> datetime | None:
    if value is None:
        return None
    time = datetime.fromisoformat(value)
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)
