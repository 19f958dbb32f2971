"""Samples for Node, with the built-in function `fetch`. Each sample is a module."""

from flagstaff.openapi.code_samples.request import (
    JSON,
    TOKEN_VARIABLE,
    URL_VARIABLE,
    SampleRequest,
    indented,
)


def write(request: SampleRequest) -> str:
    """Return a module. A module for a stream prints only the first chunk."""
    headers: list[str] = []
    if request.token:
        headers.append(f"Authorization: process.env.{TOKEN_VARIABLE}")
    if request.has_body:
        headers.append(f'"Content-Type": "{JSON}"')
    options = [] if request.method == "GET" else [f'method: "{request.method}"']
    if headers:
        options.append(f"headers: {{ {', '.join(headers)} }}")
    if request.has_body:
        options.append(f"body: JSON.stringify({indented(request.json_body, '  ')})")
    address = f"`${{process.env.{URL_VARIABLE}}}{request.path}`"
    listed = "".join(f"  {option},\n" for option in options)
    sent = f"await fetch({address}, {{\n{listed}}})" if options else f"await fetch({address})"
    return (
        f"// {request.variables}\n"
        f"const response = {sent};\n"
        "if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);\n"
        + (_FIRST_PIECE if request.is_stream else "console.log(await response.text());\n")
    )


_FIRST_PIECE = """\
const decoder = new TextDecoder();
for await (const piece of response.body) {
  console.log(decoder.decode(piece));
  break;
}
"""
