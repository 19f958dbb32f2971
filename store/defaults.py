"""The objects that every installation has from its first start."""

from datetime import datetime

from store.model import (
    DEFAULT_ENVIRONMENT,
    DEFAULT_PROJECT,
    ContextField,
    Entity,
    Environment,
    EnvironmentType,
    Project,
    Strategy,
    TagType,
    ToggleType,
)
from store.values import StrategyParameter


def everything(created_at: datetime) -> list[Entity]:
    """Return all built-in objects, at revision 0; referenced objects precede their users."""
    return [
        *environments(created_at),
        *projects(created_at),
        *toggle_types(),
        *strategies(created_at),
        *context_fields(created_at),
        *tag_types(created_at),
    ]


def environments(created_at: datetime) -> list[Environment]:
    """Return the environment `default`, which 3.x clients use."""
    return [
        Environment(
            name=DEFAULT_ENVIRONMENT, type=EnvironmentType.PRODUCTION, created_at=created_at
        )
    ]


def projects(created_at: datetime) -> list[Project]:
    """Return the project of toggles that name no project."""
    return [
        Project(
            name=DEFAULT_PROJECT,
            title="Default",
            description="Contains all toggles that are not assigned to another project.",
            created_at=created_at,
        )
    ]


def toggle_types() -> list[ToggleType]:
    """Return the six toggle types, with the lifetimes in rest-contract.md, "Built-in data"."""
    return [
        ToggleType(
            name="release",
            title="Release",
            description="Releases a new feature to users step by step.",
            lifetime_days=40,
            sort_order=0,
        ),
        ToggleType(
            name="experiment",
            title="Experiment",
            description="Compares variants of a feature by how users respond.",
            lifetime_days=40,
            sort_order=1,
        ),
        ToggleType(
            name="operational",
            title="Operational",
            description="Controls how a system operates while a change is introduced.",
            lifetime_days=7,
            sort_order=2,
        ),
        ToggleType(
            name="kill-switch",
            title="Kill switch",
            description="Switches off a part of the system that causes harm.",
            lifetime_days=None,
            sort_order=3,
        ),
        ToggleType(
            name="permission",
            title="Permission",
            description="Gives a feature to the users who are entitled to it.",
            lifetime_days=None,
            sort_order=4,
        ),
        ToggleType(
            name="sunset",
            title="Sunset",
            description="Prepares the removal of an existing feature.",
            lifetime_days=90,
            sort_order=5,
        ),
    ]


def strategies(created_at: datetime) -> list[Strategy]:
    """Return the eight strategies that SDKs implement, with the parameters in rest-contract.md."""
    percentage = _parameter("percentage", "percentage")
    group_id = _parameter(
        "groupId",
        "string",
        "Part of the hash: toggles with the same group select the same users.",
        required=True,
    )
    return [
        _strategy(
            "default",
            "Standard",
            # This description has the exact words of 3.x (contract/rest-v3.yaml, "events-list").
            "Default on or off Strategy.",
            created_at,
        ),
        _strategy(
            "userWithId",
            "Users by ID",
            "On for a list of users.",
            created_at,
            _parameter("userIds", "list"),
        ),
        _strategy(
            "applicationHostname",
            "Hosts",
            "On for applications that run on one of the listed hosts.",
            created_at,
            _parameter("hostNames", "list", "The names of the hosts."),
        ),
        _strategy(
            "remoteAddress",
            "IP addresses",
            "On for clients with one of the listed addresses, or in one of the listed blocks.",
            created_at,
            _parameter("IPs", "list", "Addresses or blocks, such as 10.0.0.0/8.", required=True),
        ),
        _strategy(
            "gradualRolloutRandom",
            "Random rollout",
            "On for a random share of all calls.",
            created_at,
            percentage,
        ),
        _strategy(
            "gradualRolloutSessionId",
            "Rollout by session",
            "On for a share of the sessions; a session always gets the same result.",
            created_at,
            percentage,
            group_id,
        ),
        _strategy(
            "gradualRolloutUserId",
            "Rollout by user",
            "On for a share of the signed-in users; a user always gets the same result.",
            created_at,
            percentage,
            group_id,
        ),
        _strategy(
            "flexibleRollout",
            "Gradual rollout",
            "On for a share of the users, sessions or calls, depending on the stickiness.",
            created_at,
            _parameter("rollout", "percentage"),
            _parameter(
                "stickiness",
                "string",
                "The context field that determines the result, or `random`, or `default`: "
                "the user, or else the session, or else random.",
                required=True,
            ),
            group_id,
        ),
    ]


def context_fields(created_at: datetime) -> list[ContextField]:
    """Return the fields of the context that SDKs set.

    No field is offered for stickiness, as in contract/rest-v3.yaml. The stickiness `default`
    already uses users and sessions.
    """
    described = {
        "environment": "The environment the application runs in.",
        "userId": "The id of the user.",
        "appName": "The name of the application.",
        "currentTime": "The time of the evaluation.",
        "sessionId": "The id of the user's session.",
    }
    return [
        ContextField(
            name=name,
            description=description,
            built_in=True,
            sort_order=sort_order,
            created_at=created_at,
        )
        for sort_order, (name, description) in enumerate(described.items())
    ]


def tag_types(created_at: datetime) -> list[TagType]:
    """Return the default tag type."""
    return [
        TagType(
            name="simple",
            description="A simple label.",
            icon="#",
            created_at=created_at,
        )
    ]


def _parameter(
    name: str, type: str, description: str = "", *, required: bool = False
) -> StrategyParameter:
    return StrategyParameter(name, type, description, required)


def _strategy(
    name: str, title: str, description: str, created_at: datetime, *parameters: StrategyParameter
) -> Strategy:
    return Strategy(
        name=name,
        title=title,
        description=description,
        parameters=parameters,
        built_in=True,
        created_at=created_at,
    )
