"""Parse the messages and features bodies of the primary.

Unknown fields are ignored, because the primary may be of a newer release.
"""

import logging
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType, field

from flagstaff.reader.upstream import UpstreamError
from store.values import (
    Constraint,
    Dependency,
    Variant,
    VariantOverride,
    VariantPayload,
    parameter_string,
)

_log = logging.getLogger(__name__)


class _Constraint(Struct, rename="camel"):
    context_name: str
    operator: str
    values: tuple[str, ...] | None = None
    value: str | None = None
    inverted: bool | None = None
    case_insensitive: bool | None = None

    def read(self) -> Constraint:
        return Constraint(
            self.context_name,
            self.operator,
            _or_unset(self.values),
            _or_unset(self.value),
            _or_unset(self.inverted),
            _or_unset(self.case_insensitive),
        )


class _Override(Struct, rename="camel"):
    context_name: str
    values: tuple[str, ...] | None = None


class _Variant(Struct, rename="camel"):
    name: str
    weight: int | float
    weight_type: str | None = None
    stickiness: str | None = None
    payload: VariantPayload | None = None
    overrides: tuple[_Override, ...] | None = None

    def read(self) -> Variant:
        overrides: tuple[VariantOverride, ...] | UnsetType = UNSET
        if self.overrides is not None:
            overrides = tuple(
                VariantOverride(each.context_name, _or_unset(each.values))
                for each in self.overrides
            )
        return Variant(
            self.name,
            self.weight,
            _or_unset(self.weight_type),
            _or_unset(self.stickiness),
            _or_unset(self.payload),
            overrides,
        )


class _Strategy(Struct):
    name: str
    constraints: tuple[_Constraint, ...] | None = None
    parameters: dict[str, Any] | None = None
    variants: tuple[_Variant, ...] | None = None
    segments: tuple[int, ...] | None = None


class _Dependency(Struct):
    feature: str
    enabled: bool = True
    variants: tuple[str, ...] | None = None


class _Feature(Struct, rename="camel"):
    name: str
    enabled: bool
    type: str = "release"
    project: str = "default"
    stale: bool = False
    strategies: tuple[_Strategy, ...] = ()
    variants: tuple[_Variant, ...] | None = None
    description: str | None = None
    impression_data: bool | None = False
    dependencies: tuple[_Dependency, ...] | None = None


class _Segment(Struct):
    id: int
    constraints: tuple[_Constraint, ...]
    name: str = ""


class ReadStrategy(Struct, frozen=True):
    """A strategy of a toggle that was read."""

    name: str
    constraints: tuple[Constraint, ...]
    parameters: dict[str, str]
    variants: tuple[Variant, ...]
    segments: tuple[int, ...]


class ReadToggle(Struct, frozen=True):
    """The state of a toggle in one environment."""

    name: str
    type: str
    project: str
    enabled: bool
    stale: bool
    description: str | None
    impression_data: bool
    strategies: tuple[ReadStrategy, ...]
    variants: tuple[Variant, ...]
    dependencies: tuple[Dependency, ...]


class ReadSegment(Struct, frozen=True):
    """A segment that was read."""

    id: int
    name: str
    constraints: tuple[Constraint, ...]


class News(Struct):
    """Changes in the scope of a token. None means that an object was removed.

    If `is_complete`, the toggles and segments are all that exist in the scope.
    """

    is_complete: bool = False
    toggles: dict[str, ReadToggle | None] = {}
    segments: dict[int, ReadSegment | None] = {}


class _Message(Struct):
    events: list[Raw]


class _Head(Struct):
    type: str


class _Features(Struct):
    features: tuple[_Feature, ...]
    segments: tuple[_Segment, ...] | None = None


class _FeatureUpdated(Struct):
    feature: _Feature


class _FeatureRemoved(Struct, rename="camel"):
    feature_name: str


class _SegmentUpdated(Struct):
    segment: _Segment


