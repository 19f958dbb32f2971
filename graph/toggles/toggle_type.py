"""Toggle types, which determine the expected lifetimes of toggles."""

import strawberry

from graph.engine.run.fields import plain
from graph.node import Node, id_field, shows
from store import model


@strawberry.type(description="A kind of toggle with its expected lifetime.")
@shows(model.ToggleType, cached_by=("name",))
class ToggleType(Node):
    id: strawberry.ID = id_field(
        "ToggleType", "name", "The globally unique ID of this toggle type."
    )
    name: str = plain("The unique name, such as release.")
    title: str = plain("The display name.")
    description: str = plain("The purpose of toggles of this type.")
    lifetime_days: int | None = plain("The expected lifetime in days, null if unlimited.")
