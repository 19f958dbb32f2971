"""The page with test steps is up to date."""

from tests.documentation.pages import DOCS
from tests.documentation.steps import steps_page


def test_the_page_with_test_steps_is_current() -> None:
    """To update the page: `python -m tests.documentation.steps > docs/test-steps.md`."""
    assert (DOCS / "test-steps.md").read_text(encoding="utf-8") == steps_page()
