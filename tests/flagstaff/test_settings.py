"""Settings: their sources, and the messages about invalid values."""

import re
from pathlib import Path

import pytest

from flagstaff.configuration_page import configuration_page
from flagstaff.settings import Settings, is_loopback
from flagstaff.settings_loading import SettingsError, load_settings

CONFIGURATION_PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"


def problems_of(**given: object) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load_settings(**given)
    return caught.value.problems


def test_a_server_without_settings_uses_a_file_and_loopback() -> None:
    settings = load_settings()

    assert settings.database_url == "sqlite+aiosqlite:///flagstaff.db"
    assert (settings.host, settings.port) == ("127.0.0.1", 4242)
    assert settings.auth == "token"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("postgres://u:p%40w@h/d", "postgresql+asyncpg://u:p%40w@h/d"),
        ("postgresql://u@h:5433/d", "postgresql+asyncpg://u@h:5433/d"),
        ("postgresql+asyncpg://h/d", "postgresql+asyncpg://h/d"),
        ("postgres://h/d?sslmode=require", "postgresql+asyncpg://h/d?sslmode=require"),
        ("sqlite:////tmp/flagstaff.db", "sqlite+aiosqlite:////tmp/flagstaff.db"),
    ],
)
def test_database_urls_get_the_driver_that_is_meant(
    monkeypatch: pytest.MonkeyPatch, given: str, meant: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", given)

    assert load_settings().database_url == meant


def test_own_names_win_over_aliases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "1000")
    monkeypatch.setenv("FLAGSTAFF_PORT", "2000")

    assert load_settings().port == 2000


def test_names_of_unleash_are_aliases(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("HTTP_HOST", "127.0.0.2"),
        ("HTTP_PORT", "4300"),
        ("SERVER_KEEPALIVE_TIMEOUT", "90"),
    ):
        monkeypatch.setenv(name, value)

    settings = load_settings()

    assert (settings.host, settings.port, settings.keep_alive_s) == ("127.0.0.2", 4300, 90)


def test_aliases_with_different_values_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PORT", "4300")
    monkeypatch.setenv("PORT", "4301")

    assert problems_of() == (
        "HTTP_PORT and PORT have different values; set only one of them, or FLAGSTAFF_PORT.",
    )
    assert load_settings(port=4302).port == 4302
    monkeypatch.setenv("FLAGSTAFF_PORT", "4303")
    assert load_settings().port == 4303
    monkeypatch.delenv("FLAGSTAFF_PORT")
    monkeypatch.setenv("PORT", "4300")
    assert load_settings().port == 4300


def test_the_names_of_variables_are_in_capitals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("flagstaff_port", "2000")

    assert load_settings().port == 4242


def test_options_win_over_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLAGSTAFF_PORT", "2000")

    assert load_settings(port=3000, host=None).port == 3000


def test_variables_of_code_samples_are_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLAGSTAFF_URL", "http://localhost:4242")
    monkeypatch.setenv("FLAGSTAFF_TOKEN", "*:*.secret")

    assert load_settings().port == 4242


def test_empty_variables_count_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLAGSTAFF_PORT", "")
    monkeypatch.setenv("PORT", "1000")

    assert load_settings().port == 1000


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INIT_BACKEND_API_TOKENS", "*:a.one, *:b.two,")

    assert load_settings().init_client_tokens == ("*:a.one", "*:b.two")


def test_unknown_variables_are_refused_with_the_nearest_known_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FLAGSTAFF_DATABSE_URL", "sqlite:///x.db")

    assert problems_of() == (
        "FLAGSTAFF_DATABSE_URL is not a setting of Flagstaff; did you mean FLAGSTAFF_DATABASE_URL?",
    )


