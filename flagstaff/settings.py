"""The settings of a server: `FLAGSTAFF_*` variables, their defaults and units."""

import os
from collections.abc import Mapping
from datetime import timedelta
from difflib import get_close_matches
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AliasChoices, BeforeValidator, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import NoDecode, SettingsConfigDict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from flagstaff.graphql_settings import GraphQLSettings
from flagstaff.proxies import check_proxy
from flagstaff.setting_field import setting
from graph.engine.http.origins import ANY_ORIGIN, parse_origin
from rest_compat.sdk.open_streams import MOST, MOST_PER_TOKEN
from store.database import async_url
from store.metrics.retention import Retention
from store.spreading import DEFAULT_MAX_STREAM_AGE_S

PREFIX = "FLAGSTAFF_"
NOBODY = "none"


def _split(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(part for part in (part.strip() for part in value.split(",")) if part)
    return value


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


List: TypeAlias = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
LogLevel: TypeAlias = Annotated[
    Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)
]


class Settings(GraphQLSettings):
    """Everything a server can be told from outside; read once, at start."""

    model_config = SettingsConfigDict(
        case_sensitive=True,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        populate_by_name=True,
    )

    database_url: str = setting(
        "sqlite:///flagstaff.db",
        "The database: `sqlite:///FILE` (one slash more for an absolute path) or "
        "`postgresql://USER:PASSWORD@HOST/NAME`, which needs the extra `postgres`.",
        "FLAGSTAFF_DATABASE_URL",
        "DATABASE_URL",
    )
    host: str = setting(
        "127.0.0.1",
        "The address to listen on; `0.0.0.0` for all of the machine's.",
        "FLAGSTAFF_HOST",
    )
    port: int = setting(
        4242,
        "The TCP port to listen on; `0` lets the system choose one.",
        "FLAGSTAFF_PORT",
        "PORT",
        ge=0,
        le=65535,
    )
    ready: Literal["reads", "writes"] = setting(
        "reads",
        "When `/ready` answers 200: as soon as and as long as toggles can be read, or, with "
        "`writes`, only while the database is there, too.",
        "FLAGSTAFF_READY",
    )
    drain_s: float = setting(
        0,
        "How long requests are still taken after SIGTERM while `/ready` already answers 503, in "
        "seconds; as long as load balancers need to notice.",
        "FLAGSTAFF_DRAIN_S",
        ge=0,
        le=3_600,
    )
    log_level: LogLevel = setting(
        "info",
        "The least severe messages that are logged: `debug`, `info`, `warning` or `error`.",
        "FLAGSTAFF_LOG_LEVEL",
    )
    log_format: Literal["text", "json"] = setting(
        "text",
        "How log lines on standard error look: `text` or `json`, one line per message either way.",
        "FLAGSTAFF_LOG_FORMAT",
    )
    access_log: bool = setting(
        False,
        "Whether each request and WebSocket is logged: method, path without its query, status, "
        "milliseconds, client address, token ID.",
        "FLAGSTAFF_ACCESS_LOG",
    )
    auth: Literal["token", "none"] = setting(
        "token",
        "`token` asks for API tokens; `none` lets everybody do everything, for trying things out: "
        "it listens on loopback only and answers only requests made to a loopback name.",
        "FLAGSTAFF_AUTH",
    )
    client_api: Literal["token", "open"] = setting(
        "token",
        "`open` lets SDKs without a token read, register and report in the environment `default`, "
        "as 3.x servers did.",
        "FLAGSTAFF_CLIENT_API",
    )
    metrics: Literal["on", "off"] = setting(
        "on",
        "`off` answers SDKs that register or report usage with 204 and stores nothing of it.",
        "FLAGSTAFF_METRICS",
    )
    keep_events_days: int = setting(
        0,
        "How long events of the audit log are kept, in days; `0` keeps them for ever. The newest "
        "event of each toggle stays.",
        "FLAGSTAFF_KEEP_EVENTS_DAYS",
        ge=0,
        le=36_500,
    )
    keep_change_sets_days: int = setting(
        0,
        "How long change sets are kept, with their comments and the possibility to undo them, in "
        "days; `0` keeps them for ever.",
        "FLAGSTAFF_KEEP_CHANGE_SETS_DAYS",
        ge=0,
        le=36_500,
    )
    keep_instances_days: int = setting(
        7,
        "How long an instance of an application is kept that reports nothing, in days.",
        "FLAGSTAFF_KEEP_INSTANCES_DAYS",
        ge=1,
        le=36_500,
    )
    keep_unknown_names_days: int = setting(
        30,
        "How long a name is kept that no toggle has and nobody asks for any more, in days.",
        "FLAGSTAFF_KEEP_UNKNOWN_NAMES_DAYS",
        ge=1,
        le=36_500,
    )
    keep_hours_days: int = setting(
        90,
        "How long counts by the hour are kept, in days.",
        "FLAGSTAFF_KEEP_HOURS_DAYS",
        ge=2,
        le=36_500,
    )
    keep_days_days: int = setting(
        730,
        "How long counts by the day are kept, in days.",
        "FLAGSTAFF_KEEP_DAYS_DAYS",
        ge=2,
        le=36_500,
    )
    keep_applications_days: int = setting(
        90,
        "How long an application is kept that no instance runs and that reports nothing, in days; "
        "`0` keeps it for ever.",
        "FLAGSTAFF_KEEP_APPLICATIONS_DAYS",
        ge=0,
        le=36_500,
    )
    init_admin_tokens: List = setting(
        (),
        "Admin tokens that exist from the start, comma-separated, such as `*:*.SECRET`.",
        "FLAGSTAFF_INIT_ADMIN_TOKENS",
        "INIT_ADMIN_API_TOKENS",
        repr=False,
    )
    init_client_tokens: List = setting(
        (),
        "Client tokens that exist from the start, comma-separated, such as `*:development.SECRET`; "
        "an environment that is not there yet is created.",
        "FLAGSTAFF_INIT_CLIENT_TOKENS",
        "INIT_CLIENT_API_TOKENS",
        "INIT_BACKEND_API_TOKENS",
        repr=False,
    )
    init_frontend_tokens: List = setting(
        (),
        "Frontend tokens that exist from the start, likewise.",
        "FLAGSTAFF_INIT_FRONTEND_TOKENS",
        "INIT_FRONTEND_API_TOKENS",
        repr=False,
    )
    allow_weak_tokens: bool = setting(
        False,
        "Whether admin tokens given by a setting may have random parts shorter than 16 characters, "
        "which can be guessed.",
        "FLAGSTAFF_ALLOW_WEAK_TOKENS",
    )
    cors_origins: List = setting(
        (),
        "Origins whose pages may call this server, comma-separated, such as "
        "`https://admin.example.com`, `*` for all, or `none` for nobody.",
        "FLAGSTAFF_CORS_ORIGINS",
    )
    frontend_origins: List = setting(
        (ANY_ORIGIN,),
        "Origins whose pages may call `/api/frontend` and `/ofrep` besides, likewise; the default "
        "with `FLAGSTAFF_AUTH=none` is `none`.",
        "FLAGSTAFF_FRONTEND_ORIGINS",
        "UNLEASH_FRONTEND_API_ORIGINS",
    )
    trusted_proxies: List = setting(
        (),
        "The proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` count, comma-separated: "
        "addresses, networks such as `10.0.0.0/8`, and `unix` for all that connect through a Unix "
        "socket. The rightmost address that is not one of them is the client's.",
        "FLAGSTAFF_TRUSTED_PROXIES",
    )
    keep_alive_s: int = setting(
        75,
        "How long a connection may stay open without a request after its first one, in seconds; "
        "longer than clients poll and than load balancers keep theirs.",
        "FLAGSTAFF_KEEP_ALIVE_S",
        ge=1,
        le=86_400,
    )
    max_head_bytes: int = setting(
        32_768,
        "The largest head of a request (request line and headers), in bytes.",
        "FLAGSTAFF_MAX_HEAD_BYTES",
        ge=1_000,
    )
    max_body_bytes: int = setting(
        1_000_000,
        "The largest body of a request, in bytes, counted after decompression.",
        "FLAGSTAFF_MAX_BODY_BYTES",
        ge=1_000,
    )
    max_admin_body_bytes: int = setting(
        10_000_000,
        "The largest body of a GraphQL request with an admin token, in bytes.",
        "FLAGSTAFF_MAX_ADMIN_BODY_BYTES",
        ge=1_000,
    )
    max_streams: int = setting(
        MOST,
        "The most event streams of SDKs and OpenFeature's providers that a process keeps open; "
        "more are answered 429, and polls go on. Each takes a file descriptor.",
        "FLAGSTAFF_MAX_STREAMS",
        ge=0,
    )
    max_streams_per_token: int = setting(
        MOST_PER_TOKEN,
        "The most of them that may be open with one token, which all instances of an application "
        "may share.",
        "FLAGSTAFF_MAX_STREAMS_PER_TOKEN",
        ge=0,
    )
    max_stream_age_s: float = setting(
        DEFAULT_MAX_STREAM_AGE_S,
        "The longest life of an event stream, a streamed GraphQL answer and a WebSocket, in "
        "seconds. Each ends after a random time between half of it and all of it, so that clients "
        "spread over the processes again after a restart.",
        "FLAGSTAFF_MAX_STREAM_AGE_S",
        gt=0,
    )

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        url = _database_url(value)
        if url.get_backend_name() == "sqlite":
            _check_sqlite_file(url.database)
        elif find_spec("asyncpg") is None:
            raise ValueError("PostgreSQL needs the extra: pip install 'flagstaff[postgres]'")
        return url.render_as_string(hide_password=False)

    @field_validator("cors_origins", "frontend_origins")
    @classmethod
    def _origins_only(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if value == (NOBODY,):
            return ()
        if NOBODY in value:
            raise ValueError(f"'{NOBODY}' allows nobody, so no origin can stand beside it")
        return tuple(_canonical_origin(it) for it in value)

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies_only(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            check_proxy(name)
        return value

    @property
    def pages_of_frontends(self) -> tuple[str, ...]:
        """The origins in `frontend_origins`, whose default depends on `auth`."""
        if self.auth == "none" and "frontend_origins" not in self.model_fields_set:
            return ()
        return self.frontend_origins

    @property
    def retention(self) -> Retention:
        """How long the store keeps what grows."""
        return Retention(
            applications=_days(self.keep_applications_days),
            instances=timedelta(days=self.keep_instances_days),
            unknown_names=timedelta(days=self.keep_unknown_names_days),
            hours=timedelta(days=self.keep_hours_days),
            days=timedelta(days=self.keep_days_days),
            events=_days(self.keep_events_days),
            change_sets=_days(self.keep_change_sets_days),
        )

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host)


def _days(days: int) -> timedelta | None:
    """So many days; none stand for ever."""
    return timedelta(days=days) if days else None


class SettingsError(Exception):
    """Settings that a server cannot start with, one sentence each."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load_settings(**given: Any) -> Settings:
    """The settings from the environment; what is `given` (and not None) wins.

    Raises: SettingsError: with everything that is wrong.
    """
    given = {field: value for field, value in given.items() if value is not None}
    problems = unknown_variables(os.environ)
    try:
        settings = Settings(**given)
    except ValidationError as error:
        problems += [_sentence(one, given) for one in error.errors(include_url=False)]
        raise SettingsError(*problems) from None
    if settings.auth == "none" and not settings.on_loopback:
        problems.append(
            "FLAGSTAFF_AUTH=none lets everybody do everything, so it listens on loopback only "
            f"(127.0.0.1, ::1, localhost), not on '{settings.host}'."
        )
    if settings.auth == "none":
        problems += [
            f"{name} lets the pages of any origin call this server ('*'), which asks for no token "
            "with FLAGSTAFF_AUTH=none: list the origins instead."
            for name, origins in (
                ("FLAGSTAFF_CORS_ORIGINS", settings.cors_origins),
                ("FLAGSTAFF_FRONTEND_ORIGINS", settings.pages_of_frontends),
            )
            if ANY_ORIGIN in origins
        ]
    if settings.trusted_documents_only and settings.trusted_documents is None:
        problems.append(
            "FLAGSTAFF_TRUSTED_DOCUMENTS_ONLY lets nothing run unless FLAGSTAFF_TRUSTED_DOCUMENTS "
            "names the file of documents that may."
        )
    if problems:
        raise SettingsError(*problems)
    return settings


def variables(field: FieldInfo) -> list[str]:
    """The names of the variables that a setting is read from."""
    alias = field.validation_alias
    assert isinstance(alias, AliasChoices)
    return [choice for choice in alias.choices if isinstance(choice, str)]


def unknown_variables(environ: Mapping[str, str]) -> list[str]:
    """A sentence for each variable that is meant for Flagstaff and that it does not know."""
    known = [name for field in Settings.model_fields.values() for name in variables(field)]
    problems: list[str] = []
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known:
            nearest = get_close_matches(name, known, n=1, cutoff=0.0)
            problems.append(f"{name} is no setting of Flagstaff; the nearest is {nearest[0]}.")
    return problems


def is_loopback(host: str) -> bool:
    """Whether a host, by name or by address, is this machine as seen by itself."""
    name = host.strip("[]").removesuffix(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _sentence(error: ErrorDetails, given: Mapping[str, Any]) -> str:
    """One problem on one line; only values that hold no secrets are repeated."""
    source = _source(str(error["loc"][0]), given)
    if error["type"] == "value_error":
        return f"{source}: {error['msg'].removeprefix('Value error, ')}."
    rule = _RULES.get(error["type"], error["msg"]).format(**error.get("ctx", {}))
    return f"{source} {rule}, not {error['input']!r}."


_RULES = {
    "int_parsing": "must be a whole number",
    "bool_parsing": "must be true or false",
    "float_parsing": "must be a number",
    "literal_error": "must be {expected}",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}


def _source(location: str, given: Mapping[str, Any]) -> str:
    """The option or variable that a refused value came from."""
    for field, info in Settings.model_fields.items():
        names = variables(info)
        if location == field or location in names:
            if field in given:
                return f"--{field.replace('_', '-')}"
            return next((name for name in names if os.environ.get(name)), names[0])
    return location


def _database_url(value: str) -> URL:
    try:
        url = make_url(async_url(value))
        backend = url.get_backend_name()
    except (ArgumentError, ValueError):
        raise ValueError("this is no database URL; one looks like sqlite:///flagstaff.db") from None
    if backend not in ("sqlite", "postgresql"):
        raise ValueError(f"'{backend}' is no database Flagstaff knows: use sqlite or postgresql")
    return url


def _check_sqlite_file(file: str | None) -> None:
    if not file or file == ":memory:":
        raise ValueError("SQLite needs a file, as in sqlite:///flagstaff.db")
    folder = Path(file).parent
    if not folder.is_dir():
        raise ValueError(f"there is no folder '{folder}' for the SQLite file")


def _canonical_origin(text: str) -> str:
    """An origin as browsers write it, `*` as it is."""
    if text == ANY_ORIGIN:
        return text
    origin = parse_origin(text)
    if origin is None:
        raise ValueError(f"'{text}' is no origin; one looks like https://example.com")
    return str(origin)
