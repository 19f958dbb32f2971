"""Read the variables of settings: secrets in files, and the parts of a database URL."""

import json
import re
import ssl
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any, cast

from msgspec import Struct, field
from pydantic.fields import FieldInfo
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from flagstaff.setting_field import FILE_SUFFIX, is_secret, variables

DATABASE_URL = "DATABASE_URL"
DATABASE_PASSWORD = "DATABASE_PASSWORD"
DATABASE_SSL = "DATABASE_SSL"
DATABASE_SCHEMA = "DATABASE_SCHEMA"
# Maps each part of a database URL that Unleash reads to the component of SQLAlchemy's URL.
PARTS = {
    "DATABASE_HOST": "host",
    "DATABASE_PORT": "port",
    "DATABASE_NAME": "database",
    "DATABASE_USERNAME": "username",
    DATABASE_PASSWORD: "password",
}
OPTIONS = (DATABASE_SSL, DATABASE_SCHEMA)
# Unleash uses these values for parts that are not set.
_DEFAULTS: Mapping[str, Any] = {"host": "localhost", "port": 5432, "database": "unleash"}
_REJECT = "rejectUnauthorized"
_AUTHORITIES = "sslrootcert"
_SCHEMA = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")


class Environment(Struct):
    """The values of variables. `files` and `parts` name the sources of read and built values.

    `problems` has a sentence for each variable that contradicts another one, or cannot be read. The
    sentences contain no secrets.
    """

    values: MutableMapping[str, str]
    sources: dict[str, str] = field(default_factory=dict[str, str])
    problems: list[str] = field(default_factory=list[str])

    def given(self, *names: str) -> dict[str, str]:
        """Return the variables that have a value."""
        return {name: self.values[name] for name in names if self.values.get(name)}

    def add(self, name: str, value: str, source: str) -> None:
        """Add a value that another variable supplies."""
        self.values[name] = value
        self.sources[name] = source


def read_environment(
    environ: Mapping[str, str], fields: Mapping[str, FieldInfo], options: Mapping[str, Any]
) -> Environment:
    """Read the files of secrets, build the database URL from its parts, and find contradictions.

    Aliases are names from other programs. They are ignored if the setting's own name, or one of the
    `options` of the command line, has a value.
    """
    environment = Environment(dict(environ))
    for name, info in fields.items():
        if name in options:
            continue
        own, *aliases = variables(info)
        if is_secret(info):
            _read_file(environment, own)
        if environment.given(own):
            continue
        if is_secret(info):
            for alias in aliases:
                _read_file(environment, alias)
        if DATABASE_URL in aliases:
            _build_database_url(environment, own)
        given = environment.given(*aliases)
        if len(set(given.values())) > 1:
            environment.problems.append(_different(given, own))
    return environment


def _different(names: Any, own: str) -> str:
    return f"{' and '.join(names)} have different values; set only one of them, or {own}."


def _needs(names: Mapping[str, str]) -> str:
    return f"{' and '.join(names)} {'needs' if len(names) == 1 else 'need'}"


def _read_file(environment: Environment, name: str) -> None:
    """Read the value of a variable from the file that another variable names."""
    file_name = f"{name}{FILE_SUFFIX}"
    file = environment.values.get(file_name)
    if not file:
        return
    if environment.given(name):
        environment.problems.append(f"{name} and {file_name} are both set; set only one of them.")
        return
    try:
        content = Path(file).read_text("utf-8").strip()
    except OSError as error:
        environment.problems.append(
            f"{file_name}: the file '{file}' cannot be read ({error.strerror})."
        )
    except UnicodeDecodeError:
        environment.problems.append(f"{file_name}: the file '{file}' is not text in UTF-8.")
    else:
        if not content:
            environment.problems.append(f"{file_name}: the file '{file}' is empty.")
        environment.add(name, content, file_name)


