"""The new names in reports, before the names are stored."""

from typing import TypeAlias

from msgspec import Struct, field

from store.usage.reports import AnyReport
from store.usage.room import Removed, UsageKey

# A pair of an application and the name of a toggle that the application requested.
Name: TypeAlias = tuple[str, str]


class TooManyNamesError(Exception):
    """A report has more new names than allowed; no part of the report was stored."""

    def __init__(self, message: str, retry_after_s: int) -> None:
        self.message = message
        self.retry_after_s = retry_after_s
        super().__init__(message)


class NewNames(Struct):
    """Names in reports that are not in the cache of this process.

    `names` are pairs of an application and a name that no toggle has. `usages` are the names that
    an application reports in an environment for the first time. If the source is not public,
    `usages` only contains names that no toggle has.
    """

    source: str | None
    is_public: bool = False
    applications: dict[str, AnyReport] = field(default_factory=dict[str, AnyReport])
    names: dict[Name, AnyReport] = field(default_factory=dict[Name, AnyReport])
    usages: set[UsageKey] = field(default_factory=set[UsageKey])

    def __bool__(self) -> bool:
        """Whether there are any new names."""
        return bool(self.applications or self.names or self.usages)


class Reservation(Struct):
    """The names that one transaction adds and removes. A reservation is valid after the commit."""

    applications: set[str] = field(default_factory=set[str])
    names: set[Name] = field(default_factory=set[Name])
    usages: set[UsageKey] = field(default_factory=set[UsageKey])
    removed: Removed = field(default_factory=Removed)

    def holds(self, new: NewNames) -> bool:
        """Whether the transaction has already added all names in `new`."""
        return (
            new.applications.keys() <= self.applications
            and new.names.keys() <= self.names
            and new.usages <= self.usages
        )
