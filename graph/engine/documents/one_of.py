"""The validation rule that an input object with @oneOf contains exactly one field."""

from graphql import GraphQLNamedType, ObjectValueNode, ValidationContext, VariableNode
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule


class OneOfRule(OneOfInputValidationRule):
    """Strawberry's rule, which also handles variables whose definitions have not been visited.

    If a fragment precedes its operation, the definitions of its variables have not been visited.
    Undefined variables have no definition; another rule reports undefined variables.
    """

    def __init__(self, validation_context: ValidationContext) -> None:
        super().__init__(validation_context)
        self.variable_definitions = {}

    def validate_one_of(self, node: ObjectValueNode, type: GraphQLNamedType) -> None:
        """Report an error if an input object does not have exactly one non-null field."""
        match node.fields:
            case [field] if isinstance(field.value, VariableNode):
                if field.value.name.value in self.variable_definitions:
                    super().validate_one_of(node, type)
            case _:
                super().validate_one_of(node, type)
