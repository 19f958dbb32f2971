"""The immutable objects of the domain.

Changes replace objects and never mutate them. Values derived from an object, such as bytes for
SDKs, may therefore be cached in the object's `__dict__`.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from store.values import (
    Constraint,
    Dependency,
    LegalValue,
    StrategyParameter,
    Tag,
    Variant,
)

DEFAULT_ENVIRONMENT = "default"
DEFAULT_PROJECT = "default"
DEFAULT_TOGGLE_TYPE = "release"
DEFAULT_STRATEGY = "default"


class ActorKind(StrEnum):
    """The kind of party that makes a change."""

    TOKEN = "token"
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


class EnvironmentType(StrEnum):
    """The purpose of an environment; Unleash has the same values."""

    DEVELOPMENT = "development"
    TEST = "test"
    PRE_PRODUCTION = "pre-production"
    PRODUCTION = "production"


class ApiTokenType(StrEnum):
    """The type of an API token, which determines its permissions."""

    ADMIN = "admin"
    VIEWER = "viewer"
    CLIENT = "client"
    FRONTEND = "frontend"


class WebhookFormat(StrEnum):
    """The format of the bodies that a webhook sends."""

    GENERIC = "generic"
    SLACK = "slack"
    TEAMS = "teams"
    UNLEASH = "unleash"


class Actor(Struct, frozen=True, gc=False, rename="camel"):
    """The party that makes a change: its display name and, for token holders, the token's id."""

    name: str
    kind: ActorKind
    token_id: str | None = None


SYSTEM = Actor("flagstaff", ActorKind.SYSTEM)
ANONYMOUS = Actor("anonymous", ActorKind.ANONYMOUS)


class Entity(Struct, frozen=True, kw_only=True, dict=True, rename="camel", eq=True):
    """Base of objects with an identity; `revision` is the revision of the object's last change."""

    revision: int = 0


class ToggleStrategy(Struct, frozen=True, kw_only=True, dict=True, rename="camel"):
    """An activation strategy of a toggle in one environment.

    If a REST client omitted a field, it is UNSET. If a client sent null as `constraints`,
    `constraints` is None.
    """

    id: str
    toggle_id: str
    environment: str
    name: str
    title: str = ""
    disabled: bool = False
    sort_order: int = 0
    parameters: dict[str, Any] | UnsetType = UNSET
    constraints: tuple[Constraint, ...] | None | UnsetType = UNSET
    segments: tuple[int, ...] = ()
    variants: tuple[Variant, ...] | UnsetType = UNSET


class ToggleEnvironment(Entity, frozen=True, kw_only=True, dict=True, rename="camel"):
    """The configuration of a toggle in one environment."""

    toggle_id: str
    environment: str
    enabled: bool = False
    strategies: tuple[ToggleStrategy, ...] = ()
    variants: tuple[Variant, ...] | None | UnsetType = UNSET
    updated_at: datetime


