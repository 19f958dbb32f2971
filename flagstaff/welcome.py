"""Build the message that the server prints at start: its addresses and new tokens."""

from flagstaff import __version__
from flagstaff.bootstrap import FirstTokens
from flagstaff.settings import Settings

_STOP = "Stop it with Ctrl+C."


def announce(message: str) -> None:
    """Print a message to standard output.

    The message is not logged, because logs must not contain tokens.
    """
    print(message, flush=True)  # noqa: T201 (meant for standard output)


def welcome(address: str, first_tokens: FirstTokens | None, settings: Settings) -> str:
    """Build the message. `address` is the URL of the server, such as http://127.0.0.1:4242."""
    lines = [
        f"Flagstaff {__version__} is running.",
        "",
        *([f"  Console       {address}/console/"] if settings.console == "on" else []),
        f"  GraphiQL      {address}/graphql",
        f"  Unleash SDKs  {address}/api",
    ]
    if first_tokens is not None:
        lines += ["", f"  admin token   {first_tokens.admin}"]
    if first_tokens is not None and first_tokens.client is None:
        lines += ["", "Save the token: it is not shown again. The console and GraphiQL ask for it."]
    elif first_tokens is not None:
        lines += [
            f"  client token  {first_tokens.client}",
            "",
            "Save the tokens: they are not shown again. The console and GraphiQL ask",
            "for the admin token. SDKs use the client token, as in this command:",
            "",
            f"  curl -H 'Authorization: {first_tokens.client}' {address}/api/client/features",
        ]
    elif settings.auth == "none":
        lines += [
            "",
            "Tokens are not required (FLAGSTAFF_AUTH=none). Try it with:",
            "",
            f"  curl {address}/api/client/features",
        ]
    return "\n".join([*lines, "", _STOP])


def welcome_to_reader(address: str, primary: str) -> str:
    """Build the message of a reader of the server at `primary`."""
    lines = [
        f"Flagstaff {__version__} is running as a reader.",
        "",
        f"  Primary       {primary}",
        f"  Unleash SDKs  {address}/api",
        "",
        _STOP,
    ]
    return "\n".join(lines)
