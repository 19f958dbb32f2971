"""Writes pictures of pages into `docs/images/`."""

from playwright.sync_api import Locator, Page

from tests.clients.visiting import SETTLED_MS
from tests.documentation.pages import DOCS

IMAGES = DOCS / "images"
WIDTH, HEIGHT = 1280, 760
MARGIN = 16


def capture(page: Page, name: str, *parts: Locator) -> None:
    """Take a picture of the window, or of the smallest rectangle around some parts of it."""
    page.wait_for_timeout(SETTLED_MS)
    path = IMAGES / f"{name}.png"
    path.parent.mkdir(exist_ok=True)
    if not parts:
        page.screenshot(path=path)
        return
    size = page.viewport_size
    boxes = [box for part in parts if (box := part.bounding_box())]
    assert size is not None
    assert len(boxes) == len(parts), f"a part of the picture {name} is not visible"
    left = max(min(box["x"] for box in boxes) - MARGIN, 0)
    top = max(min(box["y"] for box in boxes) - MARGIN, 0)
    right = min(max(box["x"] + box["width"] for box in boxes) + MARGIN, size["width"])
    bottom = min(max(box["y"] + box["height"] for box in boxes) + MARGIN, size["height"])
    page.screenshot(
        path=path, clip={"x": left, "y": top, "width": right - left, "height": bottom - top}
    )
