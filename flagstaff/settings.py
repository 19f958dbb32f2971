"""The server's settings: `FLAGSTAFF_*` variables with their defaults and units."""

from datetime import timedelta
from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from flagstaff.graphql_settings import GraphQLSettings
from flagstaff.proxies import check_proxy
from flagstaff.setting_field import setting
from flagstaff.setting_values import (
    canonical_origin,
    canonical_path,
    canonical_url,
    check_sqlite_file,
    parse_database_url,
)
from graph.engine.http.origins import ANY_ORIGIN
from rest_compat.sdk.open_streams import MAX_STREAMS, MAX_STREAMS_PER_TOKEN
from store.spreading import DEFAULT_MAX_STREAM_AGE_S
from store.usage.retention import Retention

PREFIX = "FLAGSTAFF_"
# This value of an origin setting allows no origin.
NO_ORIGINS = "none"


def _split(value: Any) -> Any:
    if isinstance(value, str):
        # Files may contain one item per line.
        parts = value.replace("\n", ",").split(",")
        return tuple(part for part in (part.strip() for part in parts) if part)
    return value


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


List: TypeAlias = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
LogLevel: TypeAlias = Annotated[
    Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)
]


class Settings(GraphQLSettings):
    """All settings of a server, read once at start."""

    model_config = SettingsConfigDict(
        case_sensitive=True,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        populate_by_name=True,
    )

    database_url: str = setting(
        "sqlite:///flagstaff.db",
        "The database URL: `sqlite:///FILE` (four slashes for an absolute path) or "
        "`postgresql://USER:PASSWORD@HOST/NAME`, which needs the extra `postgres`.",
        "FLAGSTAFF_DATABASE_URL",
        "DATABASE_URL",
        secret=True,
    )
    snapshot_file: Path | None = setting(
        None,
        "A file to which the server saves the configuration and the hashes of tokens within some "
        "seconds after each change. If the database is unavailable at the start, the server serves "
        "SDKs from this file.",
        "FLAGSTAFF_SNAPSHOT_FILE",
    )
    host: str = setting(
        "127.0.0.1",
        "The address to listen on. `0.0.0.0` listens on all IPv4 addresses of the machine.",
        "FLAGSTAFF_HOST",
        "HTTP_HOST",
    )
    port: int = setting(
        4242,
        "The TCP port to listen on. With `0` the operating system chooses a port.",
        "FLAGSTAFF_PORT",
        "HTTP_PORT",
        "PORT",
        ge=0,
        le=65535,
    )
    workers: int = setting(
        1,
        "The number of processes that serve requests on the same port. With more than 1, a "
        "supervisor starts the processes, restarts those that end, and replaces all of them one "
        "after the other after SIGHUP.",
        "FLAGSTAFF_WORKERS",
        ge=1,
        le=64,
    )
    public_url: str | None = setting(
        None,
        "The URL at which people reach the server, such as `https://flags.example.com`, with the "
        "base path. The server shows it at start and in `/api/admin/ui-config`.",
        "FLAGSTAFF_PUBLIC_URL",
        "UNLEASH_URL",
    )
    base_path: str = setting(
        "",
        "The path below which the server answers all requests, such as `/flags`. Set it only if "
        "your proxy does not remove this path.",
        "FLAGSTAFF_BASE_PATH",
        "BASE_URI_PATH",
    )
    import_file: str | None = setting(
        None,
        "The file to import at the first start, which means that the database never had any "
        "toggles. The file may have each format that `flagstaff import` reads.",
        "FLAGSTAFF_IMPORT_FILE",
        "IMPORT_FILE",
    )
    import_project: str | None = setting(
        None,
        "The project of all toggles in the imported file. By default, the file names projects.",
        "FLAGSTAFF_IMPORT_PROJECT",
        "IMPORT_PROJECT",
    )
    import_environment: str | None = setting(
        None,
        "The environment to import a batch export into, instead of the one that it names. With "
        "Flagstaff's own document, the environment of configurations that name none.",
        "FLAGSTAFF_IMPORT_ENVIRONMENT",
        "IMPORT_ENVIRONMENT",
    )
    upstream: str | None = setting(
        None,
        "The URL of the primary, such as `https://flags.example.com`, with its base path. "
        "`flagstaff serve --reader` follows this server and forwards reports to it.",
        "FLAGSTAFF_UPSTREAM",
    )
    upstream_tokens: List = setting(
        (),
        "Client tokens of the primary, comma-separated. A reader serves the environments and "
        "projects of these tokens.",
        "FLAGSTAFF_UPSTREAM_TOKENS",
        secret=True,
    )
    reader_file: str = setting(
        "flagstaff-reader.db",
        "The SQLite file in which a reader keeps its toggles and the reports that it has not yet "
        "forwarded. Each reader needs a file of its own.",
        "FLAGSTAFF_READER_FILE",
    )
    ready: Literal["reads", "writes"] = setting(
        "reads",
        "With `reads`, `/ready` answers 200 while the process can read toggles. With "
        "`writes`, the database must also be available.",
        "FLAGSTAFF_READY",
    )
    drain_s: float = setting(
        0,
        "How long the server continues to accept requests after SIGTERM, in seconds. During "
        "this time `/ready` answers 503, so that load balancers stop sending requests.",
        "FLAGSTAFF_DRAIN_S",
        ge=0,
        le=3_600,
    )
    log_level: LogLevel = setting(
        "info",
        "The lowest level that is logged: `debug`, `info`, `warning` or `error`.",
        "FLAGSTAFF_LOG_LEVEL",
    )
    log_format: Literal["text", "json"] = setting(
        "text",
        "The format of the log on standard error: `text` or `json`. Both formats write one "
        "line per message.",
        "FLAGSTAFF_LOG_FORMAT",
    )
    access_log: bool = setting(
        False,
        "Whether to log each request and WebSocket: method, path without the query string, "
        "status, milliseconds, client address and token ID.",
        "FLAGSTAFF_ACCESS_LOG",
    )
    prometheus: Literal["open", "token", "off"] = setting(
        "open",
        "With `open`, everybody may read the metrics at `/metrics`. With `token`, this needs a "
        "token of type admin or viewer. With `off`, the server answers 404.",
        "FLAGSTAFF_PROMETHEUS",
    )
    auth: Literal["token", "none"] = setting(
        "token",
        "With `token`, requests need API tokens. With `none`, everybody may do everything "
        "without a token, for experiments. The server then listens only on loopback, and "
        "answers only requests whose `Host` is a loopback name.",
        "FLAGSTAFF_AUTH",
    )
    client_api: Literal["token", "open"] = setting(
        "token",
        "With `open`, SDKs without a token can read toggles, register and report usage in the"
        " environment `default`, as with 3.x servers.",
        "FLAGSTAFF_CLIENT_API",
    )
    metrics: Literal["on", "off"] = setting(
        "on",
        "With `off`, the server answers registrations and usage reports of SDKs 204 and "
        "stores none of them.",
        "FLAGSTAFF_METRICS",
    )
    console: Literal["on", "off"] = setting(
        "on",
        "With `off`, the server answers 404 for the console.",
        "FLAGSTAFF_CONSOLE",
    )
    docs: Literal["on", "off"] = setting(
        "on",
        "With `off`, the server answers 404 for `/openapi.json`, `/docs`, `/redoc`, `/sample`"
        " and `/guide`.",
        "FLAGSTAFF_DOCS",
    )
    keep_events_days: int = setting(
        0,
        "How long to keep events of the audit log, in days; `0` keeps them forever. The newest "
        "event of each toggle is always kept.",
        "FLAGSTAFF_KEEP_EVENTS_DAYS",
        ge=0,
        le=36_500,
    )
    keep_change_sets_days: int = setting(
        0,
        "How long to keep change sets, in days; `0` keeps them forever. A change set can be "
        "undone while it is kept.",
        "FLAGSTAFF_KEEP_CHANGE_SETS_DAYS",
        ge=0,
        le=36_500,
    )
    keep_instances_days: int = setting(
        7,
        "How long to keep an instance after it was last seen, in days.",
        "FLAGSTAFF_KEEP_INSTANCES_DAYS",
        ge=1,
        le=36_500,
    )
    keep_unknown_names_days: int = setting(
        30,
        "How long to keep the name of an unknown toggle after its last report, in days.",
        "FLAGSTAFF_KEEP_UNKNOWN_NAMES_DAYS",
        ge=1,
        le=36_500,
    )
    keep_hours_days: int = setting(
        90,
        "How long to keep hourly counts, in days.",
        "FLAGSTAFF_KEEP_HOURS_DAYS",
        ge=2,
        le=36_500,
    )
    keep_days_days: int = setting(
        730,
        "How long to keep daily counts, in days.",
        "FLAGSTAFF_KEEP_DAYS_DAYS",
        ge=2,
        le=36_500,
    )
    keep_applications_days: int = setting(
        90,
        "How long to keep an application without instances after it was last seen, in days; "
        "`0` keeps it forever.",
        "FLAGSTAFF_KEEP_APPLICATIONS_DAYS",
        ge=0,
        le=36_500,
    )
    init_admin_tokens: List = setting(
        (),
        "Admin tokens to create at start, comma-separated, such as `*:*.SECRET`.",
        "FLAGSTAFF_INIT_ADMIN_TOKENS",
        "INIT_ADMIN_API_TOKENS",
        secret=True,
    )
    init_client_tokens: List = setting(
        (),
        "Client tokens to create at start, comma-separated, such as `*:development.SECRET`. "
        "The server also creates the environments of these tokens if they do not exist.",
        "FLAGSTAFF_INIT_CLIENT_TOKENS",
        "INIT_CLIENT_API_TOKENS",
        "INIT_BACKEND_API_TOKENS",
        secret=True,
    )
    init_frontend_tokens: List = setting(
        (),
        "Frontend tokens to create at start, in the same form as client tokens.",
        "FLAGSTAFF_INIT_FRONTEND_TOKENS",
        "INIT_FRONTEND_API_TOKENS",
        secret=True,
    )
    allow_weak_tokens: bool = setting(
        False,
        "Whether admin tokens in settings may have random parts of less than 16 characters. "
        "Attackers can guess such tokens.",
        "FLAGSTAFF_ALLOW_WEAK_TOKENS",
    )
    cors_origins: List = setting(
        (),
        "Origins whose pages may call this server, comma-separated, such as "
        "`https://admin.example.com`; `*` allows all origins, `none` allows none.",
        "FLAGSTAFF_CORS_ORIGINS",
    )
    frontend_origins: List = setting(
        (ANY_ORIGIN,),
        "Further origins whose pages may call `/api/frontend` and `/ofrep`, in the same form "
        "as `FLAGSTAFF_CORS_ORIGINS`. With `FLAGSTAFF_AUTH=none` the default is `none`.",
        "FLAGSTAFF_FRONTEND_ORIGINS",
        "UNLEASH_FRONTEND_API_ORIGINS",
    )
    trusted_proxies: List = setting(
        (),
        "Proxies whose headers `X-Forwarded-For` and `X-Forwarded-Proto` are trusted, "
        "comma-separated: addresses, networks such as `10.0.0.0/8`, or `unix` for connections"
        " over a Unix socket. The client's address is the last address in `X-Forwarded-For` "
        "that is not a trusted proxy.",
        "FLAGSTAFF_TRUSTED_PROXIES",
    )
    webhook_networks: List = setting(
        (),
        "Networks with addresses that are not public, to which webhooks may connect, "
        "comma-separated, such as `10.1.0.0/16`. By default webhooks connect only to public "
        "addresses.",
        "FLAGSTAFF_WEBHOOK_NETWORKS",
    )
    keep_alive_s: int = setting(
        75,
        "How long a connection may stay idle between requests, in seconds. The value should "
        "be greater than the polling interval of clients and the idle timeout of load "
        "balancers.",
        "FLAGSTAFF_KEEP_ALIVE_S",
        "SERVER_KEEPALIVE_TIMEOUT",
        ge=1,
        le=86_400,
    )
    max_head_bytes: int = setting(
        32_768,
        "The maximum size of a request's head (request line and headers), in bytes.",
        "FLAGSTAFF_MAX_HEAD_BYTES",
        ge=1_000,
    )
    max_body_bytes: int = setting(
        1_000_000,
        "The maximum size of a request's body, in bytes, after decompression.",
        "FLAGSTAFF_MAX_BODY_BYTES",
        ge=1_000,
    )
    max_admin_body_bytes: int = setting(
        10_000_000,
        "The maximum size in bytes of a GraphQL request's body with an admin token, and of an"
        " import over REST.",
        "FLAGSTAFF_MAX_ADMIN_BODY_BYTES",
        ge=1_000,
    )
    max_streams: int = setting(
        MAX_STREAMS,
        "The maximum number of event streams that a process keeps open for SDKs and "
        "OpenFeature providers. Further streams are refused (429), and their clients can poll"
        " instead. Each stream needs a file descriptor.",
        "FLAGSTAFF_MAX_STREAMS",
        ge=0,
    )
    max_streams_per_token: int = setting(
        MAX_STREAMS_PER_TOKEN,
        "The maximum number of event streams per token. All instances of an application may share "
        "one token.",
        "FLAGSTAFF_MAX_STREAMS_PER_TOKEN",
        ge=0,
    )
    max_stream_age_s: float = setting(
        DEFAULT_MAX_STREAM_AGE_S,
        "The maximum lifetime of an event stream, a streamed GraphQL response or a WebSocket,"
        " in seconds. Each of them ends after a random time between half of this value and "
        "all of it. Therefore clients are distributed over all processes again some time "
        "after a restart.",
        "FLAGSTAFF_MAX_STREAM_AGE_S",
        gt=0,
    )

    @field_validator("database_url")
    @classmethod
    def _check_database_url(cls, value: str) -> str:
        url = parse_database_url(value)
        if url.get_backend_name() == "sqlite":
            check_sqlite_file(url.database)
        elif find_spec("asyncpg") is None:
            raise ValueError("PostgreSQL needs the extra: pip install 'flagstaff[postgres]'")
        return url.render_as_string(hide_password=False)

    @field_validator("snapshot_file")
    @classmethod
    def _check_snapshot_file(cls, value: Path | None) -> Path | None:
        if value is not None and not value.absolute().parent.is_dir():
            raise ValueError(f"the folder '{value.absolute().parent}' does not exist")
        if value is not None and value.is_dir():
            raise ValueError(f"'{value}' is a folder")
        return value

    @field_validator("public_url")
    @classmethod
    def _check_public_url(cls, value: str | None) -> str | None:
        return value if value is None else canonical_url(value)

    @field_validator("upstream")
    @classmethod
    def _check_upstream(cls, value: str | None) -> str | None:
        return value if value is None else canonical_url(value)

    @field_validator("reader_file")
    @classmethod
    def _check_reader_file(cls, value: str) -> str:
        check_sqlite_file(value)
        return value

    @field_validator("base_path")
    @classmethod
    def _check_base_path(cls, value: str) -> str:
        return canonical_path(value)

    @field_validator("cors_origins", "frontend_origins")
    @classmethod
    def _parse_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if value == (NO_ORIGINS,):
            return ()
        if NO_ORIGINS in value:
            raise ValueError(f"'{NO_ORIGINS}' cannot be combined with origins")
        return tuple(canonical_origin(origin) for origin in value)

    @field_validator("trusted_proxies")
    @classmethod
    def _check_proxies(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            check_proxy(name)
        return value

    @field_validator("webhook_networks")
    @classmethod
    def _check_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            try:
                ip_network(network)
            except ValueError as error:
                raise ValueError(
                    f"'{network}' is not a network such as 10.1.0.0/16: {error}"
                ) from None
        return value

    @property
    def effective_frontend_origins(self) -> tuple[str, ...]:
        """The value of `frontend_origins`, or its default, which depends on `auth`."""
        if self.auth == "none" and "frontend_origins" not in self.model_fields_set:
            return ()
        return self.frontend_origins

    @property
    def retention(self) -> Retention:
        """The retention periods for the store."""
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
    """Return a number of days as a period; 0 means forever and becomes None."""
    return timedelta(days=days) if days else None


def is_loopback(host: str) -> bool:
    """Whether a host name or address is a loopback address."""
    name = host.strip("[]").removesuffix(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
