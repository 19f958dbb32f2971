"""Context fields, which constraints can test."""

import strawberry

from graph.engine.run.fields import REVISION, derived, or_empty, plain
from graph.node import Node, id_field, shows
from store import model, values


@strawberry.type(description="A value that a context field can take.")
@shows(values.LegalValue)
class LegalValue:
    value: str = plain("The value.")
    description: str = plain("The meaning of the value, empty if not given.")


@strawberry.type(description="A field of the context that constraints can test.")
@shows(model.ContextField, cached_by=("name",))
class ContextField(Node):
    id: strawberry.ID = id_field(
        "ContextField", "name", "The globally unique ID of this context field."
    )
    name: str = plain("The unique and immutable name.")
    description: str = derived(or_empty("description"), "A description of the field's values.")
    legal_values: list[LegalValue] = plain("The values that the field can take; empty means any.")
    stickiness: bool = plain("Whether rollouts and variants can use the field as their stickiness.")
    built_in: bool = plain(
        "Whether the field is one of the standard fields, which every SDK sends."
    )
    sort_order: int = plain("The position in lists, counted from zero.")
    revision: int = plain(REVISION)
