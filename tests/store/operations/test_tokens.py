"""Creating, changing and revoking API tokens."""

import re
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest

from store import Store
from store.clock_skew import utc_now
from store.errors import AlreadyExistsError, Refusal
from store.events import EventType
from store.model import ANONYMOUS, SYSTEM, Actor, ActorKind, ApiToken, ApiTokenType
from store.operations.environments import create_environment
from store.operations.toggles import create_toggle
from store.operations.tokens import (
    SecretScope,
    create_token,
    hash_secret,
    revoke_token,
    scope_of,
    update_token,
)
from tests.store.operations.doing import carry_out, document, error_paths, last_event, log, refused
from tests.store.usage.reporting import Clock

RANDOM = "0123456789abcdef" * 4


async def test_a_new_token_opens_with_its_secret(store: Store):
    token, secret = await carry_out(
        store, create_token, name="Shop", type=ApiTokenType.CLIENT, actor=ANONYMOUS
    )

    assert store.snapshot.token_of(secret) is token
    assert store.snapshot.tokens[token.id] is token
    assert (token.environment, token.projects, token.expires_at) == ("default", (), None)
    assert (token.created_by, token.revision) == (ANONYMOUS, store.snapshot.revision)
    assert (token.hint, token.secret_hash) == (secret[-4:], hash_secret(secret))


@pytest.mark.parametrize("type", list(ApiTokenType))
async def test_creating_and_revoking_report_everything_but_the_secret(
    store: Store, type: ApiTokenType
):
    token, secret = await carry_out(store, create_token, name="Shop", type=type)
    revoked = await carry_out(store, revoke_token, token.id)

    created, gone = await log(store)
    assert revoked is token
    assert store.snapshot.token_of(secret) is None
    assert store.snapshot.tokens == {}
    assert (created.type, gone.type) == (EventType.API_TOKEN_CREATED, EventType.API_TOKEN_REVOKED)
    assert created.summary == f"Created {type} token 'Shop'."
    assert gone.summary == f"Revoked {type} token 'Shop'."
    assert created.environment == gone.environment == token.environment
    assert (created.before, created.after) == (None, document(token))
    assert (gone.before, gone.after) == (document(token), None)
    for event in (created, gone):
        encoded = msgspec.json.encode(event).decode()
        assert secret.rpartition(".")[2] not in encoded
        assert hash_secret(secret) not in encoded


PREFIXES: list[tuple[ApiTokenType, dict[str, Any], str]] = [
    (ApiTokenType.ADMIN, {}, "*:*."),
    (ApiTokenType.VIEWER, {"environment": "default"}, "*:*."),
    (ApiTokenType.CLIENT, {}, "*:default."),
    (ApiTokenType.FRONTEND, {"environment": "production"}, "*:production."),
    (ApiTokenType.CLIENT, {"projects": ["default"]}, "default:default."),
    (ApiTokenType.CLIENT, {"projects": ["default", "odd one"]}, "[]:default."),
    (ApiTokenType.CLIENT, {"projects": ["default", "default"]}, "default:default."),
    (ApiTokenType.CLIENT, {"projects": ["odd one"]}, "[]:default."),
]


async def test_a_secret_begins_with_its_scope_and_ends_in_256_random_bits(store: Store):
    await prepare(store)

    for type, options, prefix in PREFIXES:
        token, secret = await carry_out(store, create_token, name="Shop", type=type, **options)

        assert secret.startswith(prefix)
        assert re.fullmatch("[0-9a-f]{64}", secret.removeprefix(prefix))
        assert (token.environment is None) == (prefix == "*:*.")


async def test_secrets_never_repeat(store: Store):
    made = [
        (await carry_out(store, create_token, name="same", type=ApiTokenType.ADMIN))[1]
        for _ in range(3)
    ]

    assert len(set(made)) == 3


async def test_a_token_may_expire(store: Store):
    expiry = store.clock() + timedelta(days=1)

    token, _ = await carry_out(
        store, create_token, name="Shop", type=ApiTokenType.CLIENT, expires_at=expiry
    )

    assert token.expires_at == expiry


REFUSED_OPTIONS: list[tuple[dict[str, Any], tuple[str, tuple[str, ...]]]] = [
    ({"name": ""}, ("text-length", ("name",))),
    ({"name": "x" * 101}, ("text-length", ("name",))),
    ({"name": "a\x00"}, ("text-characters", ("name",))),
    ({"environment": "moon"}, ("NOT_FOUND", ("environment",))),
    ({"projects": ["default", "no"]}, ("NOT_FOUND", ("projects", "1"))),
    ({"expires_at": datetime(2100, 1, 1)}, ("time-offset", ("expiresAt",))),  # noqa: DTZ001 (the point)
]


