"""A search in all toggles finds the same toggles as a search in each single toggle."""

import asyncio
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from graph.toggles import searching
from graph.toggles.searching import SearchIndex, search, searched_strings
from store.model import Toggle
from store.snapshot import Configuration, Snapshot
from store.values import Tag
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation

TIME = datetime(2026, 1, 1, tzinfo=UTC)
LETTERS = "abÄßİ "
QUERY = """query ($text: String!) {
  toggles(filter: { or: [{ search: $text }] }) { nodes { name } }
}"""


def names_of(data: Any) -> list[str]:
    """The names of the toggles that were found."""
    return [node["name"] for node in data["toggles"]["nodes"]]


def random_string(random: Random, length: int) -> str:
    """A random string of few different letters. Case folding changes some of the letters."""
    return "".join(random.choices(LETTERS, k=random.randrange(length)))


def random_toggle(random: Random, name: str) -> Toggle:
    """A toggle with a random description and random tags."""
    tags = tuple(Tag("simple", random_string(random, 5)) for _ in range(random.randrange(3)))
    return Toggle(
        id=name,
        name=name,
        description=random.choice([None, "", random_string(random, 12)]),
        tags=tags,
        created_at=TIME,
        updated_at=TIME,
        revision=1,
    )


@pytest.mark.parametrize("seed", range(20))
def test_an_index_finds_what_each_toggle_contains(seed: int) -> None:
    random = Random(seed)
    toggles = [random_toggle(random, f"{random_string(random, 4)}{n}") for n in range(30)]
    index = SearchIndex(toggles)

    for _ in range(40):
        text = (random_string(random, 5) or "a").casefold()
        assert index.find(text) == [one for one in toggles if text in searched_strings(one)]


def test_a_search_ignores_case_and_finds_no_separator() -> None:
    toggle = Toggle(id="1", name="Straße", created_at=TIME, updated_at=TIME, revision=1)
    snapshot = Snapshot(1, Configuration(toggles={"Straße": toggle}))
    live = snapshot.live_toggles

    assert search(snapshot, live, "STRASSE") == [toggle]
    assert search(snapshot, [toggle], "strasse") == [toggle]
    assert search(snapshot, live, "\x00") == []
    assert search(snapshot, [], "strasse") == []


async def test_an_index_is_built_in_a_thread_while_others_change_toggles(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = Installation(gateway.store)
    await installed.toggle("first", description="a shop")
    await installed.toggle("second", description="a till")
    building, may_build = asyncio.Event(), threading.Event()
    threads: list[int] = []
    loop = asyncio.get_running_loop()

    class Slow(SearchIndex):
        def __init__(self, toggles: Sequence[Toggle]) -> None:
            threads.append(threading.get_ident())
            loop.call_soon_threadsafe(building.set)
            assert may_build.wait(60)
            super().__init__(toggles)

    monkeypatch.setattr(searching, "SearchIndex", Slow)
    monkeypatch.setattr(searching, "MAX_INDEXED_AT_ONCE", 0)

    search = asyncio.create_task(gateway.run(QUERY, {"text": "shop"}))
    await building.wait()
    await gateway.change("toggleUpdate", {"name": "second", "description": "another shop"})
    may_build.set()

    assert names_of(await search) == ["first"]
    assert names_of(await gateway.run(QUERY, {"text": "shop"})) == ["first", "second"]
    assert names_of(await gateway.run(QUERY, {"text": "till"})) == []
    assert len(threads) == 2
    assert threading.get_ident() not in threads
