"""Samples for C# 7.1 and later, with the HTTP client of .NET."""

from flagstaff.openapi.code_samples.request import (
    JSON,
    TOKEN_VARIABLE,
    URL_VARIABLE,
    SampleRequest,
)


def write(request: SampleRequest) -> str:
    """Return a class with a program. A program for a stream prints only the first line."""
    steps = ""
    if request.token:
        steps += (
            "            request.Headers.TryAddWithoutValidation(\n"
            f'                "Authorization", {_variable(TOKEN_VARIABLE)});\n'
        )
    if request.has_body:
        steps += (
            f"            request.Content = new StringContent({_verbatim(request.json_body)},\n"
            f'                Encoding.UTF8, "{JSON}");\n'
        )
    method = request.method.capitalize()
    return f"""\
// {request.variables}
using System;
using System.IO;
using System.Net.Http;
using System.Text;
using System.Threading.Tasks;

class {request.class_name}
{{
    static async Task Main()
    {{
        var address = {_variable(URL_VARIABLE)} + "{request.path}";
        using (var client = new HttpClient())
        using (var request = new HttpRequestMessage(HttpMethod.{method}, address))
        {{
{steps}            {_READ_LINE if request.is_stream else _READ_ALL}
        }}
    }}
}}
"""


_READ_ALL = """\
var response = await client.SendAsync(request);
            response.EnsureSuccessStatusCode();
            Console.WriteLine(await response.Content.ReadAsStringAsync());"""
_READ_LINE = """\
var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            response.EnsureSuccessStatusCode();
            using (var reader = new StreamReader(await response.Content.ReadAsStreamAsync()))
            {
                Console.WriteLine(await reader.ReadLineAsync());
            }"""


def _variable(name: str) -> str:
    return f'Environment.GetEnvironmentVariable("{name}")'


def _verbatim(value: str) -> str:
    """Return a verbatim string, in which only quotes are escaped."""
    return '@"' + value.replace('"', '""') + '"'
