"""Convert the answers of an Unleash server's admin API to a state document.

The keys are those of the admin APIs of Unleash 3.17.6, 4.19.5, 5.12.8, 6.10.1, 7.6.5 and 8.2.0.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from msgspec import Struct

from store.model import DEFAULT_ENVIRONMENT

Answer: TypeAlias = Mapping[str, Any]

# The version of state documents with sections for the configurations in each environment.
_STATE_VERSION = 4
_FEATURE = (
    "name description type project stale impressionData createdAt archived archivedAt".split()
)
_STRATEGY = "id title disabled parameters constraints segments variants".split()
_SECTIONS: Mapping[str, Sequence[str]] = {
    "environments": ("name", "type", "enabled", "sortOrder"),
    "projects": ("id", "name", "description"),
    "segments": ("id", "name", "description", "constraints", "project"),
    "strategies": ("name", "title", "description", "parameters", "deprecated"),
    "tagTypes": ("name", "description", "icon", "color"),
    "tags": ("type", "value"),
}


class ServedToggle(Struct, frozen=True):
    """A toggle as the admin API shows it.

    `environments` have the keys `name`, `enabled`, `strategies` and `variants`.
    """

    fields: Answer
    environments: Sequence[Answer]
    tags: Sequence[Answer]


class ServedConfiguration(Struct, frozen=True):
    """All objects that the admin API shows. `sections` are items by the name of the section."""

    sections: Mapping[str, Sequence[Answer]]
    context_fields: Sequence[Answer]
    toggles: Sequence[ServedToggle]


def toggle_of_3x(feature: Answer, tags: Sequence[Answer], *, archived: bool) -> ServedToggle:
    """Return a toggle of Unleash 3.x, which has one environment."""
    environment = {"name": DEFAULT_ENVIRONMENT} | {
        key: feature[key] for key in ("enabled", "strategies", "variants") if key in feature
    }
    return ServedToggle({**feature, "archived": archived}, [environment], tags)


def state_of_answers(served: ServedConfiguration) -> dict[str, Any]:
    """Return the state document with the objects that a server shows.

    The list of projects may omit archived projects. Then the ID of a project is the title, too.
    """
    state: dict[str, Any] = {"version": _STATE_VERSION}
    for section, items in served.sections.items():
        state[section] = [_chosen(item, _SECTIONS[section]) for item in items]
    state["projects"] += _missing_projects(state["projects"], served.toggles)
    state["contextFields"] = [_context_field(field) for field in served.context_fields]
    state["features"] = [_chosen(toggle.fields, _FEATURE) for toggle in served.toggles]
    state["featureTags"] = [
        {"featureName": toggle.fields["name"], "tagType": tag["type"], "tagValue": tag["value"]}
        for toggle in served.toggles
        for tag in toggle.tags
    ]
    state["featureEnvironments"] = [
        {
            "featureName": toggle.fields["name"],
            "environment": environment["name"],
            "enabled": environment.get("enabled", False),
            "variants": environment.get("variants") or [],
        }
        for toggle in served.toggles
        for environment in toggle.environments
    ]
    state["featureStrategies"] = [
        strategy
        for toggle in served.toggles
        for environment in toggle.environments
        for strategy in _strategies(toggle.fields["name"], environment)
    ]
    state["dependencies"] = [
        {
            "feature": toggle.fields["name"],
            "dependencies": [
                _chosen(each, ("feature", "enabled", "variants"))
                for each in toggle.fields["dependencies"]
            ],
        }
        for toggle in served.toggles
        if toggle.fields.get("dependencies")
    ]
    return state


def token_rows(tokens: Iterable[Answer]) -> tuple[list[dict[str, Any]], int]:
    """Return the tokens whose secrets the server shows, as rows of a database.

    The second value is the number of the other tokens.
    """
    rows: list[dict[str, Any]] = []
    hidden = 0
    for token in tokens:
        if not isinstance(token.get("secret"), str):
            hidden += 1
            continue
        name = token.get("tokenName") or token.get("username") or "imported"
        rows.append(
            {
                "secret": token["secret"],
                "username": name,
                "type": token.get("type"),
                "environment": token.get("environment"),
                "projects": token.get("projects") or [token.get("project") or "*"],
                "expires_at": token.get("expiresAt"),
                "alias": token.get("alias"),
            }
        )
    return rows, hidden


def _chosen(item: Answer, keys: Iterable[str]) -> dict[str, Any]:
    return {key: item[key] for key in keys if key in item}


def _missing_projects(
    projects: Sequence[Answer], toggles: Iterable[ServedToggle]
) -> list[dict[str, Any]]:
    known = {project["id"] for project in projects}
    named = {toggle.fields["project"]: None for toggle in toggles if toggle.fields.get("project")}
    return [{"id": name, "name": name} for name in named if name not in known]


def _context_field(field: Answer) -> dict[str, Any]:
    # In Unleash 3.x, legal values are strings.
    values = [
        {"value": value} if isinstance(value, str) else _chosen(value, ("value", "description"))
        for value in field.get("legalValues") or ()
    ]
    chosen = _chosen(field, ("name", "description", "sortOrder", "project"))
    return {**chosen, "stickiness": bool(field.get("stickiness")), "legalValues": values}


def _strategies(toggle: str, environment: Answer) -> Iterable[dict[str, Any]]:
    for position, strategy in enumerate(environment.get("strategies") or ()):
        yield {
            **_chosen(strategy, _STRATEGY),
            "featureName": toggle,
            "environment": environment["name"],
            "strategyName": strategy["name"],
            "sortOrder": position,
        }
