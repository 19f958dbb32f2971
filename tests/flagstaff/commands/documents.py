"""Documents for the commands."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from tests.flagstaff.outcome import Outcome

Flagstaff: TypeAlias = Callable[..., Outcome]
DATA = Path(__file__).parents[2] / "data"
REAL = DATA / "unleash-3.17.6-export.json"
DEFAULT = [{"name": "default"}]


def written(folder: Path, document: Any, name: str = "document.json") -> str:
    """A file with a document."""
    (folder / name).write_text(json.dumps(document), "utf-8")
    return name


def features(*names: str, **fields: Any) -> dict[str, Any]:
    """A 3.x document of toggles."""
    return {"features": [{"name": name, "strategies": DEFAULT, **fields} for name in names]}


def own(*toggles: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """Flagstaff's own document of toggles."""
    return {"format": "flagstaff", "version": 1, "toggles": [*toggles], **parts}


def exported(flagstaff: Flagstaff, *options: str) -> Any:
    outcome = flagstaff("export", *options)
    assert (outcome.status, outcome.err) == (0, "")
    return json.loads(outcome.out)
