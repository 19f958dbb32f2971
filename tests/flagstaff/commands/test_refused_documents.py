"""Documents and options that the commands refuse."""

from pathlib import Path
from typing import Any

import pytest

from tests.flagstaff.commands.documents import (
    DATA,
    DEFAULT,
    Flagstaff,
    exported,
    features,
    own,
    written,
)

pytestmark = pytest.mark.usefixtures("database_file")
NAME_RULE = "may contain only letters A to Z, digits and -_.~!*'()."


@pytest.mark.parametrize(
    ("document", "options", "said"),
    [
        ("unleash-8.2-batch-export-production.json", ("--drop",), "contain only some toggles"),
        ("unleash-5.12.8-state-export.json", ("--project", "a"), "which name it themselves"),
        (
            "unleash-5.12.8-state-export.json",
            ("--segments", str(DATA / "unleash-8.2-client-features-production.json")),
            "this document is none",
        ),
    ],
)
def test_options_that_a_document_does_not_have_are_refused(
    flagstaff: Flagstaff, document: str, options: tuple[str, ...], said: str
) -> None:
    outcome = flagstaff("import", str(DATA / document), *options)

    assert (outcome.status, outcome.out) == (1, "")
    assert said in outcome.err


def test_an_unknown_version_is_refused_in_one_line(flagstaff: Flagstaff, tmp_path: Path) -> None:
    outcome = flagstaff("import", written(tmp_path, {"version": 7, "features": [{}]}))

    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == (
        "version: The version 7 of the document is unknown; the versions 1, 2, 3 and 4 are "
        "accepted.\n"
    )


@pytest.mark.parametrize(
    ("document", "errors"),
    [
        (
            {"features": [{"name": "a b", "strategies": DEFAULT}, {"name": "c"}]},
            [
                f"features[0].name: The toggle name 'a b' {NAME_RULE}",
                "features[1].strategies: The key 'strategies' is missing.",
                "To import it under another name: --rename 'a b=a-b'",
            ],
        ),
        (
            own({"name": "a"}, {"name": "b", "type": 1}),
            ["toggles[1].type: The value must be a string, not the number 1."],
        ),
        (
            own({"name": "a", "environments": [{"environment": "lab"}]}),
            ["toggles[0].environments[0].environment: No environment is named 'lab'."],
        ),
        (
            {"format": "other"},
            ["format: The document must have the format 'flagstaff'."],
        ),
    ],
)
def test_what_is_wrong_is_one_line_each_with_its_path(
    flagstaff: Flagstaff, tmp_path: Path, document: Any, errors: list[str]
) -> None:
    outcome = flagstaff("import", written(tmp_path, document))

    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.splitlines() == errors


@pytest.mark.parametrize("options", [["--drop"], ["--drop", "--dry-run"]])
def test_a_refused_document_changes_nothing(
    flagstaff: Flagstaff, tmp_path: Path, options: list[str]
) -> None:
    flagstaff("import", written(tmp_path, features("canary")))

    outcome = flagstaff("import", written(tmp_path, features("a", "b", type="t" * 101)), *options)

    assert outcome.status == 1
    assert [toggle["name"] for toggle in exported(flagstaff)["toggles"]] == ["canary"]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("[1", "The text is not JSON: unexpected end of data"),
        ("a: !!python/none x", "In line 1, column 4, tags are not allowed."),
        ("{}", "The document is neither Flagstaff's own document"),
        ("just words", "The document is neither Flagstaff's own document"),
    ],
)
def test_what_is_no_document_is_refused_in_one_line(
    flagstaff: Flagstaff, tmp_path: Path, text: str, error: str
) -> None:
    (tmp_path / "document.json").write_text(text)

    outcome = flagstaff("import", "document.json")

    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.startswith(error)
    assert outcome.err.count("\n") == 1


def test_a_file_that_is_not_there_is_one_line(flagstaff: Flagstaff) -> None:
    outcome = flagstaff("import", "nothing.json")

    assert outcome == (1, "", "[Errno 2] No such file or directory: 'nothing.json'\n")
