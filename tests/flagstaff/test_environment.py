"""Secrets in files, the parts of a database URL, and variables of Unleash without effect."""

import re
from pathlib import Path
from ssl import get_default_verify_paths

import pytest
from sqlalchemy.engine import make_url

from flagstaff.setting_field import is_secret
from flagstaff.settings import Settings
from flagstaff.settings_loading import SettingsError, load_settings
from flagstaff.unleash_variables import ADVICE, variables_without_effect
from store.postgresql import address_of

OWN = "FLAGSTAFF_DATABASE_URL"


def set_all(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def problems() -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return caught.value.problems


def test_the_secrets_are_the_database_url_and_tokens() -> None:
    secrets = {name for name, field in Settings.model_fields.items() if is_secret(field)}

    assert secrets == {
        "database_url",
        "init_admin_tokens",
        "init_client_tokens",
        "init_frontend_tokens",
        "upstream_tokens",
    }


@pytest.mark.parametrize("prefix", [OWN, "DATABASE_URL"])
def test_a_secret_may_be_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, prefix: str
) -> None:
    (tmp_path / "url").write_text(" postgresql://u:p@h/d\n")
    monkeypatch.setenv(f"{prefix}_FILE", str(tmp_path / "url"))

    assert load_settings().database_url == "postgresql+asyncpg://u:p@h/d"


def test_a_file_of_tokens_may_have_one_per_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "tokens").write_text("*:a.one\n*:b.two, *:c.three\n")
    monkeypatch.setenv("INIT_CLIENT_API_TOKENS_FILE", str(tmp_path / "tokens"))

    assert load_settings().init_client_tokens == ("*:a.one", "*:b.two", "*:c.three")


def test_a_secret_with_and_without_a_file_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "url").write_text("postgresql://u:hush@h/d")
    set_all(monkeypatch, DATABASE_URL="sqlite:///x.db", DATABASE_URL_FILE=str(tmp_path / "url"))

    assert problems() == ("DATABASE_URL and DATABASE_URL_FILE are both set; set only one of them.",)
    monkeypatch.setenv(OWN, "sqlite:///own.db")
    assert load_settings().database_url == "sqlite+aiosqlite:///own.db"


def test_a_file_that_cannot_be_used_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    empty, binary, missing = tmp_path / "empty", tmp_path / "binary", tmp_path / "missing"
    empty.write_text("\n")
    binary.write_bytes(b"\xff\xfe")
    set_all(
        monkeypatch,
        FLAGSTAFF_DATABASE_URL_FILE=str(missing),
        INIT_ADMIN_API_TOKENS_FILE=str(empty),
        INIT_CLIENT_API_TOKENS_FILE=str(binary),
    )

    assert problems() == (
        f"{OWN}_FILE: the file '{missing}' cannot be read (No such file or directory).",
        f"INIT_ADMIN_API_TOKENS_FILE: the file '{empty}' is empty.",
        f"INIT_CLIENT_API_TOKENS_FILE: the file '{binary}' is not text in UTF-8.",
    )


def test_a_wrong_value_in_a_file_is_named_by_its_variable_without_the_value(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "url").write_text("mysql://u:hush@h/d")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))

    assert problems() == (
        "DATABASE_URL_FILE: 'mysql' is not a supported database: use sqlite or postgresql.",
    )


def test_only_secrets_have_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLAGSTAFF_PORT_FILE", "port")

    assert problems()[0].startswith("FLAGSTAFF_PORT_FILE is not a setting of Flagstaff")


def test_the_parts_of_unleash_make_a_database_url(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text("p@ss/word\n")
    set_all(
        monkeypatch,
        DATABASE_HOST="db",
        DATABASE_USERNAME="unleash_user",
        DATABASE_PASSWORD_FILE=str(tmp_path / "password"),
        DATABASE_SSL="false",
        DATABASE_SCHEMA="Flags",
    )

    url = make_url(load_settings().database_url)

    assert (url.host, url.port, url.database) == ("db", 5432, "unleash")
    assert (url.username, url.password) == ("unleash_user", "p@ss/word")
    assert url.query == {"sslmode": "disable", "options": '-csearch_path="Flags"'}
    assert "sslmode=disable" in address_of(url).dsn


@pytest.mark.parametrize(
    ("value", "mode"),
    [
        ("false", "disable"),
        ('{"rejectUnauthorized": false}', "require"),
        ('{"rejectUnauthorized": true}', "verify-full"),
        ("true", "verify-full"),
    ],
)
def test_the_encryption_of_unleash_has_the_modes_of_postgresql(
    monkeypatch: pytest.MonkeyPatch, value: str, mode: str
) -> None:
    set_all(monkeypatch, DATABASE_URL="postgres://u@h/d", DATABASE_SSL=value)

    query = make_url(load_settings().database_url).query

    assert query["sslmode"] == mode
    assert query.get("sslrootcert") == (
        get_default_verify_paths().cafile if mode == "verify-full" else None
    )


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        (
            {"DATABASE_URL": "postgres://u:hush@h/d", "DATABASE_PASSWORD": "other"},
            (
                "DATABASE_PASSWORD and DATABASE_URL have different values; set only one of them, "
                "or FLAGSTAFF_DATABASE_URL."
            ),
        ),
        (
            {"DATABASE_URL": "postgres://u@h/d?sslmode=require", "DATABASE_SSL": "false"},
            "DATABASE_URL has another value of 'sslmode' than DATABASE_SSL; set it only once.",
        ),
        (
            {"DATABASE_SCHEMA": "flags"},
            f"DATABASE_SCHEMA needs DATABASE_HOST or DATABASE_URL; or set {OWN}.",
        ),
        (
            {"DATABASE_URL": "sqlite:///x.db", "DATABASE_SSL": "true"},
            "DATABASE_SSL needs a PostgreSQL database.",
        ),
        (
            {"DATABASE_HOST": "h", "DATABASE_PORT": "70000"},
            "DATABASE_PORT must be a port, not '70000'.",
        ),
        (
            {"DATABASE_HOST": "h", "DATABASE_SCHEMA": "a b"},
            "DATABASE_SCHEMA must be a name of letters, digits and _, not 'a b'.",
        ),
        (
            {"DATABASE_HOST": "h", "DATABASE_SSL": '{"ca": "hush"}'},
            (
                'DATABASE_SSL must be true, false or {"rejectUnauthorized": false}; for '
                f"certificates, use sslmode, sslrootcert, sslcert and sslkey in {OWN}."
            ),
        ),
    ],
)
def test_parts_that_fit_no_database_stop_the_start(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], problem: str
) -> None:
    set_all(monkeypatch, **variables)

    assert problems() == (problem,)
    monkeypatch.setenv(OWN, "sqlite:///own.db")
    assert load_settings().database_url == "sqlite+aiosqlite:///own.db"


