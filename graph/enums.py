"""The enums of GraphQL, including enums of the store, with a description for each value.

GraphQL types import enums from this module and not from the store. This ensures that an enum has
its descriptions before a field refers to the enum.
"""

from enum import EnumMeta, StrEnum

from strawberry.types.enum import EnumValue, StrawberryEnumDefinition

from store.events import ChangeSetState, EventType, RefusalCode
from store.lifecycle import LifecycleStage
from store.model import ActorKind, ApiTokenType, EnvironmentType, WebhookFormat
from store.transfer.context import ImportMode
from store.transfer.writing import StateFormat
from store.usage.series import MetricsDimension, MetricsInterval
from store.warnings import WarningCode
from store.webhooks.deliveries import DeliveryState as WebhookDeliveryState


class OrderDirection(StrEnum):
    ASC = "asc"
    DESC = "desc"


class VariantWeightType(StrEnum):
    VARIABLE = "variable"
    FIX = "fix"


class VariantPayloadType(StrEnum):
    STRING = "string"
    NUMBER = "number"
    JSON = "json"
    CSV = "csv"


class StrategyParameterType(StrEnum):
    STRING = "string"
    NUMBER = "number"
    PERCENTAGE = "percentage"
    BOOLEAN = "boolean"
    LIST = "list"


class ConstraintOperator(StrEnum):
    IN = "IN"
    NOT_IN = "NOT_IN"
    STR_STARTS_WITH = "STR_STARTS_WITH"
    STR_ENDS_WITH = "STR_ENDS_WITH"
    STR_CONTAINS = "STR_CONTAINS"
    NUM_EQ = "NUM_EQ"
    NUM_GT = "NUM_GT"
    NUM_GTE = "NUM_GTE"
    NUM_LT = "NUM_LT"
    NUM_LTE = "NUM_LTE"
    DATE_AFTER = "DATE_AFTER"
    DATE_BEFORE = "DATE_BEFORE"
    SEMVER_EQ = "SEMVER_EQ"
    SEMVER_GT = "SEMVER_GT"
    SEMVER_GTE = "SEMVER_GTE"
    SEMVER_LT = "SEMVER_LT"
    SEMVER_LTE = "SEMVER_LTE"
    REGEX = "REGEX"
    IN_CIDR = "IN_CIDR"


class Staleness(StrEnum):
    ACTIVE = "active"
    POTENTIALLY_STALE = "potentially-stale"
    STALE = "stale"


class ToggleOrderField(StrEnum):
    NAME = "name"
    TYPE = "type"
    PROJECT = "project"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"
    LAST_SEEN_AT = "last_seen_at"
    EXPIRES_AT = "expires_at"


class ApplicationOrderField(StrEnum):
    NAME = "name"
    CREATED_AT = "created_at"
    LAST_SEEN_AT = "last_seen_at"


class FieldChangeKind(StrEnum):
    ADDED = "ADDED"
    REMOVED = "REMOVED"
    CHANGED = "CHANGED"


def describe(enum: EnumMeta, description: str, *, name: str = "", **values: str) -> None:
    """Register an enum with GraphQL. Its values are the member names, each with a description.

    If the GraphQL name differs from the name of the class, `name` is the GraphQL name. The store's
    enums do not depend on GraphQL, so this function attaches the definition to them.
    """
    members = list[StrEnum](enum)  # pyright: ignore[reportArgumentType] (an EnumMeta iterates over its members)
    enum.__strawberry_definition__ = StrawberryEnumDefinition(  # pyright: ignore[reportAttributeAccessIssue] (read by Strawberry)
        wrapped_cls=enum,
        name=name or enum.__name__,
        values=[
            EnumValue(member.name, member.value, description=values.pop(member.name))
            for member in members
        ],
        description=description,
    )
    if values:
        raise ValueError(f"{enum.__name__} has no {', '.join(values)}")