def test_every_problem_is_reported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "eighty")
    monkeypatch.setenv("FLAGSTAFF_AUTH", "off")
    monkeypatch.setenv("FLAGSTAFF_ACCESS_LOG", "perhaps")
    monkeypatch.setenv("FLAGSTAFF_GRAPHQL_TIMEOUT_S", "0")
    monkeypatch.setenv("FLAGSTAFF_LOG_LEVELS", "red")

    assert sorted(problems_of()) == [
        "FLAGSTAFF_ACCESS_LOG must be true or false, not 'perhaps'.",
        "FLAGSTAFF_AUTH must be 'token' or 'none', not 'off'.",
        "FLAGSTAFF_GRAPHQL_TIMEOUT_S must be more than 0, not '0'.",
        "FLAGSTAFF_LOG_LEVELS is not a setting of Flagstaff; did you mean FLAGSTAFF_LOG_LEVEL?",
        "PORT must be a whole number, not 'eighty'.",
    ]


# The bounds of numeric settings. The keys are the names of settings without FLAGSTAFF_.
CENTURY_DAYS = 36_500
BOUNDS = {
    "drain_s": {"ge": 0, "le": 3_600},
    "graphql_max_aliases": {"ge": 0},
    "graphql_max_answer_bytes": {"ge": 1_000},
    "graphql_max_characters": {"ge": 1_000},
    "graphql_max_cost": {"ge": 1},
    "graphql_max_depth": {"ge": 1},
    "graphql_max_directives": {"ge": 0},
    "graphql_max_introspection_depth": {"ge": 1},
    "graphql_max_parallel": {"ge": 1},
    "graphql_max_push_cost": {"ge": 1},
    "graphql_max_root_fields": {"ge": 1},
    "graphql_max_tokens": {"ge": 100},
    "graphql_max_values": {"ge": 100},
    "graphql_timeout_s": {"gt": 0},
    "keep_alive_s": {"ge": 1, "le": 86_400},
    "keep_applications_days": {"ge": 0, "le": CENTURY_DAYS},
    "keep_change_sets_days": {"ge": 0, "le": CENTURY_DAYS},
    "keep_days_days": {"ge": 2, "le": CENTURY_DAYS},
    "keep_events_days": {"ge": 0, "le": CENTURY_DAYS},
    "keep_hours_days": {"ge": 2, "le": CENTURY_DAYS},
    "keep_instances_days": {"ge": 1, "le": CENTURY_DAYS},
    "keep_unknown_names_days": {"ge": 1, "le": CENTURY_DAYS},
    "max_admin_body_bytes": {"ge": 1_000},
    "max_body_bytes": {"ge": 1_000},
    "max_head_bytes": {"ge": 1_000},
    "max_sockets_per_address": {"ge": 1},
    "max_sockets_per_token": {"ge": 1},
    "max_stream_age_s": {"gt": 0},
    "max_streams": {"ge": 0},
    "max_streams_per_token": {"ge": 0},
    "max_subscriptions_per_socket": {"ge": 1},
    "port": {"ge": 0, "le": 65_535},
    "workers": {"ge": 1, "le": 64},
}


def test_numbers_have_bounds() -> None:
    found = {
        name: {
            kind: value
            for item in field.metadata
            for kind in ("ge", "gt", "le", "lt")
            if (value := getattr(item, kind, None)) is not None
        }
        for name, field in Settings.model_fields.items()
    }

    assert {name: bounds for name, bounds in found.items() if bounds} == BOUNDS


def test_a_wrong_option_is_named_as_one() -> None:
    assert problems_of(port=70_000) == ("--port must be at most 65535, not 70000.",)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("mysql://u:hush@h/d", "'mysql' is not a supported database: use sqlite or postgresql"),
        ("nonsense:hush", "this is not a database URL such as sqlite:///flagstaff.db"),
        ("sqlite://", "SQLite needs a file, as in sqlite:///flagstaff.db"),
        ("sqlite:///no/f.db", "the folder 'no' of the SQLite file does not exist"),
    ],
)
def test_a_wrong_database_url_is_refused_without_repeating_its_password(
    monkeypatch: pytest.MonkeyPatch, url: str, problem: str
) -> None:
    monkeypatch.setenv("FLAGSTAFF_DATABASE_URL", url)

    assert problems_of() == (f"FLAGSTAFF_DATABASE_URL: {problem}.",)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.10", "flagstaff.example.com"])
