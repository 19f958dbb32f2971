"""The validation rule that inputs marked @oneOf contain exactly one field."""

from graphql import GraphQLNamedType, ObjectValueNode, ValidationContext, VariableNode
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule


class OneOfRule(OneOfInputValidationRule):
    """Strawberry's rule, made safe for variables without a visited definition.

    They occur in fragments that precede their operation, and in documents with undefined variables,
    which another rule reports.
    """

    def __init__(self, validation_context: ValidationContext) -> None:
        super().__init__(validation_context)
        self.variable_definitions = {}

    def validate_one_of(self, node: ObjectValueNode, type: GraphQLNamedType) -> None:
        """Report an input without exactly one field, or with one that may be null."""
        match node.fields:
            case [field] if isinstance(field.value, VariableNode):
                if field.value.name.value in self.variable_definitions:
                    super().validate_one_of(node, type)
            case _:
                super().validate_one_of(node, type)
