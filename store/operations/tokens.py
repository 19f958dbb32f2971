"""Create, update and revoke API tokens. Only `create_token` returns a secret."""

import re
import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from msgspec import UNSET, Struct, UnsetType

from store.errors import AlreadyExistsError, InvalidError, Path, Problems, refuse
from store.events import EventType
from store.model import DEFAULT_ENVIRONMENT, ApiToken, ApiTokenType
from store.operations.changing import create_object, delete_object, update_object
from store.operations.existing import check_known, check_revision, not_found
from store.operations.limits import MAX_NAME_LENGTH, check_count
from store.operations.names import is_name
from store.operations.strings import check_line, display
from store.snapshot import hash_secret
from store.unit_of_work import UnitOfWork

__all__ = [
    "SecretScope",
    "adopt_token",
    "create_token",
    "hash_secret",
    "is_weak",
    "revoke_token",
    "scope_of",
    "update_token",
]

EVERYTHING = "*"
SEVERAL_PROJECTS = "[]"
SECRET_BYTES = 32
MAX_SECRET_LENGTH = 500
HINT_LENGTH = 4
# The minimum length of a random part. Shorter random parts can be guessed.
MIN_RANDOM_LENGTH = 16
# No hint is stored for secrets that are shorter than this. People choose such short secrets, and a
# hint would reveal too much of the secret.
MIN_HINTED_LENGTH = 12

_SDK_TYPES = frozenset({ApiTokenType.CLIENT, ApiTokenType.FRONTEND})
# The parts of a secret: project, colon, environment, dot, random part. All characters are visible
# ASCII characters, which are valid in a header.
_SECRET = re.compile(r"(?P<project>[!-9;-~]+):(?P<rest>[!-~]+\.[!-~]+)")
_VISIBLE = re.compile(r"[!-~]+")


class SecretScope(Struct, frozen=True):
    """The scope in a secret. `*` means all, and the project `[]` means several projects."""

    project: str
    environment: str


def scope_of(secret: str) -> SecretScope:
    """Parse the scope of a secret such as `*:development.4f0a…`.

    Raises: Refusal: the format is wrong. The message does not contain the secret.
    """
    found = _SECRET.fullmatch(secret)
    if found is None or len(secret) > MAX_SECRET_LENGTH:
        refuse(_malformed(("secret",)))
    return SecretScope(found["project"], found["rest"].partition(".")[0])


def is_weak(secret: str) -> bool:
    """Whether the random part of a secret is short enough to be guessed.

    Raises: Refusal: see `scope_of`.
    """
    scope = scope_of(secret)
    return len(secret) - len(f"{scope.project}:{scope.environment}.") < MIN_RANDOM_LENGTH


async def create_token(
    work: UnitOfWork,
    *,
    name: str,
    type: ApiTokenType,
    environment: str | None = None,
    projects: Sequence[str] = (),
    expires_at: datetime | None = None,
    secret: str | None = None,
) -> tuple[ApiToken, str]:
    """Create a token; return the token and its secret, which cannot be read later.

    Client and frontend tokens belong to one environment, by default `default`. Without `secret`, a
    secret is generated.

    Raises: Refusal.
    """
    problems = Problems()
    environment = _check_settings(work, name, type, environment, projects, expires_at, problems)
    projects = tuple(dict.fromkeys(projects))
    if secret is not None:
        _check_secret(work, secret, environment, projects, problems)
    problems.raise_any()

    if secret is None:
        prefix = f"{_project_part(projects)}:{environment or EVERYTHING}."
        secret = prefix + secrets.token_hex(SECRET_BYTES)
    return _create(work, name, type, environment, projects, expires_at, secret), secret