class _SegmentRemoved(Struct):
    id: int = field(name="segmentId")


_decode_message = msgspec.json.Decoder(_Message).decode
_decode_head = msgspec.json.Decoder(_Head).decode
_decode_features = msgspec.json.Decoder(_Features).decode


def read_message(data: bytes) -> News:
    """Read the data of an event of the stream.

    Raises: UpstreamError: the data is not of the form that SDKs get.
    """
    news = News()
    try:
        for event in _decode_message(data).events:
            _add_event(news, event)
    except msgspec.DecodeError as error:
        raise _unreadable(error) from None
    _check_segments(news)
    return news


def read_features(body: bytes) -> News:
    """Read a features body.

    Raises: UpstreamError: see `read_message`.
    """
    news = News()
    try:
        _add_all(news, _decode_features(body))
    except msgspec.DecodeError as error:
        raise _unreadable(error) from None
    _check_segments(news)
    return news


def _add_event(news: News, event: Raw) -> None:
    match _decode_head(event).type:
        case "hydration":
            _add_all(news, _decode_features(event))
        case "feature-updated":
            updated = msgspec.json.decode(event, type=_FeatureUpdated).feature
            news.toggles[updated.name] = _toggle(updated)
        case "feature-removed":
            news.toggles[msgspec.json.decode(event, type=_FeatureRemoved).feature_name] = None
        case "segment-updated":
            segment = msgspec.json.decode(event, type=_SegmentUpdated).segment
            news.segments[segment.id] = _segment(segment)
        case "segment-removed":
            news.segments[msgspec.json.decode(event, type=_SegmentRemoved).id] = None
        case unknown:
            _log.warning(
                "The primary sent an event of the unknown type %r, which is ignored: upgrade this "
                "reader",
                unknown[:50],
            )


def _add_all(news: News, body: _Features) -> None:
    news.is_complete = True
    news.toggles = {feature.name: _toggle(feature) for feature in body.features}
    news.segments = {segment.id: _segment(segment) for segment in body.segments or ()}


def _check_segments(news: News) -> None:
    """Check that a complete list of toggles has all the segments that the toggles use."""
    if not news.is_complete:
        return
    for toggle in filter(None, news.toggles.values()):
        for strategy in toggle.strategies:
            for number in strategy.segments:
                if news.segments.get(number) is None:
                    raise UpstreamError(
                        f"The primary sent the toggle {toggle.name!r} without its segment {number}."
                    )


def _toggle(feature: _Feature) -> ReadToggle:
    return ReadToggle(
        name=feature.name,
        type=feature.type,
        project=feature.project,
        enabled=feature.enabled,
        stale=feature.stale,
        description=feature.description,
        impression_data=bool(feature.impression_data),
        strategies=tuple(map(_strategy, feature.strategies)),
        variants=_variants(feature.variants),
        dependencies=tuple(
            Dependency(each.feature, each.enabled, each.variants or ())
            for each in feature.dependencies or ()
        ),
    )


def _strategy(strategy: _Strategy) -> ReadStrategy:
    parameters = strategy.parameters or {}
    return ReadStrategy(
        strategy.name,
        _constraints(strategy.constraints or ()),
        {name: parameter_string(value) for name, value in parameters.items()},
        _variants(strategy.variants),
        strategy.segments or (),
    )


def _segment(segment: _Segment) -> ReadSegment:
    return ReadSegment(segment.id, segment.name, _constraints(segment.constraints))


def _constraints(constraints: Iterable[_Constraint]) -> tuple[Constraint, ...]:
    return tuple(constraint.read() for constraint in constraints)


def _variants(variants: Sequence[_Variant] | None) -> tuple[Variant, ...]:
    return tuple(variant.read() for variant in variants or ())


def _or_unset(value: Any) -> Any:
    return UNSET if value is None else value


def _unreadable(error: msgspec.DecodeError) -> UpstreamError:
    return UpstreamError(f"The primary sent toggles that cannot be read: {error}.")
