"""Documents of 3.x to import, and helpers that import them."""

from typing import Any

from store import Store
from store.model import SYSTEM, ToggleEnvironment
from store.transfer.unleash.checking import unleash_document_of
from store.transfer.unleash.exporting import export_unleash
from store.transfer.unleash.importing import UnleashResult, import_unleash
from store.unit_of_work import UnitOfWork
from tests.store.operations.doing import error_paths

DEFAULT = [{"name": "default", "parameters": {}}]

STRATEGY = {
    "name": "country",
    "description": "By country",
    "parameters": [{"name": "countries", "type": "list"}],
}
OWNER = {"name": "owner", "description": "Who", "icon": "O"}
TAG = {"type": "owner", "value": "web"}
LAB = {"name": "lab", "type": "test", "sortOrder": 7, "enabled": False, "protected": True}
AGE = {"contextName": "age", "operator": "NUM_GTE", "values": [], "value": "18"}
ADULTS = {"id": 5, "name": "adults", "description": "18+", "constraints": [AGE]}


def feature(name: str, **fields: Any) -> dict[str, Any]:
    """A toggle with only the required fields."""
    return {"name": name, "strategies": DEFAULT, **fields}


def bare(name: str, **fields: Any) -> dict[str, Any]:
    """A toggle without its configuration, which other parts of the document contain."""
    return {"name": name, **fields}


def state(toggle: str, environment: str, **fields: Any) -> dict[str, Any]:
    """An item of featureEnvironments."""
    return {"featureName": toggle, "environment": environment, "enabled": True, **fields}


def strategy(toggle: str, environment: str, name: str, **fields: Any) -> dict[str, Any]:
    """An item of featureStrategies."""
    return {
        "featureName": toggle,
        "environment": environment,
        "strategyName": name,
        "projectId": "default",
        **fields,
    }


def configured(store: Store, name: str, environment: str) -> ToggleEnvironment:
    return store.snapshot.toggles[name].in_environment(environment)


def names(store: Store, name: str, environment: str) -> list[str]:
    """The strategies of a toggle in an environment, in order."""
    return [strategy.name for strategy in configured(store, name, environment).strategies]


async def take(
    store: Store, *, drop: bool = False, keep: bool = False, **parts: Any
) -> UnleashResult:
    """Commit an import."""
    async with store.write(SYSTEM) as work:
        return await import_unleash(work, unleash_document_of(parts), drop=drop, keep=keep)


async def _checked_import(work: UnitOfWork, parts: dict[str, Any], **options: Any) -> UnleashResult:
    return await import_unleash(work, unleash_document_of(parts), **options)


async def wrong_with(
    store: Store, parts: dict[str, Any], **options: Any
) -> list[tuple[str, tuple[str, ...]]]:
    """Return the rule, or else the code, and the path of each error of a refused import."""
    return await error_paths(store, _checked_import, parts, **options)


def exported(store: Store, **parts: bool) -> dict[str, Any]:
    """Return an export of all objects as a 3.x document."""
    return export_unleash(store.snapshot, last_seen_at=lambda _: None, **parts)


def exported_toggle(store: Store, name: str) -> dict[str, Any]:
    """A toggle as exports contain it."""
    (found,) = [item for item in exported(store)["features"] if item["name"] == name]
    return found