def test_parts_may_repeat_the_database_url(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(
        monkeypatch,
        DATABASE_URL="postgres://u:p%40w@h:5433/d",
        DATABASE_HOST="h",
        DATABASE_PORT="5433",
        DATABASE_NAME="d",
        DATABASE_USERNAME="u",
        DATABASE_PASSWORD="p@w",
    )

    assert load_settings().database_url == "postgresql+asyncpg://u:p%40w@h:5433/d"


@pytest.mark.parametrize("given", ["flags/", "/flags", "/flags/", "flags"])
def test_base_paths_and_public_urls_have_one_form(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    set_all(monkeypatch, BASE_URI_PATH=given, UNLEASH_URL="https://flags.example.com/flags/")

    settings = load_settings()

    assert settings.base_path == "/flags"
    assert settings.public_url == "https://flags.example.com/flags"


@pytest.mark.parametrize("given", ["/a//b", "/a/../b", "/a b", "/a%20b", "/a?b", "/é"])
def test_wrong_base_paths_are_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("BASE_URI_PATH", given)

    assert problems() == (
        (
            f"BASE_URI_PATH: '{given}' is not a path such as /flags, of letters, digits and the "
            "characters -._~."
        ),
    )


@pytest.mark.parametrize(
    "given", ["flags.example.com", "ftp://a.example", "https://", "http://a/?b", "http://a:b/"]
)
def test_wrong_public_urls_are_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("FLAGSTAFF_PUBLIC_URL", given)

    assert problems() == (
        "FLAGSTAFF_PUBLIC_URL: this is not a URL such as https://flags.example.com.",
    )


def test_variables_of_unleash_without_effect_are_named_with_what_to_do() -> None:
    environ = {
        "LOG_LEVEL": "debug",
        "UNLEASH_SECRET": "hush",
        "AUTH_TYPE": "none",
        "SEND_TELEMETRY": "",
        "DATABASE_HOST": "db",
        "PATH": "/bin",
        "UNLEASH_URL": "http://localhost:4242",
    }

    assert variables_without_effect(environ) == (
        "These variables of Unleash have no effect: AUTH_TYPE, UNLEASH_SECRET (there are no users: "
        "create tokens with `flagstaff token create`); LOG_LEVEL (set FLAGSTAFF_LOG_LEVEL)."
    )
    assert variables_without_effect({"PATH": "/bin"}) is None


def test_no_variable_that_has_an_effect_is_called_without_effect() -> None:
    names = [
        *("DATABASE_HOST", "DATABASE_PORT", "DATABASE_NAME", "DATABASE_USERNAME"),
        *("DATABASE_PASSWORD", "DATABASE_PASSWORD_FILE", "DATABASE_SSL", "DATABASE_SCHEMA"),
        *("HTTP_HOST", "HTTP_PORT", "SERVER_KEEPALIVE_TIMEOUT", "UNLEASH_URL", "BASE_URI_PATH"),
        *("IMPORT_FILE", "IMPORT_PROJECT", "IMPORT_ENVIRONMENT", "UNLEASH_FRONTEND_API_ORIGINS"),
        *("UNLEASH_APP_NAME", "UNLEASH_API_TOKEN", "NODE_ENV"),
    ]

    assert variables_without_effect(dict.fromkeys(names, "value")) is None


def test_advice_names_settings_that_exist() -> None:
    text = " ".join(row.instead for row in ADVICE)
    settings = re.findall(r"FLAGSTAFF_\w+", text)

    known = {f"FLAGSTAFF_{name.upper()}" for name in Settings.model_fields}
    assert settings
    assert set(settings) <= known
