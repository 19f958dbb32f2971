"""Convert rows of an Unleash database to a state document.

Rows are JSON objects with the columns of one table. Versions of Unleash differ in their columns, so
a missing column is a missing key. Unleash 3.x has the strategies of toggles in the table
`features`. Later versions have a table of strategies for each toggle and environment.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from store.model import DEFAULT_ENVIRONMENT

Row: TypeAlias = Mapping[str, Any]
Tables: TypeAlias = Mapping[str, Sequence[Row]]

# The version of state documents with sections for the configurations in each environment.
_STATE_VERSION = 4
# Early versions of Unleash 4 use this name for the environment `default`.
_GLOBAL_ENVIRONMENT = ":global:"

# For each section, the table and the keys of the section by the column.
_SECTIONS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "projects": ("projects", {"id": "id", "name": "name", "description": "description"}),
    "tagTypes": (
        "tag_types",
        {"name": "name", "description": "description", "icon": "icon", "color": "color"},
    ),
    "tags": ("tags", {"type": "type", "value": "value"}),
    "featureTags": (
        "feature_tag",
        {"feature_name": "featureName", "tag_type": "tagType", "tag_value": "tagValue"},
    ),
    "segments": (
        "segments",
        {"id": "id", "name": "name", "description": "description", "constraints": "constraints"},
    ),
    "featureStrategySegments": (
        "feature_strategy_segment",
        {"feature_strategy_id": "featureStrategyId", "segment_id": "segmentId"},
    ),
}
_FEATURE_KEYS = {
    "name": "name",
    "description": "description",
    "type": "type",
    "project": "project",
    "stale": "stale",
    "impression_data": "impressionData",
    "created_at": "createdAt",
    "archived_at": "archivedAt",
}
_STRATEGY_KEYS = {
    "id": "id",
    "feature_name": "featureName",
    "strategy_name": "strategyName",
    "title": "title",
    "disabled": "disabled",
    "parameters": "parameters",
    "constraints": "constraints",
    "variants": "variants",
    "sort_order": "sortOrder",
}


def state_of_tables(tables: Tables) -> dict[str, Any]:
    """Return the state document with the content of the tables."""
    features = tables["features"]
    state: dict[str, Any] = {"version": _STATE_VERSION}
    for section, (table, keys) in _SECTIONS.items():
        if table in tables:
            state[section] = [_renamed(row, keys) for row in tables[table]]
    state["strategies"] = [
        _definition(row) for row in tables["strategies"] if not row.get("built_in")
    ]
    state["contextFields"] = [_context_field(row) for row in tables["context_fields"]]
    if "environments" in tables:
        state["environments"] = [
            {
                "name": environment_named(row["name"]),
                "type": row["type"],
                "enabled": row["enabled"],
                "sortOrder": row["sort_order"],
            }
            for row in tables["environments"]
        ]
        state |= _configurations_per_environment(tables)
    else:
        state |= _configurations_in_features(features)
    state["features"] = [_feature(row, has_variants=_has_variants(tables)) for row in features]
    state["dependencies"] = _dependencies(tables.get("dependent_features", ()))
    return state


def _renamed(row: Row, keys: Mapping[str, str]) -> dict[str, Any]:
    return {key: row[column] for column, key in keys.items() if column in row}


def environment_named(name: str) -> str:
    """Return the name of an environment of Unleash, which early versions of 4.x name otherwise."""
    return DEFAULT_ENVIRONMENT if name == _GLOBAL_ENVIRONMENT else name


def _feature(row: Row, *, has_variants: bool) -> dict[str, Any]:
    feature = _renamed(row, _FEATURE_KEYS)
    feature["archived"] = bool(row.get("archived")) or row.get("archived_at") is not None
    if not has_variants and row.get("variants") is not None:
        feature["variants"] = row["variants"]
    return feature


def _has_variants(tables: Tables) -> bool:
    """Whether the toggle's variants are stored for each environment."""
    return any("variants" in row for row in tables.get("feature_environments", ()))


def _configurations_per_environment(tables: Tables) -> dict[str, Any]:
    """Return the sections with the configurations of Unleash 4 and later."""
    enabled: list[dict[str, Any]] = [
        {
            "featureName": row["feature_name"],
            "environment": environment_named(row["environment"]),
            "enabled": row["enabled"],
            **({"variants": row["variants"] or []} if "variants" in row else {}),
        }
        for row in tables["feature_environments"]
    ]
    strategies = [
        {**_renamed(row, _STRATEGY_KEYS), "environment": environment_named(row["environment"])}
        for row in tables["feature_strategies"]
    ]
    return {"featureEnvironments": enabled, "featureStrategies": strategies}


def _configurations_in_features(features: Iterable[Row]) -> dict[str, Any]:
    """Return the sections with the configurations of Unleash 3.x."""
    enabled: list[dict[str, Any]] = []
    strategies: list[dict[str, Any]] = []
    for row in features:
        at = {"featureName": row["name"], "environment": DEFAULT_ENVIRONMENT}
        enabled.append({**at, "enabled": bool(row["enabled"])})
        for order, strategy in enumerate(row.get("strategies") or ()):
            strategies.append(
                {
                    **at,
                    "strategyName": strategy.get("name"),
                    "parameters": strategy.get("parameters"),
                    "constraints": strategy.get("constraints"),
                    "sortOrder": order,
                }
            )
    return {"featureEnvironments": enabled, "featureStrategies": strategies}


def _definition(row: Row) -> dict[str, Any]:
    definition = _renamed(
        row, {"name": "name", "description": "description", "deprecated": "deprecated"}
    )
    definition["parameters"] = row.get("parameters") or []
    if row.get("title"):
        definition["title"] = row["title"]
    return definition


def _context_field(row: Row) -> dict[str, Any]:
    values: Any = row.get("legal_values") or []
    if isinstance(values, str):
        # In Unleash 3.x the column is a list of values that are separated by commas.
        values = [{"value": value} for part in values.split(",") if (value := part.strip())]
    field = _renamed(row, {"name": "name", "description": "description", "sort_order": "sortOrder"})
    return {**field, "stickiness": bool(row.get("stickiness")), "legalValues": values}


def _dependencies(rows: Iterable[Row]) -> list[dict[str, Any]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        dependency: dict[str, Any] = {
            "feature": row["parent"],
            "enabled": row["enabled"],
            "variants": row["variants"] or [],
        }
        found.setdefault(row["child"], []).append(dependency)
    return [
        {"feature": child, "dependencies": dependencies} for child, dependencies in found.items()
    ]