describe(
    OrderDirection,
    "The direction of a sort.",
    ASC="Ascending: from small to large, from A to Z, from old to new.",
    DESC="Descending: from large to small, from Z to A, from new to old.",
)
describe(
    ActorKind,
    "The kinds of parties that make changes.",
    TOKEN="A holder of an API token.",
    SYSTEM="The server itself.",
    ANONYMOUS="An unidentified caller on a server that runs without authentication.",
)
describe(
    VariantWeightType,
    "How a variant's weight is determined.",
    VARIABLE="The weight is an equal share of the weight that fixed variants do not use.",
    FIX="The weight is the given number.",
)
describe(
    VariantPayloadType,
    "The formats of variant payloads.",
    STRING="Plain text.",
    NUMBER="A number in decimal notation.",
    JSON="A JSON document.",
    CSV="Values separated by commas.",
)
describe(
    StrategyParameterType,
    "The types of strategy parameters' values.",
    STRING="A line of text.",
    NUMBER="A number.",
    PERCENTAGE="A number from 0 to 100.",
    BOOLEAN="True or false.",
    LIST="Values separated by commas.",
)
describe(
    ConstraintOperator,
    "How a constraint compares the context with its values.",
    IN="The context value is one of the constraint's values.",
    NOT_IN="The context value is not one of the constraint's values.",
    STR_STARTS_WITH="The context value begins with one of the constraint's values.",
    STR_ENDS_WITH="The context value ends with one of the constraint's values.",
    STR_CONTAINS="The context value contains one of the constraint's values.",
    NUM_EQ="The context value is a number equal to the constraint's value.",
    NUM_GT="The context value is a number above the constraint's value.",
    NUM_GTE="The context value is a number at or above the constraint's value.",
    NUM_LT="The context value is a number below the constraint's value.",
    NUM_LTE="The context value is a number at or below the constraint's value.",
    DATE_AFTER="The context value is later than the constraint's value.",
    DATE_BEFORE="The context value is earlier than the constraint's value.",
    SEMVER_EQ="The context value is the same semantic version as the constraint's value.",
    SEMVER_GT="The context value is a later semantic version than the constraint's value.",
    SEMVER_GTE=(
        "The context value is the same semantic version as the constraint's value, or a later one."
    ),
    SEMVER_LT="The context value is an earlier semantic version than the constraint's value.",
    SEMVER_LTE=(
        "The context value is the same semantic version as the constraint's value, or an "
        "earlier one."
    ),
    REGEX="The context value matches the regular expression in the constraint's value.",
    IN_CIDR="The context value is an address in one of the constraint's address blocks.",
)
describe(
    Staleness,
    "Whether a toggle is past its expected lifetime or marked as stale.",
    ACTIVE="The toggle is within its expected lifetime.",
    POTENTIALLY_STALE="The toggle is past its expected lifetime, but not marked as stale.",
    STALE="The toggle is marked as ready for removal.",
)
describe(
    LifecycleStage,
    "The stages in the life of a toggle.",
    INITIAL="No application has reported the toggle yet.",
    PRE_LIVE="Applications have reported the toggle, but not from a production environment.",
    LIVE="Applications have reported the toggle from a production environment.",
    COMPLETED="The toggle is marked as stale, and should be removed from the code.",
    ARCHIVED="The toggle is archived and no longer served.",
)
describe(
    MetricsInterval,
    "The lengths of time that a metrics bucket can cover.",
    MINUTE="One minute. Counts by minute are stored for two hours.",
    HOUR="One hour.",
    DAY="One day in UTC.",
)
describe(
    MetricsDimension,
    "The dimensions by which usage counts can be split.",
    ENVIRONMENT="One series per environment.",
    APPLICATION="One series per application.",
)
describe(
    ToggleOrderField,
    "The fields by which toggles can be sorted.",
    NAME="The name.",
    TYPE="The toggle type.",
    PROJECT="The project.",
    CREATED_AT="The time of creation.",
    UPDATED_AT="The time of the last change.",
    LAST_SEEN_AT="The time of the last report. Toggles that were never reported come last.",
    EXPIRES_AT="The end of the expected lifetime. Toggles with an unlimited lifetime come last.",
)
describe(
    ApplicationOrderField,
    "The fields by which applications can be sorted.",
    NAME="The name.",
    CREATED_AT="The time of the first report.",
    LAST_SEEN_AT="The time of the last report.",
)
describe(
    EnvironmentType,
    "The purposes of environments.",
    DEVELOPMENT="Day-to-day work.",
    TEST="Automated and manual tests.",
    PRE_PRODUCTION="Tests under the conditions of production.",
    PRODUCTION="Real users.",
)
describe(
    ApiTokenType,
    "The types of tokens, which determine what their holders may do.",
    ADMIN="The holder may read and change everything.",
    VIEWER="The holder may read everything except tokens, and may change nothing.",
    CLIENT="The holder may fetch toggles and report metrics, as a server-side SDK does.",
    FRONTEND=(
        "The holder may fetch evaluated toggles and report metrics, as a browser or mobile "
        "SDK does."
    ),
)
describe(
    WarningCode,
    "The kinds of risk in a change.",
    name="ChangeWarningCode",
    STILL_IN_USE="Applications reported the toggle in the last 24 hours.",
    HAS_DEPENDENTS="Other toggles depend on this toggle.",
    NO_EFFECT="The object is already in the requested state.",
    UNKNOWN_STRATEGY="No strategy with this name is defined.",
    STRATEGY_NOT_IMPLEMENTED="An application that uses the toggle does not implement the strategy.",
    VARIANTS_REDISTRIBUTED="Some users will get a different variant.",
    ILLEGAL_VALUE="A constraint uses a value outside the legal values of its context field.",
)
describe(
    FieldChangeKind,
    "The kinds of differences.",
    ADDED="The value was added.",
    REMOVED="The value was removed.",
    CHANGED="The value changed.",
)
describe(
    EventType,
    "The types of events.",
    TOGGLE_CREATED="A toggle was created.",
    TOGGLE_UPDATED="A toggle changed in fields that apply to all environments.",
    TOGGLE_CONFIGURED=(
        "The state, strategies and variants of a toggle in an environment were replaced together."
    ),
    TOGGLE_ENABLED="A toggle was switched on in an environment.",
    TOGGLE_DISABLED="A toggle was switched off in an environment.",
    TOGGLE_STRATEGY_ADDED="A strategy was added to a toggle.",
    TOGGLE_STRATEGY_UPDATED="A strategy on a toggle changed.",
    TOGGLE_STRATEGY_REMOVED="A strategy was removed from a toggle.",
    TOGGLE_STRATEGIES_REORDERED="The strategies on a toggle were reordered.",
    TOGGLE_VARIANTS_UPDATED="The variants of a toggle changed.",
    TOGGLE_TAGGED="A tag was added to a toggle.",
    TOGGLE_UNTAGGED="A tag was removed from a toggle.",
    TOGGLE_STALE_ON="A toggle was marked stale.",
    TOGGLE_STALE_OFF="A toggle is no longer marked stale.",
    TOGGLE_POTENTIALLY_STALE_ON="A toggle outlived its expected lifetime.",
    TOGGLE_DEPENDENCIES_UPDATED="The dependencies of a toggle changed.",
    TOGGLE_ARCHIVED="A toggle was archived.",
    TOGGLE_REVIVED="An archived toggle was revived.",
    TOGGLE_DELETED="An archived toggle was deleted permanently.",
    TOGGLE_TYPE_UPDATED="The expected lifetime of a toggle type changed.",
    STRATEGY_CREATED="A strategy was defined.",
    STRATEGY_UPDATED="The definition of a strategy changed.",
    STRATEGY_DEPRECATED="A strategy was deprecated.",
    STRATEGY_REACTIVATED="A strategy is no longer deprecated.",
    STRATEGY_DELETED="The definition of a strategy was deleted.",
    APPLICATION_CREATED="An application reported for the first time.",
    APPLICATION_UPDATED="An application changed.",
    APPLICATION_DELETED="An application was deleted.",
    ENVIRONMENT_CREATED="An environment was created.",
    ENVIRONMENT_UPDATED="An environment changed.",
    ENVIRONMENT_DELETED="An environment was deleted.",
    PROJECT_CREATED="A project was created.",
    PROJECT_UPDATED="A project changed.",
    PROJECT_DELETED="A project was deleted.",
    SEGMENT_CREATED="A segment was created.",
    SEGMENT_UPDATED="A segment changed.",
    SEGMENT_DELETED="A segment was deleted.",
    CONTEXT_FIELD_CREATED="A context field was defined.",
    CONTEXT_FIELD_UPDATED="A context field changed.",
    CONTEXT_FIELD_DELETED="A context field was deleted.",
    TAG_TYPE_CREATED="A tag type was created.",
    TAG_TYPE_UPDATED="A tag type changed.",
    TAG_TYPE_DELETED="A tag type was deleted.",
    TAG_CREATED="A tag was created.",
    TAG_DELETED="A tag was deleted.",
    API_TOKEN_CREATED="An API token was created.",
    API_TOKEN_UPDATED="An API token changed.",
    API_TOKEN_REVOKED="An API token was revoked.",
    WEBHOOK_CREATED="A webhook was created.",
    WEBHOOK_UPDATED="A webhook changed.",
    WEBHOOK_DELETED="A webhook was deleted.",
    WEBHOOK_TESTED="A webhook was tested. Only the tested webhook gets the event.",
    CHANGE_SET_SCHEDULED="A change set or a rollout was scheduled.",
    CHANGE_SET_APPLIED="A change set or the last step of a rollout was applied.",
    CHANGE_SET_STEP_APPLIED="A step of a rollout was applied.",
    CHANGE_SET_PAUSED="A rollout was paused.",
    CHANGE_SET_RESUMED="A paused rollout was resumed.",
    CHANGE_SET_CANCELLED=(
        "A scheduled change set or the remaining steps of a rollout were cancelled."
    ),
    CHANGE_SET_REFUSED="A scheduled change set or a step of a rollout could not be applied.",
    STATE_IMPORTED="A state document was imported.",
    OTHER=(
        "An imported event of an Unleash server, of a type that this server does not record. "
        "wireType is the type."
    ),
)
describe(
    ChangeSetState,
    "The states of a change set, and of a step of a rollout.",
    SCHEDULED="The change set or step will be applied later.",
    APPLIED="The change set or step was applied. A rollout has this state after its last step.",
    CANCELLED=(
        "The change set or step was cancelled before it was applied. A rollout has this state if "
        "it was cancelled before its last step."
    ),
    REFUSED=(
        "The change set or step was not applied. The field `refusal` of the change set has the "
        "reason."
    ),
)
describe(
    RefusalCode,
    "The kinds of reasons why a scheduled change set was not applied.",
    name="ChangeSetRefusalCode",
    UNAUTHENTICATED="The creator's token no longer exists or has expired.",
    FORBIDDEN="The creator may no longer make changes.",
    REVISION_CONFLICT="An object has changed since the change set was scheduled.",
    NOT_FOUND="A referenced object no longer exists.",
    ALREADY_EXISTS="The name for a new object is already taken.",
    IN_USE="An object cannot be removed, because other objects refer to it.",
    BUILT_IN="An object is built in and does not allow the change.",
    WRONG_STATE="An object is not in a state that allows the change.",
    LIMIT_EXCEEDED="A limit of the server would be exceeded.",
    INVALID="A value breaks a rule.",
    FAULT="The server failed; its log has the details.",
)
describe(
    StateFormat,
    "The text formats of a state document.",
    JSON="The text is JSON.",
    YAML="The text is YAML.",
)
describe(
    ImportMode,
    "The ways in which an import treats existing objects.",
    name="StateImportMode",
    MERGE="Create missing objects, and overwrite existing objects that the document contains.",
    KEEP_EXISTING="Create missing objects, and leave existing ones unchanged.",
    REPLACE_ALL=(
        "Like `MERGE`, and also remove all toggles and custom strategies that the document does "
        "not contain. With a state export, remove the other objects of each of its sections. Batch "
        "exports do not accept it."
    ),
)
describe(
    WebhookFormat,
    "The formats of the bodies that webhooks send.",
    GENERIC="A JSON object with the event, and its object before and after the change.",
    SLACK="A message for an incoming webhook of Slack.",
    TEAMS="A message with an Adaptive Card for a workflow of Microsoft Teams.",
    UNLEASH="The event as in Unleash's admin API, or the template that an addons client stored.",
)
describe(
    WebhookDeliveryState,
    "The states of a delivery to a webhook.",
    name="WebhookDeliveryState",
    WAITING="The first or the next attempt is still to come.",
    DELIVERED="The receiver answered with a status from 200 to 299.",
    FAILED="All attempts have failed.",
)
