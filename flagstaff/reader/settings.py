"""The settings of readers."""

from pydantic import field_validator
from pydantic_settings import BaseSettings

from flagstaff.setting_field import List, setting
from flagstaff.setting_values import canonical_url, check_sqlite_file


class ReaderSettings(BaseSettings):
    """The settings of a reader: its primary, and the file in which it keeps toggles."""

    upstream: str | None = setting(
        None,
        "The URL of the primary, such as `https://flags.example.com`, with its base path. "
        "`flagstaff serve --reader` follows this server and forwards reports to it.",
        "FLAGSTAFF_UPSTREAM",
    )
    upstream_tokens: List = setting(
        (),
        "Client tokens of the primary, comma-separated. A reader serves the environments and "
        "projects of these tokens.",
        "FLAGSTAFF_UPSTREAM_TOKENS",
        secret=True,
    )
    reader_file: str = setting(
        "flagstaff-reader.db",
        "The SQLite file in which a reader keeps its toggles and the reports that it has not yet "
        "forwarded. Each reader needs a file of its own.",
        "FLAGSTAFF_READER_FILE",
    )

    @field_validator("upstream")
    @classmethod
    def _check_upstream(cls, value: str | None) -> str | None:
        return value if value is None else canonical_url(value)

    @field_validator("reader_file")
    @classmethod
    def _check_reader_file(cls, value: str) -> str:
        check_sqlite_file(value)
        return value
