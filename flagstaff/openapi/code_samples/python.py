"""Samples for Python, with the library httpx."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from flagstaff.openapi.code_samples.request import TOKEN_VARIABLE, URL_VARIABLE, SampleRequest

_INDENT = "    "


def write(request: SampleRequest) -> str:
    """Return a program. A program for a stream prints only the first lines."""
    method = request.method.lower()
    call = f'httpx.stream("{request.method}",' if request.is_stream else f"httpx.{method}("
    lines = [call] if not request.is_stream else ["httpx.stream(", f'{_INDENT}"{request.method}",']
    lines.append(f"{_INDENT}f\"{{os.environ['{URL_VARIABLE}']}}{request.path}\",")
    if request.token:
        lines.append(f'{_INDENT}headers={{"Authorization": os.environ["{TOKEN_VARIABLE}"]}},')
    if request.has_body:
        lines.append(f"{_INDENT}json={_literal(request.body, _INDENT)},")
    sent = "\n".join([*lines, ")"])
    imports = f"# {request.variables}\nimport os\n\nimport httpx\n\n"
    if request.is_stream:
        return f"{imports}with {sent} as response:\n" + _STREAM
    return f"{imports}response = {sent}\nresponse.raise_for_status()\nprint(response.text)\n"


_STREAM = """\
    response.raise_for_status()
    for line in response.iter_lines():
        print(line)
        if not line:  # the end of the first event
            break
"""


def _literal(value: Any, indent: str) -> str:
    """Return a JSON value as a Python expression."""
    inner = indent + _INDENT
    if isinstance(value, Mapping) and value:
        entries = cast("Mapping[str, Any]", value).items()
        lines = [f"{inner}{_scalar(key)}: {_literal(child, inner)}," for key, child in entries]
        return "\n".join(["{", *lines, indent + "}"])
    if isinstance(value, Sequence) and value and not isinstance(value, str):
        entries = cast("Sequence[Any]", value)
        lines = [f"{inner}{_literal(child, inner)}," for child in entries]
        return "\n".join(["[", *lines, indent + "]"])
    return _scalar(value)


def _scalar(value: Any) -> str:
    # A JSON string is also a valid Python string literal.
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
