"""The JSON bodies of the client API, the frontend API and OFREP in the OpenAPI document.

The code that reads and writes bodies does not use these models. That code must be fast, and SDKs
send values of many types.
"""

from collections.abc import Sequence
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType, field

from rest_compat.http.models import Count, Time
from store.values import Constraint, Variant


class ClientStrategyJson(Struct, kw_only=True, rename="camel"):
    """A strategy. If it contains the constraints of its segments, it has no `segments`."""

    name: str
    constraints: Sequence[Constraint]
    parameters: dict[str, str]
    variants: Sequence[Variant]
    segments: Sequence[Count] | UnsetType = UNSET


class ClientDependencyJson(Struct, kw_only=True, rename="camel"):
    """Another toggle and its required state."""

    feature: str
    enabled: bool
    variants: Sequence[str] | UnsetType = UNSET


class FeatureJson(Struct, kw_only=True, rename="camel"):
    """A toggle. The times are present only if the toggle is requested by name."""

    name: str
    type: str
    enabled: bool
    project: str
    stale: bool
    strategies: Sequence[ClientStrategyJson]
    variants: Sequence[Variant]
    description: str | None
    impression_data: bool
    dependencies: Sequence[ClientDependencyJson] | UnsetType = UNSET
    created_at: Time | UnsetType = UNSET
    last_seen_at: Time | None | UnsetType = UNSET


class ClientSegmentJson(Struct, kw_only=True, rename="camel"):
    """A segment."""

    id: Count
    name: str
    constraints: Sequence[Constraint]


class FeaturesQueryJson(Struct, kw_only=True, rename="camel"):
    """The environment and the filters that selected the toggles."""

    environment: str
    inline_segment_constraints: bool
    project: Sequence[str] | UnsetType = UNSET
    name_prefix: str | UnsetType = UNSET
    tag: Sequence[Sequence[str]] | UnsetType = UNSET


class FeaturesMetaJson(Struct, kw_only=True, rename="camel"):
    """The revision of the toggles, the tag of the body, and a hash of the query."""

    revision_id: int
    etag: str
    query_hash: str


class FeaturesJson(Struct, kw_only=True, rename="camel"):
    """The toggles. The header `ETag` identifies the body."""

    version: Count
    features: Sequence[FeatureJson]
    segments: Sequence[ClientSegmentJson] | UnsetType = UNSET
    query: FeaturesQueryJson
    meta: FeaturesMetaJson


class HydrationJson(Struct, kw_only=True, rename="camel", tag_field="type", tag="hydration"):
    """All toggles and segments. They replace the client's toggles and segments."""

    event_id: Count
    features: Sequence[FeatureJson]
    segments: Sequence[ClientSegmentJson]


class FeatureUpdatedJson(
    Struct, kw_only=True, rename="camel", tag_field="type", tag="feature-updated"
):
    """A new or changed toggle."""

    event_id: Count
    feature: FeatureJson


class FeatureRemovedJson(
    Struct, kw_only=True, rename="camel", tag_field="type", tag="feature-removed"
):
    """A toggle that the client no longer evaluates."""

    event_id: Count
    feature_name: str
    project: str


class SegmentUpdatedJson(
    Struct, kw_only=True, rename="camel", tag_field="type", tag="segment-updated"
):
    """A new or changed segment."""

    event_id: Count
    segment: ClientSegmentJson


class SegmentRemovedJson(
    Struct, kw_only=True, rename="camel", tag_field="type", tag="segment-removed"
):
    """A segment that was deleted."""

    event_id: Count
    segment_id: Count


class DeltaJson(Struct, kw_only=True, rename="camel"):
    """The changes since a revision, or all toggles."""

    events: Sequence[
        HydrationJson
        | FeatureUpdatedJson
        | FeatureRemovedJson
        | SegmentUpdatedJson
        | SegmentRemovedJson
    ]


class _InstanceFields(Struct, kw_only=True, rename="camel"):
    app_name: str
    instance_id: str | UnsetType = UNSET
    connection_id: str | UnsetType = UNSET
    sdk_version: str | UnsetType = UNSET
    platform_name: str | UnsetType = UNSET
    platform_version: str | UnsetType = UNSET
    yggdrasil_version: str | None | UnsetType = UNSET
    spec_version: str | UnsetType = UNSET


class RegistrationJson(_InstanceFields, kw_only=True, rename="camel"):
    """An instance of an application that starts. `interval` is in milliseconds."""

    strategies: Sequence[str]
    started: Time
    interval: int | float