def _build_database_url(environment: Environment, own: str) -> None:
    """Build `DATABASE_URL` from its parts, or check that the parts agree with it."""
    _read_file(environment, DATABASE_PASSWORD)
    parts = environment.given(*PARTS)
    options = environment.given(*OPTIONS)
    if not parts and not options:
        return
    known = environment.given(DATABASE_URL)
    try:
        url = make_url(known[DATABASE_URL]) if known else _url_of(parts)
    except ArgumentError:  # the check of the setting reports it
        return
    except ValueError as error:
        environment.problems.append(f"{error}.")
        return
    if not known and not parts:
        environment.problems.append(
            f"{_needs(options)} DATABASE_HOST or DATABASE_URL; or set {own}."
        )
        return
    if options and not url.drivername.startswith("postgres"):
        environment.problems.append(f"{_needs(options)} a PostgreSQL database.")
        return
    environment.problems += [
        _different((name, DATABASE_URL), own)
        for name, value in parts.items()
        if known and str(getattr(url, PARTS[name])) != value
    ]
    try:
        changed = _with_options(url, options)
    except ValueError as error:
        environment.problems.append(f"{error}.")
        return
    if changed is not url or not known:
        source = environment.sources.get(DATABASE_URL, DATABASE_URL)
        sources = [*([source] if known else ()), *({} if known else parts), *options]
        environment.add(
            DATABASE_URL, changed.render_as_string(hide_password=False), " and ".join(sources)
        )


def _url_of(parts: Mapping[str, str]) -> URL:
    components: dict[str, Any] = {
        **_DEFAULTS,
        **{PARTS[name]: value for name, value in parts.items()},
    }
    port = str(components["port"])
    if not (port.isdecimal() and port.isascii() and 0 < int(port) < 65_536):
        raise ValueError(f"DATABASE_PORT must be a port, not '{port}'")
    components["port"] = int(port)
    return URL.create("postgresql", **components)


def _with_options(url: URL, options: Mapping[str, str]) -> URL:
    """Add the options to a URL.

    Raises: ValueError: an option is invalid, or the URL has the option with another value.
    """
    query: dict[str, str] = {}
    if DATABASE_SSL in options:
        query |= _ssl_options(options[DATABASE_SSL])
    if DATABASE_SCHEMA in options:
        schema = options[DATABASE_SCHEMA]
        if not _SCHEMA.fullmatch(schema):
            raise ValueError(
                f"DATABASE_SCHEMA must be a name of letters, digits and _, not '{schema}'"
            )
        query["options"] = f'-csearch_path="{schema}"'
    if _AUTHORITIES in url.query:
        query.pop(_AUTHORITIES, None)
    for name, value in query.items():
        if url.query.get(name, value) != value:
            raise ValueError(
                f"DATABASE_URL has another value of '{name}' than {' and '.join(options)}; set it "
                "only once"
            )
    return url.update_query_dict(query) if query else url


def _ssl_options(value: str) -> dict[str, str]:
    """Return the options of libpq for a value of `DATABASE_SSL`, which is JSON.

    Raises: ValueError.
    """
    try:
        given = json.loads(value)
    except ValueError:
        given = None
    verifies: object = given
    if isinstance(given, dict) and set(cast("dict[str, object]", given)) == {_REJECT}:
        verifies = cast("dict[str, object]", given)[_REJECT]
    if given is False:
        return {"sslmode": "disable"}
    if verifies is False:
        return {"sslmode": "require"}
    if verifies is True:
        # Like Node, trust the certificate authorities of the system.
        authorities = ssl.get_default_verify_paths().cafile
        return {"sslmode": "verify-full", **({_AUTHORITIES: authorities} if authorities else {})}
    raise ValueError(
        f'DATABASE_SSL must be true, false or {{"{_REJECT}": false}}; for certificates, use '
        "sslmode, sslrootcert, sslcert and sslkey in FLAGSTAFF_DATABASE_URL"
    )