async def adopt_token(
    work: UnitOfWork,
    *,
    name: str,
    type: ApiTokenType,
    environment: str | None,
    projects: Sequence[str],
    expires_at: datetime | None,
    secret: str,
) -> ApiToken:
    """Create a token with the secret that it has on another server, which may have any form.

    Raises: Refusal.
    """
    problems = Problems()
    environment = _check_settings(work, name, type, environment, projects, expires_at, problems)
    path = ("secret",)
    if _VISIBLE.fullmatch(secret) is None or len(secret) > MAX_SECRET_LENGTH:
        problems.invalid(
            f"A secret consists of up to {MAX_SECRET_LENGTH} visible ASCII characters.",
            rule="secret-format",
            path=path,
        )
    _check_unused(work, secret, path, problems)
    problems.raise_any()
    projects = tuple(dict.fromkeys(projects))
    return _create(work, name, type, environment, projects, expires_at, secret)


async def update_token(
    work: UnitOfWork,
    token_id: str,
    *,
    expires_at: datetime | None | UnsetType = UNSET,
    expected_revision: int | None = None,
) -> ApiToken:
    """Change the expiry time of a token; None means that the token never expires.

    Raises: Refusal.
    """
    token = _find(work, token_id)
    if expires_at is UNSET:
        expires_at = token.expires_at
    problems = Problems()
    check_revision(work, token, expected_revision, problems=problems)
    if expires_at != token.expires_at:
        _check_expiry(work, expires_at, problems)
    problems.raise_any()

    return update_object(
        work,
        token,
        {} if expires_at == token.expires_at else {"expires_at": expires_at},
        EventType.API_TOKEN_UPDATED,
        summary=f"Changed when {token.type} token '{display(token.name)}' expires.",
    )


async def revoke_token(
    work: UnitOfWork, token_id: str, *, revoke_children: bool = False
) -> ApiToken:
    """Revoke a token and return it.

    With `revoke_children`, also revoke the tokens created with this token, directly or through
    other tokens. Each revoked token gets its own event.

    Raises: Refusal.
    """
    token = _find(work, token_id)
    for child in _descendants(work, token) if revoke_children else ():
        _revoke(work, child)
    return _revoke(work, token)


def _revoke(work: UnitOfWork, token: ApiToken) -> ApiToken:
    summary = f"Revoked {token.type} token '{token.name}'."
    return delete_object(work, token, EventType.API_TOKEN_REVOKED, summary=summary)


def _descendants(work: UnitOfWork, token: ApiToken) -> list[ApiToken]:
    """Return the tokens created with a token, directly or through other tokens.

    Each parent precedes its children.
    """
    children: dict[str, list[ApiToken]] = defaultdict(list)
    for other in work.snapshot.tokens.values():
        if other.created_by is not None and other.created_by.token_id is not None:
            children[other.created_by.token_id].append(other)
    found: list[ApiToken] = []
    waiting = [token]
    while waiting:
        created = children.pop(waiting.pop().id, [])
        found += created
        waiting += created
    return found[::-1]


def _find(work: UnitOfWork, token_id: str) -> ApiToken:
    token = work.snapshot.tokens.get(token_id)
    if token is None:
        refuse(not_found("API token", token_id, path=("id",)))
    return token


def _create(
    work: UnitOfWork,
    name: str,
    type: ApiTokenType,
    environment: str | None,
    projects: tuple[str, ...],
    expires_at: datetime | None,
    secret: str,
) -> ApiToken:
    token = ApiToken(
        id=work.new_id(),
        name=name,
        type=type,
        environment=environment,
        projects=projects,
        hint=_hint(secret, environment),
        secret_hash=hash_secret(secret),
        created_at=work.now,
        created_by=work.actor,
        expires_at=expires_at,
        revision=work.revision,
    )
    summary = f"Created {type} token '{name}'."
    return create_object(work, token, EventType.API_TOKEN_CREATED, summary=summary)


def _check_settings(
    work: UnitOfWork,
    name: str,
    type: ApiTokenType,
    environment: str | None,
    projects: Sequence[str],
    expires_at: datetime | None,
    problems: Problems,
) -> str | None:
    """Check all settings except the secret. Return the environment of the token."""
    check_line(
        name,
        what="The token name",
        path=("name",),
        problems=problems,
        min_length=1,
        max_length=MAX_NAME_LENGTH,
    )
    _check_expiry(work, expires_at, problems)
    if type not in _SDK_TYPES:
        _check_unscoped(type, environment, projects, problems)
        return None
    environment = DEFAULT_ENVIRONMENT if environment is None else environment
    _check_scope(work, environment, projects, problems)
    return environment


