"""The arguments of fields, converted once for all requests with the same arguments."""

from typing import Any

from graphql import GraphQLError, get_argument_values
from graphql.pyutils import Path
from strawberry import Info
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField


class ContextInfo:
    """The part of an `Info` that resolvers of immediate fields may read."""

    __slots__ = ("context",)

    def __init__(self, context: Any) -> None:
        self.context = context


class _TrackedInfo:
    """The part of an `Info` that inputs may read; `was_read` is true after an input has read it."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self.was_read = False

    @property
    def context(self) -> Any:
        self.was_read = True
        return self._context


class Arguments:
    """The arguments of a field.

    If an input reads the context, for example the time of the request, `reads_context` is true. The
    arguments are then converted again for each request.
    """

    def __init__(self, values: Any, definition: Any, converter: Any, context: Any) -> None:
        self._values = values
        self._definition = definition
        self._converter = converter
        info = _TrackedInfo(context)
        self.converted = self._convert(info)
        self.reads_context = info.was_read

    def of_request(self, context: Any) -> dict[str, Any]:
        """Return the arguments, converted for a request."""
        arguments = context.converted_arguments.get(self)
        if arguments is None:
            arguments = self._convert(ContextInfo(context))
            context.converted_arguments[self] = arguments
        return arguments

    def _convert(self, info: Any) -> dict[str, Any]:
        return convert_arguments(
            self._values,
            self._definition.arguments,
            scalar_registry=self._converter.scalar_registry,
            config=self._converter.config,
            info=info,
        )


def read_arguments(
    executor: Any, type: Any, details: Any, field: Any, definition: StrawberryField
) -> Arguments | None:
    """Return the arguments of a field of an operation; None if the arguments are invalid."""
    nodes = [detail.node for detail in details]
    no_path = Path(None, nodes[0].name.value, None)
    raw_info = executor.build_resolve_info(field, nodes, type, no_path)
    info: Info[Any, Any] = Info(_raw_info=raw_info, _field=definition)
    try:
        values = get_argument_values(
            field,
            nodes[0],
            executor.variable_values,
            details[0].fragment_variable_values,
        )
        return Arguments(values, definition, info.schema.schema_converter, executor.context_value)
    except (GraphQLError, ValueError, TypeError):
        return None  # graphql-core raises the error again, at each path
