"""Summaries of events are converted to the present tense."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from store import tense
from store.tense import to_present

STORE = Path(tense.__file__).parent
# Summaries that begin with these words are in the present tense. No change set contains their
# events.
ABOUT_THE_PRESENT = {"Application", "Project"}


@pytest.mark.parametrize(
    ("summary", "plan"),
    [
        ("Archived toggle 'a'.", "Archives toggle 'a'."),
        ("Took the tag 'simple:x' off toggle 'a'.", "Takes the tag 'simple:x' off toggle 'a'."),
        ("Leaves toggle 'a' unchanged.", "Leaves toggle 'a' unchanged."),
        ("Changed strategy 'Deleted'.", "Changes strategy 'Deleted'."),
        ("", ""),
    ],
)
def test_the_first_word_is_put_in_the_present_tense(summary: str, plan: str):
    assert to_present(summary) == plan


def test_every_summary_begins_with_a_known_word():
    words = {
        word
        for folder in ("operations", "transfer")
        for path in (STORE / folder).rglob("*.py")
        for word in first_words(path)
    }

    assert {word for word in words if to_present(word) == word} == ABOUT_THE_PRESENT & words
    assert len(words) > 20


def first_words(path: Path) -> Iterator[str]:
    """Yield the first words of the summaries in a module, from arguments of calls and from
    variables.
    """
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg="summary"):
                yield from beginnings(node.value)
            case ast.Assign(targets=[target]) if "summary" in ast.unparse(target):
                yield from beginnings(node.value)
            case ast.FunctionDef() if "summary" in node.name:
                for part in ast.walk(node):
                    if isinstance(part, ast.Return) and part.value is not None:
                        yield from beginnings(part.value)
            case ast.Call(
                func=ast.Name(id="record_configuration" | "_put" | "_record" | "_update")
            ):
                for argument in node.args:
                    yield from beginnings(argument)
            case _:
                pass


def beginnings(expression: ast.expr) -> Iterator[str]:
    """Return the first words of the sentences in an expression."""
    for part in ast.walk(expression):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            found = re.match(r"([A-Z][a-z]+)( |$)", part.value)
            if found:
                yield found[1]
