"""What a server says on standard output when it starts: where it is, and the first tokens, once."""

from flagstaff import __version__
from flagstaff.bootstrap import FirstTokens
from flagstaff.settings import Settings


def announce(text: str) -> None:
    """Tell the person who starts the server; never through the log, which must not hold tokens."""
    print(text, flush=True)  # noqa: T201 (this is what standard output is for)


def welcome(address: str, first: FirstTokens | None, settings: Settings) -> str:
    """The lines to print; `address` is the server's, as in http://127.0.0.1:4242."""
    lines = [
        f"Flagstaff {__version__} is running.",
        "",
        f"  GraphiQL      {address}/graphql",
        f"  Unleash SDKs  {address}/api",
    ]
    if first is not None:
        lines += ["", f"  admin token   {first.admin}"]
    if first is not None and first.client is None:
        lines += ["", "Keep the token: it is shown only now. GraphiQL asks for it."]
    elif first is not None:
        lines += [
            f"  client token  {first.client}",
            "",
            "Keep the tokens: they are shown only now. GraphiQL asks for the admin token, SDKs",
            "take the client token. To try that one:",
            "",
            f"  curl -H 'Authorization: {first.client}' {address}/api/client/features",
        ]
    elif settings.auth == "none":
        lines += [
            "",
            "No tokens are asked for (FLAGSTAFF_AUTH=none). To try it:",
            "",
            f"  curl {address}/api/client/features",
        ]
    return "\n".join([*lines, "", "Stop it with Ctrl+C."])
