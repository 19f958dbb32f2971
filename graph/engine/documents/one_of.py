"""The validation rule that an input object with @oneOf contains exactly one field."""

from graphql import GraphQLNamedType, ObjectValueNode, ValidationContext, VariableNode
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule


class OneOfRule(OneOfInputValidationRule):
    """Strawberry's rule, made safe for variables whose definition has not been visited.

    Such variables occur in fragments that precede their operation. They also occur in documents
    with undefined variables, which another rule reports.
    """

    def __init__(self, validation_context: ValidationContext) -> None:
        super().__init__(validation_context)
        self.variable_definitions = {}

    def validate_one_of(self, node: ObjectValueNode, type: GraphQLNamedType) -> None:
        """Report an input object unless it has exactly one field, which cannot be null."""
        match node.fields:
            case [field] if isinstance(field.value, VariableNode):
                if field.value.name.value in self.variable_definitions:
                    super().validate_one_of(node, type)
            case _:
                super().validate_one_of(node, type)
