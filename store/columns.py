"""Column types that behave the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Dialect

# This collation sorts by bytes on both databases, as cursors and the REST contract expect.
# PostgreSQL would otherwise use the collation of its locale.
Name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

# SQLite requires INTEGER for autoincremented keys; its integers have 64 bits.
BigInteger = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware datetime, stored and returned in UTC with microseconds."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"The datetime {value!r} has no UTC offset.")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JsonOf(sa.types.TypeDecorator[Any]):
    """A value of a msgspec type, stored as JSON. SQL NULL means `absent`; JSON null means None.

    The column type is TEXT, not JSON or JSONB, so that SQLite and PostgreSQL return exactly what
    was written.
    """

    impl = sa.Text
    cache_ok = True

    def __init__(self, value_type: Any, *, absent: Any = None) -> None:
        super().__init__()
        self.value_type = value_type
        self.absent = absent
        self._decoder = msgspec.json.Decoder(value_type)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is self.absent:
            return None
        return msgspec.json.encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return self.absent if value is None else self._decoder.decode(value)
