"""What a process does with its database."""

from enum import Enum


class Role(Enum):
    """The part of a process in an installation.

    A SERVER reads, writes and does all work in the background. A READER and a STANDBY_READER serve
    SDKs only: they keep reports in their journal until another part of the process has forwarded
    them. A READER writes to its own database, which no other process uses. A STANDBY_READER reads
    the hot standby of a PostgreSQL installation, which nobody can write.
    """

    SERVER = "server"
    READER = "reader"
    STANDBY_READER = "standby reader"

    @property
    def forwards(self) -> bool:
        """Whether reports are forwarded to another server instead of being aggregated here."""
        return self is not Role.SERVER
