"""The first tokens of an installation."""

import re
from pathlib import Path
from typing import Any

import pytest

from flagstaff.app import run_app
from flagstaff.bootstrap import provide_tokens
from flagstaff.settings import Settings
from flagstaff.settings_loading import SettingsError
from flagstaff.welcome import welcome
from store import Store
from store.model import ApiTokenType, EnvironmentType
from tests.store.operations.conftest import beginning

# One kind of database suffices, because operations of the store create tokens.
__all__ = ["beginning"]


def given(**settings: Any) -> Settings:
    return Settings(**settings)


async def problem_of(store: Store, **settings: Any) -> str:
    with pytest.raises(SettingsError) as caught:
        await provide_tokens(store, given(**settings))
    return str(caught.value)


async def test_a_new_installation_gets_an_admin_and_a_client_token(store: Store) -> None:
    first = await provide_tokens(store, given())

    assert first is not None
    assert first.client is not None
    admin = store.snapshot.token_of(first.admin)
    client = store.snapshot.token_of(first.client)
    assert re.fullmatch(r"\*:\*\.[0-9a-f]{64}", first.admin)
    assert re.fullmatch(r"\*:default\.[0-9a-f]{64}", first.client)
    assert admin is not None
    assert admin.type is ApiTokenType.ADMIN
    assert client is not None
    assert (client.type, client.environment) == (ApiTokenType.CLIENT, "default")


async def test_they_are_made_only_once(store: Store) -> None:
    await provide_tokens(store, given())

    again = await provide_tokens(store, given())

    assert again is None
    assert len(store.snapshot.tokens) == 2


async def test_without_a_token_check_none_are_made(store: Store) -> None:
    first = await provide_tokens(store, given(auth="none"))

    assert first is None
    assert not store.snapshot.tokens


async def test_given_tokens_are_made_and_their_environments_with_them(store: Store) -> None:
    first = await provide_tokens(
        store,
        given(
            init_admin_tokens=("*:*.unleash-insecure-admin",),
            init_client_tokens=("*:development.unleash-insecure-client", "default:prod.c2"),
            init_frontend_tokens=("*:development.f1",),
        ),
    )

    tokens = {
        secret: store.snapshot.token_of(secret)
        for secret in (
            "*:*.unleash-insecure-admin",
            "*:development.unleash-insecure-client",
            "default:prod.c2",
            "*:development.f1",
        )
    }
    assert first is None
    assert {
        secret: token and (token.type.value, token.environment, token.projects)
        for secret, token in tokens.items()
    } == {
        "*:*.unleash-insecure-admin": ("admin", None, ()),
        "*:development.unleash-insecure-client": ("client", "development", ()),
        "default:prod.c2": ("client", "prod", ("default",)),
        "*:development.f1": ("frontend", "development", ()),
    }
    environments = store.snapshot.environments
    assert environments["development"].type is EnvironmentType.DEVELOPMENT
    assert environments["prod"].type is EnvironmentType.PRODUCTION
    creators = {token.created_by.name for token in tokens.values() if token and token.created_by}
    assert creators == {"flagstaff"}


async def test_given_tokens_are_made_once_over_all_starts(store: Store) -> None:
    settings = given(init_client_tokens=("*:development.c1",))
    await provide_tokens(store, settings)
    revision = store.snapshot.revision

    again = await provide_tokens(store, settings)

    assert again is None
    assert store.snapshot.revision == revision


async def test_an_installation_whose_settings_give_no_admin_token_gets_one(store: Store) -> None:
    first = await provide_tokens(store, given(init_client_tokens=("*:development.c1",)))

    assert first is not None
    assert first.client is None
    admin = store.snapshot.token_of(first.admin)
    assert admin is not None
    assert admin.type is ApiTokenType.ADMIN
    assert len(store.snapshot.tokens) == 2


async def test_a_token_given_later_is_added(store: Store) -> None:
    await provide_tokens(store, given(init_client_tokens=("*:development.c1",)))

    await provide_tokens(store, given(init_client_tokens=("*:development.c1", "*:default.c2")))

    assert store.snapshot.token_of("*:default.c2") is not None


WEAK_ADMIN = "*:*.fifteen-letters"
STRONG_ADMIN = "*:*.sixteen--letters"


