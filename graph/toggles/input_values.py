"""Convert the inputs of strategies, constraints and variants to the values of operations."""

from collections.abc import Sequence

from msgspec import UNSET

from graph.ids import decode_id
from graph.toggles.inputs import (
    ConstraintInput,
    ParameterValueInput,
    ToggleStrategyInput,
    VariantInput,
    VariantOverrideInput,
    VariantPayloadInput,
)
from store.errors import InvalidError, Path, Problems
from store.operations.inputs import StrategySpec
from store.operations.strings import display
from store.operations.variants import VariantSpec, distribute_weights
from store.values import Constraint, Variant, VariantOverride, VariantPayload

# Replaces a malformed ID, so that the other IDs keep their positions in the list.
_NO_SEGMENT = -1


def strategy_specs(
    inputs: Sequence[ToggleStrategyInput], *, path: Path, problems: Problems
) -> tuple[StrategySpec, ...]:
    """Return the strategies of a configuration."""
    return tuple(
        strategy_spec(strategy, path=(*path, str(index)), problems=problems)
        for index, strategy in enumerate(inputs)
    )


def strategy_spec(input: ToggleStrategyInput, *, path: Path, problems: Problems) -> StrategySpec:
    """Return the strategy of an input. Empty parts are not stored."""
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
    """Return the values of a strategy's parameters by name."""
    values: dict[str, str] = {}
    for index, parameter in enumerate(inputs):
        if parameter.name in values:
            problems.invalid(
                f"The parameter '{display(parameter.name)}' is given more than once.",
                rule="parameters-unique",
                path=(*path, str(index), "name"),
            )
        values[parameter.name] = parameter.value
    return values


def constraints(inputs: Sequence[ConstraintInput]) -> tuple[Constraint, ...]:
    """Return the constraints of inputs. Booleans with default values are not stored."""
    return tuple(
        Constraint(
            context_name=constraint.context_name,
            operator=constraint.operator.value,
            values=tuple(constraint.values),
            inverted=constraint.inverted or UNSET,
            case_insensitive=constraint.case_insensitive or UNSET,
        )
        for constraint in inputs
    )


def segment_ids(ids: Sequence[str], *, path: Path, problems: Problems) -> tuple[int, ...]:
    """Return the keys of segments from their global IDs."""
    return tuple(
        _segment_id(id, path=(*path, str(index)), problems=problems) for index, id in enumerate(ids)
    )


def _segment_id(id: str, *, path: Path, problems: Problems) -> int:
    try:
        return decode_segment_id(id, path=path)
    except InvalidError as error:
        problems.add(error)
        return _NO_SEGMENT


def decode_segment_id(id: str, *, path: Path) -> int:
    """Return the key of a segment from its global ID.

    Raises: InvalidError.
    """
    key = decode_id(id, "Segment", path=path)
    if not (key.isascii() and key.isdigit() and len(key) <= 18):
        raise InvalidError(f"'{display(id)}' is not the ID of Segment.", rule="id", path=path)
    return int(key)


def variants(
    inputs: Sequence[VariantInput], *, path: Path, problems: Problems
) -> tuple[Variant, ...]:
    """Return the variants of inputs. Variants without a fixed weight share the remaining weight."""
    specs = [variant_spec(variant) for variant in inputs]
    return distribute_weights(specs, path=path, problems=problems) if specs else ()


def variant_spec(input: VariantInput) -> VariantSpec:
    """Return the variant of an input, whose weight is not distributed yet."""
    return VariantSpec(
        name=input.name,
        weight_type=input.weight_type.value,
        weight=input.weight,
        stickiness=input.stickiness,
        payload=UNSET if input.payload is None else variant_payload(input.payload),
        overrides=variant_overrides(input.overrides) or UNSET,
    )


def variant_payload(input: VariantPayloadInput) -> VariantPayload:
    """Return the payload of an input."""
    return VariantPayload(input.type.value, input.value)


def variant_overrides(inputs: Sequence[VariantOverrideInput]) -> tuple[VariantOverride, ...]:
    """Return the overrides of inputs."""
    return tuple(VariantOverride(entry.context_name, tuple(entry.values)) for entry in inputs)
