"""Samples for Go, with its standard library."""

import json

from flagstaff.openapi.code_samples.request import (
    JSON,
    TOKEN_VARIABLE,
    URL_VARIABLE,
    SampleRequest,
)


def write(request: SampleRequest) -> str:
    """Return a program. A program for a stream prints only the first line."""
    imports = ["bufio" if request.is_stream else "io", "fmt", "net/http", "os"]
    if request.has_body:
        imports.append("strings")
    body = f"strings.NewReader({_literal(request.json_body)})" if request.has_body else "nil"
    headers = ""
    if request.token:
        headers += f'\trequest.Header.Set("Authorization", os.Getenv("{TOKEN_VARIABLE}"))\n'
    if request.has_body:
        headers += f'\trequest.Header.Set("Content-Type", "{JSON}")\n'
    listed = "".join(f'\t"{name}"\n' for name in sorted(imports))
    return (
        f"// {request.variables}\n"
        f"package main\n\nimport (\n{listed})\n\n"
        "func main() {\n"
        f'\taddress := os.Getenv("{URL_VARIABLE}") + "{request.path}"\n'
        f'\trequest, err := http.NewRequest("{request.method}", address, {body})\n'
        f"{_CHECK}{headers}"
        "\tresponse, err := http.DefaultClient.Do(request)\n"
        f"{_CHECK}"
        "\tdefer response.Body.Close()\n"
        f"{_READ_LINE if request.is_stream else _READ_ALL}"
        f"{_CHECK}"
        "\tif response.StatusCode >= 400 {\n\t\tpanic(response.Status + string(text))\n\t}\n"
        "\tfmt.Println(string(text))\n"
        "}\n"
    )


_CHECK = "\tif err != nil {\n\t\tpanic(err)\n\t}\n"
_READ_ALL = "\ttext, err := io.ReadAll(response.Body)\n"
_READ_LINE = "\ttext, err := bufio.NewReader(response.Body).ReadString('\\n')\n"


def _literal(value: str) -> str:
    """Return a raw string literal, or a quoted literal if no raw literal can contain the value."""
    if "`" not in value and "\r" not in value:
        return f"`{value}`"
    return json.dumps(value, ensure_ascii=False)
