"""The rule that inputs marked @oneOf hold exactly one field."""

from graphql import GraphQLNamedType, ObjectValueNode, ValidationContext, VariableNode
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule


class OneOfRule(OneOfInputValidationRule):
    """Strawberry's rule, made safe for variables that it has not met yet.

    There are such in fragments that come before their operation, and where a document uses
    variables that it does not define, which is for another rule to say.
    """

    def __init__(self, validation_context: ValidationContext) -> None:
        super().__init__(validation_context)
        self.variable_definitions = {}

    def validate_one_of(self, node: ObjectValueNode, type: GraphQLNamedType) -> None:
        """Report an input that holds none or several fields, or one that may be null."""
        match node.fields:
            case [field] if isinstance(field.value, VariableNode):
                if field.value.name.value in self.variable_definitions:
                    super().validate_one_of(node, type)
            case _:
                super().validate_one_of(node, type)
