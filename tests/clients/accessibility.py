"""Find accessibility problems of a page with axe-core."""

from collections.abc import Container
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.clients.packages import fetch_packages

_SOURCES = Path(__file__).parent / "axe"
IMPACTS = ("minor", "moderate", "serious", "critical")
_SERIOUS = ("serious", "critical")
# Describing elements without problems would take most of the time. No rule needs other files.
_RUN = "async () => (await axe.run({ resultTypes: ['violations'], preload: false })).violations"


def fetch_axe(folder: Path) -> str:
    """Install axe-core into a folder and return its script. If npm is missing, skip the test."""
    fetch_packages(_SOURCES, folder, what="axe-core")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page, axe: str, *, impacts: Container[str] = IMPACTS) -> dict[str, list[str]]:
    """Return the selectors of elements with problems, grouped by rule. Include best practices."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    found: list[dict[str, Any]] = page.evaluate(_RUN)
    return {
        violation["id"]: [" ".join(map(str, node["target"])) for node in violation["nodes"]]
        for violation in found
        if violation["impact"] in impacts
    }


def serious_violations(page: Page, axe: str) -> dict[str, list[str]]:
    """Return the selectors of elements with serious or critical problems, grouped by rule."""
    return violations(page, axe, impacts=_SERIOUS)
