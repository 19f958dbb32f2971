"""Find the variables that an operation uses in directives and arguments."""

from collections.abc import Iterator, Mapping, Sequence

from graphql import (
    ArgumentNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)


def planned_variables(
    fragments: Mapping[str, FragmentDefinitionNode], operation: OperationDefinitionNode
) -> tuple[str, ...]:
    """Return the variables in directives of an operation and in arguments below root fields.

    If two requests have equal values for these variables, the operation selects the same fields in
    both requests. All fields below the root fields then have equal arguments in both requests.
    """
    if not operation.variable_definitions:
        return ()
    visitor = _Variables(fragments)
    visitor.visit(operation.selection_set, is_root=True)
    return tuple(sorted(visitor.names))


class _Variables:
    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._visited: set[tuple[str, bool]] = set()
        self.names: set[str] = set()

    def visit(self, node: SelectionSetNode, *, is_root: bool) -> None:
        for selection in node.selections:
            directives: Sequence[DirectiveNode] = selection.directives or ()
            for directive in directives:
                self.names.update(variables_in_arguments(directive.arguments or ()))
            self._visit_selection(selection, is_root=is_root)

    def _visit_selection(self, node: SelectionNode, *, is_root: bool) -> None:
        match node:
            case FieldNode():
                if not is_root:
                    self.names.update(variables_in_arguments(node.arguments or ()))
                if node.selection_set is not None:
                    self.visit(node.selection_set, is_root=False)
            case InlineFragmentNode():
                self.visit(node.selection_set, is_root=is_root)
            case FragmentSpreadNode():
                key = (node.name.value, is_root)
                if key not in self._visited:
                    self._visited.add(key)
                    self.visit(self._fragments[node.name.value].selection_set, is_root=is_root)
            case _:
                pass


def variables_in_arguments(arguments: Sequence[ArgumentNode]) -> Iterator[str]:
    """Yield the names of the variables in arguments."""
    for argument in arguments:
        yield from _variables_in(argument.value)


def _variables_in(node: ValueNode) -> Iterator[str]:
    match node:
        case VariableNode():
            yield node.name.value
        case ListValueNode():
            for item in node.values:
                yield from _variables_in(item)
        case ObjectValueNode():
            for field in node.fields:
                yield from _variables_in(field.value)
        case _:
            pass
