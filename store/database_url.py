"""Database URLs as people write them, and as SQLAlchemy reads them."""

import re

# Several hosts, as libpq writes them and SQLAlchemy does not.
_HOSTS = re.compile(
    r"^(?P<scheme>[^:]+://(?:[^@/?]*@)?)(?P<hosts>[^/?]*,[^/?]*)(?P<rest>.*)$", re.S
)


def async_url(url: str) -> str:
    """The URL with the driver that is meant, such as `postgresql+asyncpg://` for `postgres://`.

    Several hosts become an option, which is where SQLAlchemy reads them.
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
