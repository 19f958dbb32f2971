"""Fill the templates of bodies that clients of the addons API store."""

import re
from html import escape
from typing import Any, cast

import msgspec

# `{{{name}}}` and `{{&name}}` insert a value as it is. `{{name}}` escapes the characters of HTML.
_TAG = re.compile(r"\{\{\{\s*([^{}]*?)\s*\}\}\}|\{\{(&?)\s*([^{}]*?)\s*\}\}")
_NAME = re.compile(r"[A-Za-z_][\w-]*(\.[\w-]+)*", re.ASCII)


class TemplateError(ValueError):
    """A template has a tag that is not supported. The message is a sentence."""


def check_template(template: str) -> None:
    """Check that a template has only variables.

    Raises: TemplateError.
    """
    for found in _TAG.finditer(template):
        name = found[1] if found[1] is not None else found[3]
        if _NAME.fullmatch(name) is None:
            raise TemplateError(
                f"The template has the tag '{name[:60]}'; only names such as event.data.name are "
                "supported."
            )


def fill_template(template: str, values: dict[str, Any]) -> str:
    """Replace the variables of a template; unknown names become empty."""

    def fill(found: re.Match[str]) -> str:
        is_raw = found[1] is not None
        value = _text_of(_look_up(values, found[1] if is_raw else found[3]))
        return value if is_raw or found[2] else escape(value)

    return _TAG.sub(fill, template)


def _look_up(values: Any, name: str) -> Any:
    for part in name.split("."):
        if not isinstance(values, dict):
            return None
        values = cast("dict[str, Any]", values).get(part)
    return values


def _text_of(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
