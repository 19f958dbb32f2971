"""Inputs of the mutation that imports state documents."""

import strawberry
from strawberry import UNSET
from strawberry.scalars import JSON

from graph.enums import ImportMode


@strawberry.input(one_of=True, description="Where a state document comes from.")
class StateSourceInput:
    document: JSON | None = strawberry.field(default=UNSET, description="The document as JSON.")
    content: str | None = strawberry.field(
        default=UNSET, description="The document as JSON or YAML text."
    )


@strawberry.input(description="A state document and how to import it.")
class StateImportInput:
    source: StateSourceInput = strawberry.field(description="The document.")
    mode: ImportMode = strawberry.field(
        default=ImportMode.MERGE, description="What to do with what is already there."
    )
    project: str | None = strawberry.field(
        description="The project to put every toggle in, as in the document when left out."
    )
    environment: str | None = strawberry.field(
        description=(
            "The environment to put a configuration in that names none, default when left out."
        )
    )
    comment: str = strawberry.field(default="", description="Why the document is imported.")
    dry_run: bool = strawberry.field(
        default=False, description="Whether only to say what would happen."
    )