def _check_expiry(work: UnitOfWork, expires_at: datetime | None, problems: Problems) -> None:
    path = ("expiresAt",)
    if expires_at is None:
        return
    if expires_at.tzinfo is None:
        problems.invalid(
            f"The time {expires_at.isoformat()} needs an offset from UTC.",
            rule="time-offset",
            path=path,
        )
    elif expires_at <= work.now:
        problems.invalid(
            f"The time {expires_at.isoformat()} is in the past.", rule="expiry-future", path=path
        )


def _check_scope(
    work: UnitOfWork, environment: str, projects: Sequence[str], problems: Problems
) -> None:
    check_known(
        work.snapshot.environments,
        environment,
        kind="environment",
        path=("environment",),
        problems=problems,
    )
    check_count(projects, what="projects", path=("projects",), problems=problems)
    for index, project in enumerate(projects):
        check_known(
            work.snapshot.projects,
            project,
            kind="project",
            path=("projects", str(index)),
            problems=problems,
        )


def _check_unscoped(
    type: ApiTokenType, environment: str | None, projects: Sequence[str], problems: Problems
) -> None:
    # Accept `default`, because inputs have this environment by default.
    if environment not in (None, DEFAULT_ENVIRONMENT):
        problems.invalid(
            f"A token of type {type} is not bound to an environment, "
            f"so '{display(environment)}' cannot be given.",
            rule="token-scope",
            path=("environment",),
        )
    if projects:
        problems.invalid(
            f"A token of type {type} can access all projects, so no projects can be given.",
            rule="token-scope",
            path=("projects",),
        )


def _check_secret(
    work: UnitOfWork,
    secret: str,
    environment: str | None,
    projects: Sequence[str],
    problems: Problems,
) -> None:
    path = ("secret",)
    found = _SECRET.fullmatch(secret)
    if found is None or len(secret) > MAX_SECRET_LENGTH:
        problems.add(_malformed(path))
        return
    start = f"{environment or EVERYTHING}."
    is_in_scope = found["rest"].startswith(start) and len(found["rest"]) > len(start)
    allowed = {_project_part(projects)} | ({SEVERAL_PROJECTS} if projects else set[str]())
    if not is_in_scope or found["project"] not in allowed:
        problems.invalid(
            "The secret names another environment or other projects than the token; "
            f"it should begin with '{_project_part(projects)}:{start}'.",
            rule="secret-scope",
            path=path,
        )
    _check_unused(work, secret, path, problems)


def _check_unused(work: UnitOfWork, secret: str, path: Path, problems: Problems) -> None:
    existing = work.snapshot.tokens_by_hash.get(hash_secret(secret))
    if existing is not None:
        problems.add(
            AlreadyExistsError(
                f"Token '{existing.name}' already has this secret.", existing=existing, path=path
            )
        )


def _malformed(path: Path) -> InvalidError:
    return InvalidError(
        "A secret consists of a project, a colon, an environment, a dot and a random part, "
        "all in visible ASCII characters.",
        rule="secret-format",
        path=path,
    )


def _project_part(projects: Sequence[str]) -> str:
    # The name of an undeclared project may contain characters that are invalid in a header.
    match projects:
        case []:
            return EVERYTHING
        case [project] if is_name(project) and project != EVERYTHING:
            return project
        case _:
            return SEVERAL_PROJECTS


def _hint(secret: str, environment: str | None) -> str:
    _, _, rest = secret.partition(":")
    random_part = rest.removeprefix(f"{environment or EVERYTHING}.")
    return random_part[-HINT_LENGTH:] if len(random_part) >= MIN_HINTED_LENGTH else ""
