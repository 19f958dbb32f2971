"""The diagrams of the documentation are up to date with the code."""

from pathlib import Path
from typing import Any

import pytest

from flagstaff.app import compose
from flagstaff.settings import Settings
from store import Store
from tests.documentation.diagrams import (
    ARCHIVE,
    CREATE,
    DELETE,
    DIAGRAMS,
    IMAGES,
    LAYERS,
    MARK,
    REVIVE,
)
from tests.documentation.drawing import Drawing
from tests.documentation.pages import DOCS, ROOT, links, pages


@pytest.mark.parametrize("name", DIAGRAMS)
def test_a_diagram_is_as_the_script_draws_it(name: str) -> None:
    drawn = (IMAGES / f"{name}.svg").read_text(encoding="utf-8")

    assert drawn == DIAGRAMS[name]().svg()


def test_every_picture_is_on_a_page() -> None:
    linked = {(page.parent / target).resolve() for page in pages() for target in links(page)}

    pictures = {path for path in (DOCS / "images").rglob("*") if path.is_file()}
    assert pictures - linked == set()


async def test_a_request_passes_the_layers_that_the_diagram_shows(tmp_path: Path) -> None:
    settings = Settings(auth="none", access_log=True, trusted_proxies=("10.0.0.1",))
    store = await Store.open(f"sqlite:///{tmp_path / 'flagstaff.db'}")
    try:
        layer: Any = compose(store, settings)
    finally:
        await store.close()
    passed: list[str] = []
    while type(layer).__module__.startswith("flagstaff."):
        passed.append(type(layer).__name__)
        layer = layer._app

    assert passed == list(LAYERS)


def test_the_schema_has_the_mutations_that_the_diagram_shows() -> None:
    schema = (ROOT / "schema.graphql").read_text(encoding="utf-8")

    for name in (CREATE, MARK, ARCHIVE, REVIVE, DELETE):
        assert f"\n  {name}(" in schema


def test_text_that_does_not_fit_is_an_error() -> None:
    drawing = Drawing(100, 100, "Small")

    with pytest.raises(ValueError, match="does not fit"):
        drawing.box((0, 0), (50, 40), "a long title")
    with pytest.raises(ValueError, match="does not fit"):
        drawing.box((0, 0), (100, 40), "one", "two", "three")