async def test_a_token_that_breaks_a_rule_is_refused(store: Store):
    for options, problem in REFUSED_OPTIONS:
        options = {"name": "Shop", "type": ApiTokenType.CLIENT, **options}

        assert await error_paths(store, create_token, **options) == [problem]


async def test_every_error_of_a_token_is_reported_at_once(store: Store):
    problems = await error_paths(
        store,
        create_token,
        name="",
        type=ApiTokenType.FRONTEND,
        environment="moon",
        projects=["no"],
        expires_at=store.clock(),
        secret="secret",
    )

    assert problems == [
        ("text-length", ("name",)),
        ("expiry-future", ("expiresAt",)),
        ("NOT_FOUND", ("environment",)),
        ("NOT_FOUND", ("projects", "0")),
        ("secret-format", ("secret",)),
    ]


@pytest.mark.parametrize("type", [ApiTokenType.CLIENT, ApiTokenType.FRONTEND])
async def test_an_empty_environment_is_not_the_default_one(store: Store, type: ApiTokenType):
    problems = await error_paths(store, create_token, name="Shop", type=type, environment="")

    assert [path for _, path in problems] == [("environment",)]


@pytest.mark.parametrize("type", [ApiTokenType.ADMIN, ApiTokenType.VIEWER])
async def test_admin_and_viewer_tokens_are_bound_to_nothing(store: Store, type: ApiTokenType):
    await prepare(store)

    problems = await error_paths(
        store,
        create_token,
        name="Ops",
        type=type,
        environment="production",
        projects=["default"],
    )

    assert problems == [("token-scope", ("environment",)), ("token-scope", ("projects",))]


@pytest.mark.parametrize(
    ("secret", "type", "options"),
    [
        ("*:*.unleash-insecure-admin", ApiTokenType.ADMIN, {}),
        (
            "*:production.unleash-insecure-client",
            ApiTokenType.CLIENT,
            {"environment": "production"},
        ),
        (f"default:default.{RANDOM}", ApiTokenType.FRONTEND, {"projects": ["default"]}),
        (f"[]:default.{RANDOM}", ApiTokenType.CLIENT, {"projects": ["default"]}),
    ],
)
async def test_a_given_secret_is_used_unchanged(
    store: Store, secret: str, type: ApiTokenType, options: dict[str, Any]
):
    await prepare(store)

    token, returned = await carry_out(
        store, create_token, name="init", type=type, secret=secret, **options
    )

    assert returned == secret
    assert store.snapshot.token_of(secret) is token
    assert token.hint == secret[-4:]


async def test_a_short_secret_gives_no_hint(store: Store):
    token, _ = await carry_out(
        store, create_token, name="init", type=ApiTokenType.ADMIN, secret="*:*.short"
    )

    assert token.hint == ""


REFUSED_SECRETS = [
    ("", "secret-format"),
    ("nothing", "secret-format"),
    ("*:default", "secret-format"),
    ("*:default.", "secret-format"),
    ("*:default.a b", "secret-format"),
    ("*:default.ä", "secret-format"),
    ("*:default.a\n", "secret-format"),
    ("*:default." + "x" * 500, "secret-format"),
    (f"*:production.{RANDOM}", "secret-scope"),
    (f"*:*.{RANDOM}", "secret-scope"),
    (f"[]:default.{RANDOM}", "secret-scope"),
    (f"default:default.{RANDOM}", "secret-scope"),
]


async def test_a_secret_that_is_malformed_or_says_something_else_is_refused(store: Store):
    for secret, rule in REFUSED_SECRETS:
        [error] = await refused(
            store, create_token, name="init", type=ApiTokenType.CLIENT, secret=secret
        )

        assert (secret, getattr(error, "rule", "")) == (secret, rule)
        assert error.path == ("secret",)
        assert RANDOM not in error.message


async def test_a_taken_secret_is_refused_without_being_repeated(store: Store):
    secret = f"*:*.{RANDOM}"
    token, _ = await carry_out(
        store, create_token, name="first", type=ApiTokenType.ADMIN, secret=secret
    )

    [error] = await refused(
        store, create_token, name="second", type=ApiTokenType.VIEWER, secret=secret
    )

    assert isinstance(error, AlreadyExistsError)
    assert (error.existing, error.path) == (token, ("secret",))
    assert error.message == "Token 'first' already has this secret."


@pytest.mark.parametrize(
    ("secret", "scope"),
    [
        ("*:*.unleash-insecure-admin", SecretScope("*", "*")),
        ("*:development.a.b", SecretScope("*", "development")),
        ("[]:production.x", SecretScope("[]", "production")),
        ("payments:production.x:y", SecretScope("payments", "production")),
    ],
)
def test_a_secret_says_its_scope(secret: str, scope: SecretScope):
    assert scope_of(secret) == scope


