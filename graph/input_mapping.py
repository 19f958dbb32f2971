"""From inputs to the values that operations take, noting what cannot be taken."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from msgspec import UNSET, UnsetType
from strawberry import Some
from strawberry.utils.str_converters import to_camel_case

from graph.ids import decode_id, split_key
from graph.inputs.context_field import LegalValueInput
from graph.inputs.strategy import StrategyParameterInput
from graph.toggles.configuration_inputs import (
    ConstraintInput,
    ParameterValueInput,
    TagInput,
    ToggleDependencyInput,
    ToggleStrategyInput,
    VariantInput,
)
from store.errors import InvalidError, Path, Problems, refuse
from store.operations.fields import FieldsT, optional_fields
from store.operations.inputs import StrategySpec
from store.operations.text import shown
from store.operations.variants import VariantSpec, distribute_weights
from store.values import (
    Constraint,
    Dependency,
    LegalValue,
    StrategyParameter,
    Tag,
    Variant,
    VariantOverride,
    VariantPayload,
)

T = TypeVar("T")
InputT = TypeVar("InputT", contravariant=True)
ValueT = TypeVar("ValueT", covariant=True)

# Stands in for the ID that could not be read, so that its neighbours keep their places.
_NO_SEGMENT = -1


class Form(Protocol[InputT, ValueT]):
    """What gives a part of an input the form that operations take."""

    def __call__(self, inputs: InputT, /, *, path: Path, problems: Problems) -> ValueT:
        """The value for operations; what cannot be taken is noted."""
        ...


def given(value: Some[T | None] | None, *, path: Path, problems: Problems) -> T | UnsetType:
    """The value of a field that may be left out but not be null; UNSET when left out."""
    if value is None:
        return UNSET
    if value.value is None:
        problems.invalid(
            f"The field '{path[-1]}' cannot be null; leave it out to keep what is there.",
            rule="not-null",
            path=path,
        )
        return UNSET
    return value.value


def given_as(
    form: Form[InputT, ValueT],
    value: Some[InputT | None] | None,
    *,
    path: Path,
    problems: Problems,
) -> ValueT | UnsetType:
    """`given`, in the form that operations take."""
    inputs = given(value, path=path, problems=problems)
    return form(inputs, path=path, problems=problems) if inputs is not UNSET else UNSET


def given_or_null(value: Some[T | None] | None) -> T | None | UnsetType:
    """The value of a field that may be left out, and that null empties; UNSET when left out."""
    return UNSET if value is None else value.value


def new_fields(
    kind: type[FieldsT], input: object, forms: Mapping[str, Callable[[Any], Any]] | None = None
) -> FieldsT:
    """The fields of a new object, from the fields of its input that have the same names.

    `forms` gives some of them the form that operations take. An empty text becomes None where a
    field can be None.
    """
    values: dict[str, Any] = {}
    for name in kind.__struct_fields__:
        value = getattr(input, name, UNSET)
        if value == "" and name in optional_fields(kind):
            value = None
        elif forms and name in forms:
            value = forms[name](value)
        values[name] = value
    return kind(**values)


def changed_fields(
    kind: type[FieldsT],
    input: object,
    problems: Problems,
    *,
    forms: Mapping[str, Callable[[Any], Any]] | None = None,
    nullable: Collection[str] = (),
) -> FieldsT:
    """The fields to change, from the fields of the input that have the same names.

    `forms` gives some of them the form that operations take. A null is noted as a problem, except
    in fields that are `nullable`.
    """
    values: dict[str, Any] = {}
    for name in kind.__struct_fields__:
        value = getattr(input, name)
        if name in nullable:
            value = given_or_null(value)
        else:
            value = given(value, path=(to_camel_case(name),), problems=problems)
        if forms and name in forms and value is not UNSET:
            value = forms[name](value)
        values[name] = value
    return kind(**values)


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
                f"The parameter '{shown(it.name)}' is given more than once.",
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
        return _decode_segment_id(id, path=path)
    except InvalidError as error:
        problems.add(error)
        return _NO_SEGMENT


def _decode_segment_id(id: str, *, path: Path) -> int:
    key = decode_id(id, "Segment", path=path)
    if not (key.isascii() and key.isdigit() and len(key) <= 18):
        raise InvalidError(f"'{shown(id)}' is not the ID of Segment.", rule="id", path=path)
    return int(key)


def segment_key(id: str) -> int:
    """The key of a segment from its global ID.

    Raises: Refusal: for anything else.
    """
    try:
        return _decode_segment_id(id, path=("id",))
    except InvalidError as error:
        refuse(error)


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


def tags(inputs: Sequence[TagInput]) -> tuple[Tag, ...]:
    """The tags."""
    return tuple(Tag(it.type, it.value) for it in inputs)


def dependencies(inputs: Sequence[ToggleDependencyInput]) -> tuple[Dependency, ...]:
    """The dependencies of a toggle."""
    return tuple(Dependency(it.toggle, it.enabled, tuple(it.variants)) for it in inputs)


def legal_values(inputs: Sequence[LegalValueInput]) -> tuple[LegalValue, ...]:
    """The values that a context field can take."""
    return tuple(LegalValue(it.value, it.description) for it in inputs)


def strategy_parameters(inputs: Sequence[StrategyParameterInput]) -> tuple[StrategyParameter, ...]:
    """The parameters that a strategy definition takes."""
    return tuple(
        StrategyParameter(it.name, it.type.value, it.description, it.required) for it in inputs
    )


def toggle_strategy_key(id: str) -> tuple[str, str, str]:
    """Toggle, environment and strategy from the global ID of an activation strategy.

    Raises: Refusal: for anything else.
    """
    try:
        parts = split_key(decode_id(id, "ToggleStrategy", path=("id",)), 3)
    except InvalidError as error:
        refuse(error)
    if parts is None:
        refuse(
            InvalidError(f"'{shown(id)}' is not the ID of ToggleStrategy.", rule="id", path=("id",))
        )
    toggle_id, environment, strategy_id = parts
    return toggle_id, environment, strategy_id
