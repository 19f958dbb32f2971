"""Convert the fields of inputs to the fields of operations, and collect the errors."""

from collections.abc import Callable, Collection, Generator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

import strawberry
from msgspec import UNSET, UnsetType
from strawberry import Some
from strawberry.utils.str_converters import to_camel_case

from store.errors import Path, Problems, Refusal
from store.operations.fields import FieldsT, optional_fields

T = TypeVar("T")
InputT = TypeVar("InputT", contravariant=True)
ValueT = TypeVar("ValueT", covariant=True)


def expected_revision_field(noun: str = "") -> Any:
    """Declare the input field with the revision that the caller expects the object to have.

    `noun` names the object if it is not the subject of the mutation.
    """
    description = (
        f"The revision that the caller expects the {noun or 'object'} to have; "
        "without it, conflicts are not detected."
    )
    return strawberry.field(description=description)


class Form(Protocol[InputT, ValueT]):
    """A function that converts a part of an input to the values of operations."""

    def __call__(self, inputs: InputT, /, *, path: Path, problems: Problems) -> ValueT:
        """Return the value for operations, and add the errors of invalid parts to `problems`."""
        ...


def given(value: Some[T | None] | None, *, path: Path, problems: Problems) -> T | UnsetType:
    """Return the value of a field that cannot be null; UNSET if the field was omitted."""
    if value is None:
        return UNSET
    if value.value is None:
        problems.invalid(
            f"The field '{path[-1]}' cannot be null; omit it to keep the current value.",
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
    """Return the value that `given` returns, converted with `form`."""
    inputs = given(value, path=path, problems=problems)
    return form(inputs, path=path, problems=problems) if inputs is not UNSET else UNSET


def given_or_null(value: Some[T | None] | None) -> T | None | UnsetType:
    """Return the value of a field for which null means None; UNSET if the field was omitted."""
    return UNSET if value is None else value.value


def new_fields(
    kind: type[FieldsT], input: object, forms: Mapping[str, Callable[[Any], Any]] | None = None
) -> FieldsT:
    """Return the fields of a new object from the input fields of the same names.

    `forms` maps field names to conversions. An empty string becomes None in fields that can be
    None.
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
    """Return the fields to change from the input fields of the same names.

    `forms` maps field names to conversions. A null adds an error, except in `nullable` fields.
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


@contextmanager
def changes_of(
    input: object,
    kind: type[FieldsT],
    *,
    forms: Mapping[str, Callable[[Any], Any]] | None = None,
    nullable: Collection[str] = (),
) -> Generator[FieldsT]:
    """Return a context that yields the `changed_fields` of an input for an operation.

    Raises: Refusal: see `along_with`.
    """
    problems = Problems()
    fields = changed_fields(kind, input, problems, forms=forms, nullable=nullable)
    with along_with(problems):
        yield fields


@contextmanager
def along_with(problems: Problems) -> Generator[None]:
    """Combine the errors of an input with the errors of the operation inside the context.

    The operation runs even if the input has errors, so that the caller gets all errors at once. If
    there are any errors, nothing is stored.

    Raises: Refusal: there are errors. The refusal has the first error of each field.
    """
    try:
        yield
    except Refusal as refusal:
        paths = {error.path for error in problems.errors}
        more = [error for error in refusal.errors if error.path not in paths]
        raise Refusal(*problems.errors, *more) from None
    problems.raise_any()
