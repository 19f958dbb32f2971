"""Samples for curl, in a POSIX shell."""

from flagstaff.openapi.code_samples.request import (
    JSON,
    TOKEN_VARIABLE,
    URL_VARIABLE,
    SampleRequest,
)


def write(request: SampleRequest) -> str:
    """Return a command. A command for a stream prints only the first lines."""
    method = "" if request.method == "GET" else f" -X {request.method}"
    options = " --no-buffer --max-time 5" if request.is_stream else ""
    parts = [f'curl --fail-with-body{options}{method} "${URL_VARIABLE}{request.path}"']
    if request.token:
        parts.append(f'-H "Authorization: ${TOKEN_VARIABLE}"')
    if request.has_body:
        parts += [f"-H {_quoted(f'Content-Type: {JSON}')}", f"-d {_quoted(request.json_body)}"]
    command = " \\\n  ".join(parts)
    return f"# {request.variables}\n{command}" + (" | head -n 3\n" if request.is_stream else "\n")


def _quoted(word: str) -> str:
    """Quote a word so that the shell replaces no part of it."""
    return "'" + word.replace("'", "'\\''") + "'"