def test_a_server_without_tokens_cannot_be_reached_from_elsewhere(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("FLAGSTAFF_AUTH", "none")

    assert problems_of(host=host) == (
        (
            "FLAGSTAFF_AUTH=none allows everything without a token, so the server listens "
            f"on loopback only (127.0.0.1, ::1, localhost), not on '{host}'."
        ),
    )


def test_loopback_has_many_names() -> None:
    hosts = ["localhost", "LOCALHOST.", "app.localhost", "127.0.0.1", "127.8.9.1", "::1", "[::1]"]
    others = [
        "localhost..",
        "example.com",
        "127.0.0.1.example.com",
        "10.0.0.1",
        "",
        "localhost.example.com",
    ]

    assert all(map(is_loopback, hosts))
    assert not any(map(is_loopback, others))


@pytest.mark.parametrize(
    ("auth", "variable", "value", "origins"),
    [
        ("token", "FLAGSTAFF_FRONTEND_ORIGINS", "", ("*",)),
        ("none", "FLAGSTAFF_FRONTEND_ORIGINS", "", ()),
        ("token", "FLAGSTAFF_FRONTEND_ORIGINS", "none", ()),
        ("token", "UNLEASH_FRONTEND_API_ORIGINS", "none", ()),
        ("token", "UNLEASH_FRONTEND_API_ORIGINS", "*", ("*",)),
        (
            "none",
            "FLAGSTAFF_FRONTEND_ORIGINS",
            "https://a.example.com:443, HTTP://b.example.com:80",
            ("https://a.example.com", "http://b.example.com"),
        ),
    ],
)
def test_pages_of_frontends_are_anybodys_unless_there_are_no_tokens(
    monkeypatch: pytest.MonkeyPatch,
    auth: str,
    variable: str,
    value: str,
    origins: tuple[str, ...],
) -> None:
    monkeypatch.setenv("FLAGSTAFF_AUTH", auth)
    monkeypatch.setenv(variable, value)

    assert load_settings().effective_frontend_origins == origins


def test_the_word_none_stands_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLAGSTAFF_CORS_ORIGINS", "none")
    monkeypatch.setenv("FLAGSTAFF_FRONTEND_ORIGINS", "none, https://a.example.com")

    assert problems_of() == ("FLAGSTAFF_FRONTEND_ORIGINS: 'none' cannot be combined with origins.",)


@pytest.mark.parametrize("setting", ["cors_origins", "frontend_origins"])
def test_a_server_without_tokens_is_not_open_to_all_pages(
    monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    variable = f"FLAGSTAFF_{setting.upper()}"
    monkeypatch.setenv("FLAGSTAFF_AUTH", "none")
    monkeypatch.setenv(variable, "https://a.example.com, *")

    assert problems_of() == (
        (
            f"{variable} allows pages of any origin ('*'), but FLAGSTAFF_AUTH=none requires no "
            "token: list the origins instead."
        ),
    )


def test_origins_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLAGSTAFF_CORS_ORIGINS", "https://a.example.com, https://b.example.com/x")

    assert problems_of() == (
        (
            "FLAGSTAFF_CORS_ORIGINS: 'https://b.example.com/x' is not an origin such "
            "as https://example.com."
        ),
    )


def test_origins_are_written_as_browsers_send_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "FLAGSTAFF_CORS_ORIGINS", "HTTPS://Admin.example.com:443,http://localhost:3000,*"
    )

    assert load_settings().cors_origins == (
        "https://admin.example.com",
        "http://localhost:3000",
        "*",
    )


def test_a_settings_object_hides_tokens() -> None:
    settings = load_settings(init_admin_tokens=("*:*.hush",))

    assert "hush" not in repr(settings)


def test_the_configuration_page_is_current() -> None:
    assert CONFIGURATION_PAGE.read_text() == configuration_page()


def test_descriptions_are_sentences() -> None:
    for name, field in Settings.model_fields.items():
        assert re.fullmatch(r"[A-Z`].*\.", field.description or ""), name
