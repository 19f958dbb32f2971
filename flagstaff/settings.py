"""The server's settings: `FLAGSTAFF_*` variables with their defaults and units."""

from ipaddress import ip_address

from pydantic_settings import SettingsConfigDict

from flagstaff.access_settings import AccessSettings
from flagstaff.graphql_settings import GraphQLSettings
from flagstaff.reader.settings import ReaderSettings
from flagstaff.request_settings import RequestSettings
from flagstaff.retention_settings import RetentionSettings
from flagstaff.server_settings import ServerSettings

PREFIX = "FLAGSTAFF_"


class Settings(
    GraphQLSettings,
    RequestSettings,
    RetentionSettings,
    AccessSettings,
    ReaderSettings,
    ServerSettings,
):
    """All settings of a server, read once at start."""

    model_config = SettingsConfigDict(
        case_sensitive=True,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        populate_by_name=True,
    )

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Whether a host name or address is a loopback address."""
    name = host.strip("[]").removesuffix(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
