"""The table of the imports of other servers' databases."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from store.rows.declaring import (
    Row,
    json_column,
    key_column,
    name_column,
    optional_time_column,
    time_column,
)


class ServerImportRow(Row, table=True):
    """The import of the history and the usage of another server's database.

    There is one row for each `source`, which identifies the database. `events_through` is the
    number of the last event that the import may bring, because later numbers belong to events of
    this server. If it is null, the import brings no events. `progress` maps the parts of the import
    to the key of the last row that was imported.
    """

    id: str = key_column()
    source: str = name_column(unique=True)
    created_at: datetime = time_column()
    completed_at: datetime | None = optional_time_column()
    events_through: int | None = Field(
        default=None, sa_column=sa.Column(sa.BigInteger, nullable=True)
    )
    progress: Any = json_column(dict[str, Any])
