"""Write JSON values as YAML that all YAML parsers read in the same way."""

import re
from typing import Any, cast

import orjson

from store.transfer.yaml_values import plain_value

# Strings of this form need no quotes unless they are YAML keywords. Single letters are excluded,
# because some parsers treat single letters as keywords.
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_ ./+-]*[A-Za-z0-9_./+-]")
# These characters need escapes in YAML but not in JSON: control characters, Unicode line breaks,
# byte order marks and noncharacters.
_UNPRINTABLE = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_STEP = "  "


def format_yaml(value: Any) -> str:
    """Return a value as YAML. For the result, `parse_yaml` returns an equal value.

    PyYAML's dumper supports more than JSON values, but is ten times slower.
    """
    if not isinstance(value, dict | list) or not value:
        return f"{_scalar(value)}\n"
    lines: list[str] = []
    _add(lines, cast("dict[str, Any] | list[Any]", value), "")
    return "\n".join(lines) + "\n"


def _add(lines: list[str], value: dict[str, Any] | list[Any], indent: str) -> None:
    """Add the lines of a non-empty object or list."""
    if isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, dict | list) and item:
                lines.append(f"{indent}{_string(key)}:")
                _add(lines, cast("dict[str, Any] | list[Any]", item), indent + _STEP)
            else:
                lines.append(f"{indent}{_string(key)}: {_scalar(item)}")
        return
    for item in value:
        if isinstance(item, dict | list) and item:
            first = len(lines)
            _add(lines, cast("dict[str, Any] | list[Any]", item), indent + _STEP)
            lines[first] = f"{indent}- {lines[first][len(indent) + len(_STEP) :]}"
        else:
            lines.append(f"{indent}- {_scalar(item)}")


def _scalar(value: Any) -> str:
    return _string(value) if isinstance(value, str) else orjson.dumps(value).decode()


def _string(value: str) -> str:
    if _PLAIN.fullmatch(value) and plain_value(value) == value:
        return value
    return _UNPRINTABLE.sub(_escape, orjson.dumps(value).decode())


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found.group()):04X}"
