"""Every block of code in the documentation runs in a test or states why not."""

from tests.documentation import (
    test_answers,
    test_commands,
    test_getting_started,
    test_operations,
    test_tasks,
    test_webhooks,
)
from tests.documentation.pages import ROOT, Block, blocks, pages

# Blocks in these languages are data or output.
DRAWN = ("text",)
# The maximum number of blocks with the comment `not run`. Raise it only if no test can run a block.
MAX_MARKED = 22


def test_every_block_runs_or_says_why_not() -> None:
    unmarked = {(block.page, block.text) for block in _programs() if block.reason_not_run is None}
    run = {
        (block.page, block.text)
        for module in (
            test_answers,
            test_commands,
            test_getting_started,
            test_operations,
            test_tasks,
            test_webhooks,
        )
        for block in module.RUN
    }

    assert unmarked - run == set()
    assert run - unmarked == set()


def test_few_blocks_are_marked() -> None:
    marked = [block for block in _programs() if block.reason_not_run is not None]

    assert len(marked) <= MAX_MARKED


def test_every_block_names_its_language() -> None:
    nameless = [
        (block.page, block.text) for page in pages() for block in blocks(page) if not block.language
    ]

    assert nameless == []


def _programs() -> list[Block]:
    return [
        block
        for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
        for block in blocks(page)
        if block.language not in DRAWN
    ]