class Toggle(Entity, frozen=True, kw_only=True, dict=True, rename="camel"):
    """A feature toggle with its configurations in all environments.

    `type` and `project` are names. `environments` has only configured environments; see
    `in_environment`.
    """

    id: str
    name: str
    description: str | None = None
    type: str = DEFAULT_TOGGLE_TYPE
    project: str = DEFAULT_PROJECT
    impression_data: bool = False
    stale_at: datetime | None = None
    archived_at: datetime | None = None
    created_at: datetime
    created_by: Actor | None = None
    updated_at: datetime
    tags: tuple[Tag, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    environments: dict[str, ToggleEnvironment] = {}

    @property
    def stale(self) -> bool:
        """Whether the toggle is marked as ready for removal from the code."""
        return self.stale_at is not None

    @property
    def archived(self) -> bool:
        """Whether the toggle is archived and no longer served to SDKs."""
        return self.archived_at is not None

    def in_environment(self, environment: str) -> ToggleEnvironment:
        """Return the configuration in an environment; the default is off, at revision 0."""
        configured = self.environments.get(environment)
        if configured is not None:
            return configured
        return ToggleEnvironment(
            toggle_id=self.id, environment=environment, updated_at=self.created_at
        )


class Strategy(Entity, frozen=True, kw_only=True, dict=True, rename="camel"):
    """The definition of an activation strategy."""

    name: str
    title: str
    description: str | None = None
    parameters: tuple[StrategyParameter, ...] = ()
    built_in: bool = False
    deprecated: bool = False
    created_at: datetime


class Environment(Entity, frozen=True, kw_only=True, dict=True, rename="camel"):
    """A stage of delivery; `served_revision` is the last revision that changed its features."""

    name: str
    type: EnvironmentType
    enabled: bool = True
    sort_order: int = 0
    created_at: datetime
    served_revision: int = 0

    @property
    def built_in(self) -> bool:
        """Whether this is the environment that every installation has."""
        return self.name == DEFAULT_ENVIRONMENT


class Project(Entity, frozen=True, kw_only=True, dict=True, rename="camel"):
    """A group of toggles; not `declared` if it exists only because toggles name it."""

    name: str
    title: str
    description: str = ""
    declared: bool = True
    created_at: datetime

    @property
    def built_in(self) -> bool:
        """Whether this is the project that every installation has."""
        return self.name == DEFAULT_PROJECT


class ToggleType(Entity, frozen=True, kw_only=True, dict=True, rename="camel"):
    """A kind of toggle; not `declared` if it exists only because toggles name it."""

    name: str
    title: str
    description: str = ""
    lifetime_days: int | None = None
    sort_order: int = 0
    declared: bool = True


class Segment(Entity, frozen=True, kw_only=True, dict=True, rename="camel"):
    """A named set of constraints. The id is an integer, because SDKs require that."""

    id: int
    name: str
    description: str | None = None
    constraints: tuple[Constraint, ...] = ()
    created_at: datetime
    created_by: Actor | None = None


class ContextField(Entity, frozen=True, kw_only=True, dict=True, rename="camel"):
    """A field of the context that constraints can test."""

    name: str
    description: str | None = None
    legal_values: tuple[LegalValue, ...] = ()
    stickiness: bool = False
    built_in: bool = False
    sort_order: int = 10
    created_at: datetime


class TagType(Entity, frozen=True, kw_only=True, dict=True, rename="camel"):
    """A kind of tag."""

    name: str
    description: str | None = None
    icon: str | None = None
    color: str | None = None
    created_at: datetime


class ApiToken(Entity, frozen=True, kw_only=True, dict=True, rename="camel"):
    """An API token; only the SHA-256 of its secret is stored.

    If `projects` is empty, the token can access all projects.
    """

    id: str
    name: str
    type: ApiTokenType
    environment: str | None = None
    projects: tuple[str, ...] = ()
    hint: str
    secret_hash: str
    created_at: datetime
    created_by: Actor | None = None
    expires_at: datetime | None = None

    def expired(self, now: datetime) -> bool:
        """Whether the token has expired at `now`."""
        return self.expires_at is not None and self.expires_at <= now


class Addon(Struct, frozen=True, rename="camel"):
    """What a client of the addons API stored: its names of events, and further parameters."""

    events: tuple[str, ...] = ()
    parameters: dict[str, str | int | float | bool] = {}


class Webhook(Entity, frozen=True, kw_only=True, dict=True, rename="camel"):
    """An endpoint that gets events.

    `event_types` contains values of `EventType`; None selects all types. Empty `projects` or
    `environments` select all. Events without a project or environment match each selection. Only
    events after the revision `active_since` are sent.
    """

    id: int
    name: str
    description: str | None = None
    receiver_url: str
    format: WebhookFormat = WebhookFormat.GENERIC
    event_types: tuple[str, ...] | None = None
    projects: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    enabled: bool = True
    active_since: int = 0
    signing_secret: str
    addon: Addon | None = None
    created_at: datetime
    created_by: Actor | None = None
