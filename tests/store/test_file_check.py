"""The check of all pages of an SQLite file at the start."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from store import Store

PAGE = 4_096


async def test_a_damaged_page_that_nobody_reads_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "flagstaff.db"
    await (await Store.open(f"sqlite:///{file}")).close()
    with closing(sqlite3.connect(file)) as connection:
        (root,) = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'event' LIMIT 1"
        ).fetchone()
    with file.open("r+b") as pages:
        pages.seek((root - 1) * PAGE)
        pages.write(b"\xff" * PAGE)

    store = await Store.open(f"sqlite:///{file}")
    try:
        for _ in range(500):
            if store.database_problem is not None:
                break
            await asyncio.sleep(0.01)
        problem = store.database_problem
    finally:
        await store.close()

    assert problem is not None
    assert "damaged" in problem
