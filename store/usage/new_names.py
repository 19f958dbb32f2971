"""The new names that reports bring, on their way into the tables."""

from typing import TypeAlias

from msgspec import Struct, field

from store.usage.reports import AnyReport
from store.usage.room import Removed, UsageKey

# An application, and the name of a toggle that it asked for.
Name: TypeAlias = tuple[str, str]


class TooManyNamesError(Exception):
    """A report brings more new names than a limit allows; nothing of it was stored."""

    def __init__(self, message: str, retry_after_s: int) -> None:
        self.message = message
        self.retry_after_s = retry_after_s
        super().__init__(message)


class NewNames(Struct):
    """What reports name that this process does not know.

    `names` are pairs of an application and a name that no toggle has. `usages` are names that an
    application did not report before in its environment: all of them if the source is public, else
    those that are in `names`.
    """

    source: str | None
    is_public: bool = False
    applications: dict[str, AnyReport] = field(default_factory=dict[str, AnyReport])
    names: dict[Name, AnyReport] = field(default_factory=dict[Name, AnyReport])
    usages: set[UsageKey] = field(default_factory=set[UsageKey])

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.applications or self.names or self.usages)


class Reservation(Struct):
    """What one transaction has added and removed; it holds once the transaction is committed."""

    applications: set[str] = field(default_factory=set[str])
    names: set[Name] = field(default_factory=set[Name])
    usages: set[UsageKey] = field(default_factory=set[UsageKey])
    removed: Removed = field(default_factory=Removed)

    def holds(self, new: NewNames) -> bool:
        """Whether the transaction has added all of them already."""
        return (
            new.applications.keys() <= self.applications
            and new.names.keys() <= self.names
            and new.usages <= self.usages
        )
