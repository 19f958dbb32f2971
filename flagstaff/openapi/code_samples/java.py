"""Samples for Java 15 and later, with the HTTP client of the standard library."""

from flagstaff.openapi.code_samples.request import (
    JSON,
    TOKEN_VARIABLE,
    URL_VARIABLE,
    SampleRequest,
    indented,
)

_MARGIN = " " * 20


def write(request: SampleRequest) -> str:
    """Return a class with a program. A program for a stream prints only the first line."""
    steps: list[str] = []
    if request.token:
        steps.append(f'.header("Authorization", System.getenv("{TOKEN_VARIABLE}"))')
    if request.has_body:
        steps.append(f'.header("Content-Type", "{JSON}")')
    publisher = f"ofString({_text_block(request.json_body)})" if request.has_body else "noBody()"
    steps.append(f'.method("{request.method}", HttpRequest.BodyPublishers.{publisher})')
    calls = "".join(f"                {step}\n" for step in steps)
    handler = "ofLines" if request.is_stream else "ofString"
    output = "response.body().iterator().next()" if request.is_stream else "response.body()"
    kind = "java.util.stream.Stream<String>" if request.is_stream else "String"
    return f"""\
// {request.variables}
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

public class {request.class_name} {{
    public static void main(String[] arguments) throws Exception {{
        URI address = URI.create(System.getenv("{URL_VARIABLE}") + "{request.path}");
        HttpRequest request = HttpRequest.newBuilder(address)
{calls}                .build();
        HttpResponse<{kind}> response = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.{handler}());
        if (response.statusCode() >= 400) {{
            throw new IllegalStateException(response.statusCode() + " " + response.body());
        }}
        System.out.println({output});
{"        System.exit(0);" + chr(10) if request.is_stream else ""}    }}
}}
"""


def _text_block(value: str) -> str:
    # Three quotes in a row would end a text block, so the first of three quotes is escaped.
    escaped = value.replace("\\", "\\\\").replace('"""', '\\"""')
    return f'"""\n{_MARGIN}{indented(escaped, _MARGIN)}"""'
