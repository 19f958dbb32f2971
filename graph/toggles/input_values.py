"""From the inputs of strategies, constraints and variants to the values that operations take."""

from collections.abc import Sequence

from msgspec import UNSET

from graph.ids import decode_id
from graph.toggles.inputs import (
    ConstraintInput,
    ParameterValueInput,
    ToggleStrategyInput,
    VariantInput,
)
from store.errors import InvalidError, Path, Problems
from store.operations.inputs import StrategySpec
from store.operations.text import display
from store.operations.variants import VariantSpec, distribute_weights
from store.values import Constraint, Variant, VariantOverride, VariantPayload

# A placeholder for an ID that cannot be read, so that its neighbours keep their places.
_NO_SEGMENT = -1


def strategy_specs(
    inputs: Sequence[ToggleStrategyInput], *, path: Path, problems: Problems
) -> tuple[StrategySpec, ...]:
    """The strategies of a whole configuration."""
    return tuple(
        strategy_spec(it, path=(*path, str(place)), problems=problems)
        for place, it in enumerate(inputs)
    )


def strategy_spec(input: ToggleStrategyInput, *, path: Path, problems: Problems) -> StrategySpec:
    """A strategy to configure; what it leaves empty stays out of what is stored."""
    return StrategySpec(
        name=input.name,
        title=input.title,
        disabled=input.disabled,
        parameters=parameter_values(input.parameters, path=(*path, "parameters"), problems=problems)
        or UNSET,
        constraints=constraints(input.constraints) or UNSET,
        segments=segment_ids(input.segments, path=(*path, "segments"), problems=problems),
        variants=variants(input.variants, path=(*path, "variants"), problems=problems) or UNSET,
    )


def parameter_values(
    inputs: Sequence[ParameterValueInput], *, path: Path, problems: Problems
) -> dict[str, str]:
    """The values of a strategy's parameters by name."""
    values: dict[str, str] = {}
    for place, it in enumerate(inputs):
        if it.name in values:
            problems.invalid(
                f"The parameter '{display(it.name)}' is given more than once.",
                rule="parameters-unique",
                path=(*path, str(place), "name"),
            )
        values[it.name] = it.value
    return values


def constraints(inputs: Sequence[ConstraintInput]) -> tuple[Constraint, ...]:
    """The constraints; flags at their defaults stay out of what is stored."""
    return tuple(
        Constraint(
            context_name=it.context_name,
            operator=it.operator.value,
            values=tuple(it.values),
            inverted=it.inverted or UNSET,
            case_insensitive=it.case_insensitive or UNSET,
        )
        for it in inputs
    )


def segment_ids(ids: Sequence[str], *, path: Path, problems: Problems) -> tuple[int, ...]:
    """The keys of segments from their global IDs."""
    return tuple(
        _segment_id(it, path=(*path, str(place)), problems=problems) for place, it in enumerate(ids)
    )


def _segment_id(id: str, *, path: Path, problems: Problems) -> int:
    try:
        return decode_segment_id(id, path=path)
    except InvalidError as error:
        problems.add(error)
        return _NO_SEGMENT


def decode_segment_id(id: str, *, path: Path) -> int:
    """The key of a segment from its global ID.

    Raises: InvalidError.
    """
    key = decode_id(id, "Segment", path=path)
    if not (key.isascii() and key.isdigit() and len(key) <= 18):
        raise InvalidError(f"'{display(id)}' is not the ID of Segment.", rule="id", path=path)
    return int(key)


def variants(
    inputs: Sequence[VariantInput], *, path: Path, problems: Problems
) -> tuple[Variant, ...]:
    """The variants, with the weights that are not fixed shared out."""
    specs = [
        VariantSpec(
            name=it.name,
            weight_type=it.weight_type.value,
            weight=it.weight,
            stickiness=it.stickiness,
            payload=VariantPayload(it.payload.type.value, it.payload.value)
            if it.payload is not None
            else UNSET,
            overrides=tuple(VariantOverride(o.context_name, tuple(o.values)) for o in it.overrides)
            or UNSET,
        )
        for it in inputs
    ]
    return distribute_weights(specs, path=path, problems=problems) if specs else ()
