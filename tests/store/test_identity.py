"""Authentication: the principal of credentials."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from store.identity import (
    ForbiddenError,
    Principal,
    UnauthenticatedError,
    bearer_secret,
    identify,
    open_client,
    require,
)
from store.model import (
    ANONYMOUS,
    Actor,
    ActorKind,
    ApiToken,
    ApiTokenType,
    Environment,
    EnvironmentType,
)
from store.snapshot import Configuration, Draft, Snapshot, hash_secret

NOW = datetime(2030, 1, 1, tzinfo=UTC)
ADMIN = "*:*.admin"
CLIENT = "[]:staging.client"


def _token(secret: str, type: ApiTokenType, *, environment: str | None = None) -> ApiToken:
    return ApiToken(
        id=f"id-of-{type}",
        name=f"the {type}",
        type=type,
        environment=environment,
        projects=("shop", "blog") if environment else (),
        hint="",
        secret_hash=hash_secret(secret),
        created_at=NOW,
        expires_at=NOW + timedelta(days=1),
    )


@pytest.fixture
def snapshot() -> Snapshot:
    draft = Draft(Snapshot(0, Configuration()), 1)
    for name in ("default", "staging"):
        draft.put(Environment(name=name, type=EnvironmentType.TEST, created_at=NOW))
    draft.put(_token(ADMIN, ApiTokenType.ADMIN))
    draft.put(_token(CLIENT, ApiTokenType.CLIENT, environment="staging"))
    return draft.snapshot()


def _identify(
    snapshot: Snapshot,
    authorization: str | None,
    *,
    user: str | None = None,
    now: datetime = NOW,
    auth: str = "token",
) -> Principal:
    return identify(snapshot, authorization=authorization, user=user, now=now, auth=auth)


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [
        (None, (None, None)),
        ("", (None, None)),
        ("  ", (None, None)),
        ("*:default.x", ("*:default.x", None)),
        ("Bearer *:default.x", ("*:default.x", None)),
        ("bearer   *:default.x ", ("*:default.x", None)),
        ("Bearer", (None, None)),
        ("Bearer ", (None, None)),
        (_basic("ada", "*:*.x"), ("*:*.x", "ada")),
        (_basic("", "*:*.x"), ("*:*.x", "")),
        (_basic("ada", ""), (None, "ada")),
        ("Basic ???", (None, "")),
        ("Basic", (None, "")),
    ],
)
def test_secrets_come_bare_as_bearer_or_as_password(
    authorization: str | None, expected: tuple[str | None, str | None]
) -> None:
    assert bearer_secret(authorization) == expected


def test_a_client_token_gives_its_scope_and_is_the_actor(snapshot: Snapshot) -> None:
    principal = _identify(snapshot, CLIENT)

    assert principal.type is ApiTokenType.CLIENT
    assert principal.environment == "staging"
    assert principal.projects == ("shop", "blog")
    assert principal.actor == Actor("the client", ActorKind.TOKEN, "id-of-client")
    assert principal.token is snapshot.tokens["id-of-client"]
    assert not principal.can_write


def test_an_admin_token_acts_on_default_and_can_write(snapshot: Snapshot) -> None:
    principal = _identify(snapshot, f"Bearer {ADMIN}")

    assert principal.environment == "default"
    assert principal.actor == Actor("the admin", ActorKind.TOKEN, "id-of-admin")
    assert principal.can_write


def test_an_admin_names_the_actor_by_header_or_as_basic_user(snapshot: Snapshot) -> None:
    by_header = _identify(snapshot, ADMIN, user="ada")
    by_basic = _identify(snapshot, _basic("grace", ADMIN), user="ada")
    without_user = _identify(snapshot, _basic("", ADMIN))

    assert by_header.actor == Actor("ada", ActorKind.TOKEN, "id-of-admin")
    assert by_basic.actor == Actor("grace", ActorKind.TOKEN, "id-of-admin")
    assert without_user.actor.name == "the admin"


def test_others_cannot_name_the_actor(snapshot: Snapshot) -> None:
    assert _identify(snapshot, CLIENT, user="ada").actor.name == "the client"


@pytest.mark.parametrize(
    ("sent", "displayed"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("  Ada\r\nX-Evil: 1\x00 ", "AdaX-Evil: 1"),
        ("Zo\u00eb".encode().decode("latin-1"), "Zo\u00eb"),
        ("Zo\u00eb", "Zo\u00eb"),
        ("\u202eada", "ada"),
        ("x" * 300, "x" * 100),
        ("\t", "the admin"),
        ("", "the admin"),
    ],
)
def test_an_actor_has_one_line_of_visible_characters(
    snapshot: Snapshot, sent: str, displayed: str
) -> None:
    assert _identify(snapshot, ADMIN, user=sent).actor.name == displayed


@pytest.mark.parametrize(
    "authorization",
    [None, "", "unknown", "Bearer unknown", _basic("ada", "unknown"), _basic("ada", CLIENT)],
)
def test_unknown_credentials_are_refused_without_repeating_them(
    snapshot: Snapshot, authorization: str | None
) -> None:
    with pytest.raises(UnauthenticatedError) as refused:
        _identify(snapshot, authorization)

    assert "unknown" not in refused.value.message
    assert CLIENT not in refused.value.message


def test_a_token_stops_working_when_it_expires(snapshot: Snapshot) -> None:
    just_before = NOW + timedelta(days=1, microseconds=-1)

    assert _identify(snapshot, CLIENT, now=just_before).token is not None
    with pytest.raises(UnauthenticatedError):
        _identify(snapshot, CLIENT, now=NOW + timedelta(days=1))


def test_a_token_of_an_environment_that_is_gone_is_refused(snapshot: Snapshot) -> None:
    draft = Draft(snapshot, 2)
    draft.remove(snapshot.environments["staging"])

    with pytest.raises(UnauthenticatedError):
        _identify(draft.snapshot(), CLIENT)


def test_with_auth_off_everybody_is_an_admin_of_default(snapshot: Snapshot) -> None:
    anybody = _identify(snapshot, None, auth="none")
    named = _identify(snapshot, "Bearer nonsense", user="ada", auth="none")

    assert anybody == Principal(ANONYMOUS, ApiTokenType.ADMIN, None, "default", ())
    assert named.actor == Actor("ada", ActorKind.ANONYMOUS)
    assert named.can_write


def test_an_open_client_api_lets_anybody_read_default_only() -> None:
    principal = open_client()

    assert (principal.environment, principal.can_write) == ("default", False)
    require(principal, ApiTokenType.CLIENT)


def test_a_wrong_type_is_refused_with_the_types_that_would_do(snapshot: Snapshot) -> None:
    principal = _identify(snapshot, CLIENT)

    require(principal, ApiTokenType.CLIENT, ApiTokenType.FRONTEND)
    with pytest.raises(ForbiddenError) as refused:
        require(principal, ApiTokenType.ADMIN, ApiTokenType.VIEWER)

    assert refused.value.message == (
        "This requires a token of type admin or viewer; the token sent is of type client."
    )