def test_a_malformed_secret_has_no_scope():
    with pytest.raises(Refusal, match="A secret consists of a project, a colon") as caught:
        scope_of("top-secret")

    assert "top-secret" not in str(caught.value)


async def test_the_tokens_created_with_a_token_are_revoked_with_it_on_request(store: Store):
    async def created_by(name: str, parent: ApiToken | None) -> ApiToken:
        actor = SYSTEM if parent is None else Actor(parent.name, ActorKind.TOKEN, parent.id)
        token, _ = await carry_out(
            store, create_token, name=name, type=ApiTokenType.ADMIN, actor=actor
        )
        return token

    parent = await created_by("parent", None)
    child = await created_by("child", parent)
    await created_by("grandchild", child)
    sibling = await created_by("sibling", None)
    before = len(await log(store))

    await carry_out(store, revoke_token, parent.id, revoke_children=True)

    events = (await log(store))[before:]
    assert list(store.snapshot.tokens) == [sibling.id]
    assert [event.summary for event in events] == [
        "Revoked admin token 'grandchild'.",
        "Revoked admin token 'child'.",
        "Revoked admin token 'parent'.",
    ]


async def test_the_tokens_created_with_a_token_outlive_it_by_default(store: Store):
    parent, _ = await carry_out(store, create_token, name="parent", type=ApiTokenType.ADMIN)
    actor = Actor("parent", ActorKind.TOKEN, parent.id)
    child, _ = await carry_out(
        store, create_token, name="child", type=ApiTokenType.CLIENT, actor=actor
    )

    await carry_out(store, revoke_token, parent.id)

    assert list(store.snapshot.tokens) == [child.id]


async def test_an_unknown_token_is_not_found(store: Store):
    assert await error_paths(store, revoke_token, "no") == [("NOT_FOUND", ("id",))]
    assert await error_paths(store, update_token, "no", expires_at=None) == [("NOT_FOUND", ("id",))]


@pytest.mark.parametrize("days", [None, 7])
async def test_a_token_expires_at_another_time(store: Store, days: int | None):
    expiry = store.clock() + timedelta(days=1)
    before, secret = await carry_out(
        store, create_token, name="Shop", type=ApiTokenType.CLIENT, expires_at=expiry
    )
    later = None if days is None else store.clock() + timedelta(days=days)

    after = await carry_out(store, update_token, before.id, expires_at=later)

    event = await last_event(store)
    assert store.snapshot.token_of(secret) is after
    assert (after.expires_at, after.revision) == (later, store.snapshot.revision)
    assert (event.type, event.environment) == (EventType.API_TOKEN_UPDATED, "default")
    assert event.summary == "Changed when client token 'Shop' expires."
    assert (event.before, event.after) == (document(before), document(after))


async def test_the_same_expiry_again_is_no_event_even_when_it_is_past(own_url: str):
    clock = Clock(utc_now())
    store = await Store.open(own_url, clock=clock)
    expiry = clock.now + timedelta(days=1)
    before, _ = await carry_out(
        store, create_token, name="Shop", type=ApiTokenType.ADMIN, expires_at=expiry
    )
    clock.now += timedelta(days=2)

    after = await carry_out(
        store,
        update_token,
        before.id,
        expires_at=expiry.astimezone(timezone(timedelta(hours=2))),
        expected_revision=before.revision,
    )

    events = len(await log(store))
    await store.close()
    assert after is before
    assert events == 1


async def test_every_error_of_an_expiry_is_reported_at_once(store: Store):
    token, _ = await carry_out(store, create_token, name="Shop", type=ApiTokenType.ADMIN)

    past = await error_paths(
        store, update_token, token.id, expires_at=store.clock(), expected_revision=99
    )
    naive = await error_paths(store, update_token, token.id, expires_at=datetime(2100, 1, 1))  # noqa: DTZ001 (the point)

    assert past == [
        ("REVISION_CONFLICT", ("expectedRevision",)),
        ("expiry-future", ("expiresAt",)),
    ]
    assert naive == [("time-offset", ("expiresAt",))]


async def test_only_the_token_revoked_stops_working(store: Store):
    first, _ = await carry_out(store, create_token, name="same", type=ApiTokenType.ADMIN)
    second, secret = await carry_out(store, create_token, name="same", type=ApiTokenType.ADMIN)

    await carry_out(store, revoke_token, first.id)

    assert store.snapshot.token_of(secret) is second
    assert (await last_event(store)).subject_key == first.id


async def prepare(store: Store) -> None:
    """Create the environment production and the undeclared project `odd one`."""
    await carry_out(store, create_environment, name="production")
    await carry_out(store, create_toggle, name="a", project="odd one", allow_unknown=True)
