"""Convert database URLs to the form that SQLAlchemy reads."""

import re

# Matches a URL with several hosts in the syntax of libpq, which SQLAlchemy does not support.
_HOSTS = re.compile(
    r"^(?P<scheme>[^:]+://(?:[^@/?]*@)?)(?P<hosts>[^/?]*,[^/?]*)(?P<rest>.*)$", re.S
)


def async_url(url: str) -> str:
    """Return the URL with its driver, such as `postgresql+asyncpg://` for `postgres://`.

    If the URL has several hosts, the hosts are moved to the option `host`, which SQLAlchemy reads.
    """
    for plain, driver in (
        ("postgres://", "postgresql+asyncpg://"),
        ("postgresql://", "postgresql+asyncpg://"),
        ("sqlite://", "sqlite+aiosqlite://"),
    ):
        if url.startswith(plain):
            url = driver + url.removeprefix(plain)
    hosts = _HOSTS.match(url)
    if hosts is None or not url.startswith("postgresql"):
        return url
    rest, _, query = hosts["rest"].partition("?")
    options = f"host={hosts['hosts']}" + (f"&{query}" if query else "")
    return f"{hosts['scheme']}{rest or '/'}?{options}"
