"""Samples for Ruby, with its standard library."""

from flagstaff.openapi.code_samples.request import (
    JSON,
    TOKEN_VARIABLE,
    URL_VARIABLE,
    SampleRequest,
    indented,
)


def write(request: SampleRequest) -> str:
    """Return a program. A program for a stream prints only the first chunk."""
    lines = [
        f"# {request.variables}",
        'require "net/http"',
        "",
        f'uri = URI(ENV.fetch("{URL_VARIABLE}") + "{request.path}")',
        f"request = Net::HTTP::{request.method.capitalize()}.new(uri)",
    ]
    if request.token:
        lines.append(f'request["Authorization"] = ENV.fetch("{TOKEN_VARIABLE}")')
    if request.has_body:
        body = indented(request.json_body, "  ")
        lines += [
            f'request["Content-Type"] = "{JSON}"',
            # Ruby replaces nothing in this heredoc, and no line of JSON equals its terminator.
            f"request.body = <<~'BODY'\n  {body}\nBODY",
        ]
    return "\n".join(lines) + "\n" + (_FIRST_PIECE if request.is_stream else _WHOLE)


_WHOLE = """\
response = Net::HTTP.start(uri.hostname, uri.port, use_ssl: uri.scheme == "https") do |http|
  http.request(request)
end
abort "#{response.code} #{response.body}" unless response.is_a?(Net::HTTPSuccess)
puts response.body
"""
_FIRST_PIECE = """\
Net::HTTP.start(uri.hostname, uri.port, use_ssl: uri.scheme == "https") do |http|
  http.request(request) do |response|
    abort response.code unless response.is_a?(Net::HTTPSuccess)
    response.read_body do |piece|
      puts piece
      exit
    end
  end
end
"""