class ToggleCountsJson(Struct, kw_only=True, rename="camel"):
    """The evaluations of a toggle."""

    yes: Count = 0
    no: Count = 0
    variants: dict[str, Count] | None | UnsetType = UNSET


class BucketJson(Struct, kw_only=True, rename="camel"):
    """The counts of a period of time. The keys of `toggles` are the names of toggles."""

    start: Time
    stop: Time
    toggles: dict[str, ToggleCountsJson]


class MetricsJson(_InstanceFields, kw_only=True, rename="camel"):
    """The evaluations of an instance. Without a bucket, a report shows that the instance runs."""

    bucket: BucketJson | None


class BulkApplicationJson(_InstanceFields, kw_only=True, rename="camel"):
    """An instance behind a proxy."""

    environment: str | UnsetType = UNSET
    strategies: Sequence[str] | None | UnsetType = UNSET
    started: Time | None | UnsetType = UNSET
    interval: int | float | None | UnsetType = UNSET


class BulkCountsJson(Struct, kw_only=True, rename="camel"):
    """The counts of one toggle in one application.

    A proxy that sends counts again sends the same `receipt`, so they are counted once. The counts
    of one request may share a receipt. Of such counts, the first may describe the instance that
    reported them.
    """

    feature_name: str
    app_name: str
    environment: str | UnsetType = UNSET
    timestamp: Time | None | UnsetType = UNSET
    receipt: str | None | UnsetType = UNSET
    instance_id: str | None | UnsetType = UNSET
    connection_id: str | None | UnsetType = UNSET
    sdk_version: str | None | UnsetType = UNSET
    yes: Count = 0
    no: Count = 0
    variants: dict[str, Count] | None | UnsetType = UNSET


class BulkMetricsJson(Struct, kw_only=True, rename="camel"):
    """The instances behind a proxy, with their counts."""

    applications: Sequence[BulkApplicationJson]
    metrics: Sequence[BulkCountsJson]


class FrontendContextJson(Struct, kw_only=True, rename="camel"):
    """The context of an evaluation. Unknown keys are properties."""

    user_id: str | UnsetType = UNSET
    session_id: str | UnsetType = UNSET
    remote_address: str | UnsetType = UNSET
    app_name: str | UnsetType = UNSET
    current_time: Time | UnsetType = UNSET
    properties: dict[str, str] | UnsetType = UNSET


class FrontendRequestJson(Struct, kw_only=True, rename="camel"):
    """The context of a client."""

    context: FrontendContextJson | UnsetType = UNSET


class DecidedPayloadJson(Struct, kw_only=True, rename="camel"):
    """The payload of a variant, with its value as a string."""

    type: str
    value: str


class DecidedVariantJson(Struct, kw_only=True):
    """The variant. If no variant was selected, the name is `disabled`.

    Old SDKs read `feature_enabled`.
    """

    name: str
    enabled: bool
    feature_enabled: bool
    feature_enabled_camel: bool = field(name="featureEnabled")
    payload: DecidedPayloadJson | UnsetType = UNSET


class DecidedToggleJson(Struct, kw_only=True, rename="camel"):
    """A toggle that is on for the context, so `enabled` is true."""

    name: str
    enabled: bool
    variant: DecidedVariantJson
    impression_data: bool


class DecidedTogglesJson(Struct, kw_only=True, rename="camel"):
    """The toggles that are on."""

    toggles: Sequence[DecidedToggleJson]


class EvaluationRequestJson(Struct, kw_only=True, rename="camel"):
    """The context of an OpenFeature client; `targetingKey` identifies the user."""

    context: dict[str, Any] | UnsetType = UNSET


class EvaluationJson(Struct, kw_only=True, rename="camel"):
    """The value of a flag, with the reason for the value."""

    key: str
    value: Any
    variant: str
    reason: str
    metadata: dict[str, Any]


class EventStreamEndpointJson(Struct, kw_only=True, rename="camel"):
    """The address of a stream, relative to the origin of the server."""

    request_uri: str


class EventStreamJson(Struct, kw_only=True, rename="camel"):
    """A stream that announces changes."""

    type: Literal["sse"]
    endpoint: EventStreamEndpointJson


class EvaluationsJson(Struct, kw_only=True, rename="camel"):
    """The values of all flags, and the streams that announce changes."""

    flags: Sequence[EvaluationJson]
    event_streams: Sequence[EventStreamJson]


class EvaluationErrorJson(Struct, kw_only=True, rename="camel"):
    """An error. The key `key` is present if the request is for a single flag."""

    key: str | UnsetType = UNSET
    error_code: str
    error_details: str