async def test_an_admin_token_that_can_be_guessed_is_refused(store: Store) -> None:
    problem = await problem_of(store, init_admin_tokens=(STRONG_ADMIN, WEAK_ADMIN))

    assert problem.startswith("FLAGSTAFF_INIT_ADMIN_TOKENS: token 2 has a random part of fewer")
    assert "fifteen-letters" not in problem
    assert not store.snapshot.tokens


async def test_a_weak_admin_token_can_be_allowed_and_is_warned_about(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    await provide_tokens(store, given(init_admin_tokens=(WEAK_ADMIN,), allow_weak_tokens=True))

    assert store.snapshot.token_of(WEAK_ADMIN) is not None
    assert "FLAGSTAFF_INIT_ADMIN_TOKENS contains a token of type admin" in caplog.text
    assert "fifteen-letters" not in caplog.text


async def test_a_weak_client_token_is_taken_with_a_warning_at_each_start(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    settings = given(init_client_tokens=("*:default.c1",))
    await provide_tokens(store, settings)
    caplog.clear()

    await provide_tokens(store, settings)

    assert "FLAGSTAFF_INIT_CLIENT_TOKENS contains a token of type client" in caplog.text


async def test_strong_tokens_are_not_warned_about(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    await provide_tokens(store, given(init_admin_tokens=(STRONG_ADMIN,)))

    assert caplog.text == ""


@pytest.mark.parametrize(
    ("setting", "token", "reason"),
    [
        ("init_admin_tokens", "hush", "token 2 does not have the form project:environment.secret."),
        ("init_admin_tokens", "*:*.", "token 2 does not have the form project:environment.secret."),
        ("init_admin_tokens", "*:*.hüsh", "token 2 does not have the form"),
        ("init_admin_tokens", "*:default.hush", "token 2 must begin with *:*."),
        ("init_client_tokens", "*:*.hush", "token 2 must name an environment"),
        ("init_client_tokens", "[]:default.hush", "token 2 must name one project"),
        ("init_frontend_tokens", "default.hush", "token 2 does not have the form"),
        ("init_client_tokens", "nowhere:default.hush", "nowhere"),
        ("init_client_tokens", "*:§.hush", "token 2 does not have the form"),
    ],
)
async def test_a_wrong_token_is_refused_without_repeating_it(
    store: Store, setting: str, token: str, reason: str
) -> None:
    right = "*:*.right-and-long-enough" if setting == "init_admin_tokens" else "*:default.right"

    problem = await problem_of(store, **{setting: (right, token)})

    assert problem.startswith(f"FLAGSTAFF_{setting.upper()}: ")
    assert reason in problem
    assert "hush" not in problem
    assert not store.snapshot.tokens


async def test_a_wrong_token_is_refused_before_a_database_is_created(tmp_path: Path) -> None:
    file = tmp_path / "flagstaff.db"

    with pytest.raises(SettingsError, match="FLAGSTAFF_INIT_ADMIN_TOKENS: token 1"):
        async with run_app(given(database_url=f"sqlite:///{file}", init_admin_tokens=("hush",))):
            pass

    assert not file.exists()


async def test_a_token_cannot_be_of_two_types(store: Store) -> None:
    both = {"init_client_tokens": ("*:default.x",), "init_frontend_tokens": ("*:default.x",)}
    at_once = await problem_of(store, **both)
    await provide_tokens(store, given(init_client_tokens=("*:default.x",)))

    later = await problem_of(store, init_frontend_tokens=("*:default.x",))

    assert "listed twice" in at_once
    assert "already exists as" in later


async def test_the_welcome_shows_addresses_tokens_and_a_line_to_try(store: Store) -> None:
    first = await provide_tokens(store, given())
    assert first is not None

    text = welcome("http://localhost:4242", first, given())

    assert "http://localhost:4242/graphql" in text
    assert first.admin in text
    assert (
        f"curl -H 'Authorization: {first.client}' http://localhost:4242/api/client/features" in text
    )


def test_the_welcome_to_a_known_installation_shows_no_tokens() -> None:
    text = welcome("http://localhost:4242", None, given())

    assert "token" not in text
    assert "curl" not in text


async def test_only_the_first_start_creates_tokens(own_url: str) -> None:
    async with run_app(given(database_url=own_url)) as running:
        first = running.first_tokens
    async with run_app(given(database_url=own_url)) as running:
        second = running.first_tokens

    assert first is not None
    assert second is None
