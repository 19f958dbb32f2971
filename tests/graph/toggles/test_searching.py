"""A search in all toggles finds the same toggles as a search in each single toggle."""

from datetime import UTC, datetime
from random import Random

import pytest

from graph.toggles.searching import SearchIndex, search, searched_strings
from store.model import Toggle
from store.snapshot import Configuration, Snapshot
from store.values import Tag

TIME = datetime(2026, 1, 1, tzinfo=UTC)
LETTERS = "abÄßİ "


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
