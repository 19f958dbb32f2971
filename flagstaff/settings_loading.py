"""Read the settings from the environment, and report all problems at once."""

import os
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from flagstaff.environment import Environment, read_environment
from flagstaff.openapi.code_samples.request import TOKEN_VARIABLE, URL_VARIABLE
from flagstaff.setting_field import FILE_SUFFIX, is_secret, variables
from flagstaff.settings import PREFIX, Settings
from graph.engine.http.origins import ANY_ORIGIN


class SettingsError(Exception):
    """The server cannot start with these settings. The message has one sentence per problem."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load_settings(**options: Any) -> Settings:
    """Read the settings from the environment.

    Values in `options` that are not None take precedence.

    Raises: SettingsError: the error lists all problems.
    """
    options = {field: value for field, value in options.items() if value is not None}
    environment = read_environment(os.environ, Settings.model_fields, options)
    problems = [*unknown_variables(os.environ), *environment.problems]
    try:
        settings = Settings(**{**_read_values(environment), **options})
    except ValidationError as error:
        problems += [
            _format_problem(one, options, environment) for one in error.errors(include_url=False)
        ]
        raise SettingsError(*problems) from None
    if settings.auth == "none" and not settings.on_loopback:
        problems.append(
            "FLAGSTAFF_AUTH=none allows everything without a token, so the server listens on "
            f"loopback only (127.0.0.1, ::1, localhost), not on '{settings.host}'."
        )
    if settings.auth == "none":
        problems += [
            f"{name} allows pages of any origin ('*'), but FLAGSTAFF_AUTH=none requires no token: "
            "list the origins instead."
            for name, origins in (
                ("FLAGSTAFF_CORS_ORIGINS", settings.cors_origins),
                ("FLAGSTAFF_FRONTEND_ORIGINS", settings.effective_frontend_origins),
            )
            if ANY_ORIGIN in origins
        ]
    if settings.trusted_documents_only and settings.trusted_documents is None:
        problems.append(
            "FLAGSTAFF_TRUSTED_DOCUMENTS_ONLY needs FLAGSTAFF_TRUSTED_DOCUMENTS to name a file of "
            "trusted documents."
        )
    if problems:
        raise SettingsError(*problems)
    return settings


def unknown_variables(environ: Mapping[str, str]) -> list[str]:
    """Return a sentence for each variable with Flagstaff's prefix that is not a setting.

    The variables of code samples are accepted, because users export them in the same shell.
    """
    known = [name for field in Settings.model_fields.values() for name in _names(field)]
    problems: list[str] = []
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in (*known, URL_VARIABLE, TOKEN_VARIABLE):
            nearest = get_close_matches(name, known, n=1, cutoff=0.0)
            problems.append(f"{name} is not a setting of Flagstaff; did you mean {nearest[0]}?")
    return problems


def _names(field: FieldInfo) -> list[str]:
    names = variables(field)
    return [*names, *(f"{name}{FILE_SUFFIX}" for name in names if is_secret(field))]


def _read_values(environment: Environment) -> dict[str, Any]:
    """Return the values of settings that are not in variables of the same name."""
    values: dict[str, Any] = {}
    for field, info in Settings.model_fields.items():
        name = next(iter(environment.given(*variables(info))), None)
        if name in environment.sources:
            values[field] = environment.values[name]
    return values


def _format_problem(
    error: ErrorDetails, options: Mapping[str, Any], environment: Environment
) -> str:
    """Format a problem as one line.

    The line contains the value only if the value has no secrets.
    """
    source = _source(str(error["loc"][0]), options, environment)
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


def _source(location: str, options: Mapping[str, Any], environment: Environment) -> str:
    """Return the name of the command-line option or variable that has the refused value."""
    for field, info in Settings.model_fields.items():
        names = variables(info)
        if location == field or location in names:
            if field in options:
                return f"--{field.replace('_', '-')}"
            name = next(iter(environment.given(*names)), names[0])
            return environment.sources.get(name, name)
    return location
