"""Importing toggles under other names on the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.flagstaff.outcome import Outcome

pytestmark = pytest.mark.usefixtures("database_file")

Flagstaff: TypeAlias = Callable[..., Outcome]

DATA = Path(__file__).parents[2] / "data"
DEFAULT = [{"name": "default"}]


def exported(flagstaff: Flagstaff) -> dict[str, Any]:
    document = json.loads(flagstaff("export").out)
    return {toggle["name"]: toggle for toggle in document["toggles"]}


def test_a_refused_name_is_reported_with_the_option_that_imports_it(
    flagstaff: Flagstaff, tmp_path: Path
) -> None:
    features = [
        {"name": "new checkout", "strategies": DEFAULT},
        {"name": "b", "strategies": DEFAULT, "dependencies": [{"feature": "new checkout"}]},
    ]
    (tmp_path / "state.json").write_text(json.dumps({"features": features}), "utf-8")

    refused = flagstaff("import", "state.json")
    outcome = flagstaff("import", "state.json", "--rename", "new checkout=new-checkout")

    assert refused.status == 1
    assert "--rename 'new checkout=new-checkout'" in refused.err
    assert outcome.status == 0
    assert "Applications that ask for the old name get no toggle" in outcome.err
    toggles = exported(flagstaff)
    assert toggles["b"]["dependencies"][0]["toggle"] == "new-checkout"


def test_a_refused_name_of_another_object_is_reported_with_what_to_do(
    flagstaff: Flagstaff, tmp_path: Path
) -> None:
    document = {
        "version": 4,
        "features": [{"name": "a", "strategies": DEFAULT}],
        "environments": [{"name": "e u"}],
    }
    (tmp_path / "state.json").write_text(json.dumps(document), "utf-8")

    refused = flagstaff("import", "state.json")

    assert refused.status == 1
    assert "rename the environment 'e u' in the Unleash server or in the document" in refused.err
    assert "for example to 'e-u'." in refused.err


def test_a_batch_export_keeps_its_order_of_strategies(flagstaff: Flagstaff) -> None:
    files = {
        kind: str(DATA / f"unleash-8.2-{kind}-production.json")
        for kind in ("batch-export", "client-features")
    }
    features = json.loads(Path(files["client-features"]).read_text("utf-8"))["features"]
    served = next(feature for feature in features if len(feature["strategies"]) > 1)

    outcome = flagstaff(
        "import",
        files["batch-export"],
        "--segments",
        files["client-features"],
        "--rename",
        f"{served['name']}=other",
    )

    assert outcome.status == 0
    toggles = exported(flagstaff)
    assert served["name"] not in toggles
    configured = next(
        each for each in toggles["other"]["environments"] if each["environment"] == "production"
    )
    strategies = [strategy["name"] for strategy in configured["strategies"]]
    assert strategies == [strategy["name"] for strategy in served["strategies"]]


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        (("a",), "needs OLD=NEW"),
        (("=b",), "needs OLD=NEW"),
        (("a=b", "a=c"), "twice"),
    ],
)
def test_pairs_that_name_no_two_names_are_refused(
    flagstaff: Flagstaff, pairs: tuple[str, ...], said: str
) -> None:
    options = [option for pair in pairs for option in ("--rename", pair)]

    outcome = flagstaff("import", "x.json", *options)

    assert outcome.status == 2
    assert said in outcome.err


@pytest.mark.parametrize(
    "options",
    [
        ("--from-unleash", "http://a", "x.json"),
        ("--from-unleash", "http://a", "--from-database", "postgresql://a"),
        ("--from-unleash", "http://a", "--drop"),
        ("x.json", "--token-file", "y"),
        ("x.json", "--verify", "http://a", "--dry-run"),
        ("x.json", "--json"),
        ("x.json", "--client-tokens-file", "y"),
    ],
)
def test_options_that_exclude_each_other_are_refused(
    flagstaff: Flagstaff, options: tuple[str, ...]
) -> None:
    assert flagstaff("import", *options).status == 2
