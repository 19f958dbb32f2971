"""The settings of the database, the server, the first start, and the logs."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, field_validator
from pydantic_settings import BaseSettings

from flagstaff.setting_field import setting
from flagstaff.setting_values import (
    canonical_path,
    canonical_url,
    check_sqlite_file,
    parse_database_url,
)


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


LogLevel: TypeAlias = Annotated[
    Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)
]


class ServerSettings(BaseSettings):
    """The settings of the server: its database, address and processes, first import and logs."""

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

    @field_validator("base_path")
    @classmethod
    def _check_base_path(cls, value: str) -> str:
        return canonical_path(value)
