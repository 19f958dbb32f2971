"""Context fields: what constraints can test."""

import strawberry

from graph.engine.run.fields import REVISION, derived, or_empty, plain
from graph.node import Node, id_field, shows
from store import model, values


@strawberry.type(description="A value that a context field can take.")
@shows(values.LegalValue)
class LegalValue:
    value: str = plain("The value.")
    description: str = plain("What the value stands for, empty when nobody said.")


@strawberry.type(description="A field of the context that constraints can test.")
@shows(model.ContextField)
class ContextField(Node):
    id: strawberry.ID = id_field(
        "ContextField", "name", "The globally unique ID of this context field."
    )
    name: str = plain("The unique and immutable name.")
    description: str = derived(or_empty("description"), "What the field holds.")
    legal_values: list[LegalValue] = plain("The values it can take; empty means any.")
    stickiness: bool = plain("Whether rollouts and variants can be kept stable on it.")
    built_in: bool = plain("Whether every SDK sends it.")
    sort_order: int = plain("The place in lists, from zero up.")
    revision: int = plain(REVISION)
