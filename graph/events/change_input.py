"""Inputs of the mutations on several changes at once, and on their undoing."""

import strawberry
from strawberry import UNSET

from graph.inputs.segment import SegmentCreateInput, SegmentDeleteInput, SegmentUpdateInput
from graph.inputs.strategy import StrategyCreateInput, StrategyDeleteInput, StrategyUpdateInput
from graph.toggles.inputs import (
    ToggleArchiveInput,
    ToggleConfigureInput,
    ToggleCopyConfigurationInput,
    ToggleCreateInput,
    ToggleDeleteInput,
    ToggleReviveInput,
    ToggleSetDependenciesInput,
    ToggleSetEnabledInput,
    ToggleStrategyAddInput,
    ToggleStrategyRemoveInput,
    ToggleStrategyUpdateInput,
    ToggleTagsInput,
    ToggleUpdateInput,
)


@strawberry.input(
    one_of=True,
    description="One change, given as the input of the mutation of the same name.",
)
class ChangeInput:
    toggle_create: ToggleCreateInput | None = strawberry.field(
        default=UNSET, description="Create a toggle."
    )
    toggle_update: ToggleUpdateInput | None = strawberry.field(
        default=UNSET, description="Change a toggle itself."
    )
    toggle_set_enabled: ToggleSetEnabledInput | None = strawberry.field(
        default=UNSET, description="Switch a toggle on or off."
    )
    toggle_configure: ToggleConfigureInput | None = strawberry.field(
        default=UNSET, description="Configure a toggle in one environment."
    )
    toggle_copy_configuration: ToggleCopyConfigurationInput | None = strawberry.field(
        default=UNSET, description="Copy a configuration."
    )
    toggle_strategy_add: ToggleStrategyAddInput | None = strawberry.field(
        default=UNSET, description="Add a strategy to a toggle."
    )
    toggle_strategy_update: ToggleStrategyUpdateInput | None = strawberry.field(
        default=UNSET, description="Change a strategy on a toggle."
    )
    toggle_strategy_remove: ToggleStrategyRemoveInput | None = strawberry.field(
        default=UNSET, description="Remove a strategy from a toggle."
    )
    toggle_tags: ToggleTagsInput | None = strawberry.field(
        default=UNSET, description="Put tags on and take tags off a toggle."
    )
    toggle_set_dependencies: ToggleSetDependenciesInput | None = strawberry.field(
        default=UNSET, description="Set the dependencies of a toggle."
    )
    toggle_archive: ToggleArchiveInput | None = strawberry.field(
        default=UNSET, description="Archive a toggle."
    )
    toggle_revive: ToggleReviveInput | None = strawberry.field(
        default=UNSET, description="Bring a toggle back from the archive."
    )
    toggle_delete: ToggleDeleteInput | None = strawberry.field(
        default=UNSET, description="Delete an archived toggle for good."
    )
    strategy_create: StrategyCreateInput | None = strawberry.field(
        default=UNSET, description="Define a strategy."
    )
    strategy_update: StrategyUpdateInput | None = strawberry.field(
        default=UNSET, description="Change a strategy."
    )
    strategy_delete: StrategyDeleteInput | None = strawberry.field(
        default=UNSET, description="Delete a strategy."
    )
    segment_create: SegmentCreateInput | None = strawberry.field(
        default=UNSET, description="Create a segment."
    )
    segment_update: SegmentUpdateInput | None = strawberry.field(
        default=UNSET, description="Change a segment."
    )
    segment_delete: SegmentDeleteInput | None = strawberry.field(
        default=UNSET, description="Delete a segment."
    )


@strawberry.input(description="The changes to make together.")
class ChangeSetApplyInput:
    changes: list[ChangeInput] = strawberry.field(
        description="The changes in the order to make them."
    )
    comment: str = strawberry.field(default="", description="Why the changes are made.")
    dry_run: bool = strawberry.field(
        default=False, description="Whether only to say what would happen."
    )
    idempotency_key: str | None = strawberry.field(
        description=(
            "A key of the choice of the caller; for 24 hours after a change set was made with it, "
            "the same key returns that change set instead of changing anything again."
        ),
    )


@strawberry.input(description="The applied change set to undo.")
class ChangeSetRevertInput:
    id: strawberry.ID = strawberry.field(description="The change set.")
    comment: str = strawberry.field(default="", description="Why it is undone.")
    force: bool = strawberry.field(
        default=False,
        description="Whether to undo it even where later changes touched the same fields.",
    )
    dry_run: bool = strawberry.field(
        default=False, description="Whether only to say what would happen."
    )


@strawberry.input(description="Which of its versions to put a toggle back to.")
class ToggleRevertToInput:
    name: str = strawberry.field(description="The name of the toggle, archived or not.")
    revision: int = strawberry.field(description="The revision of the version.")
    expected_revision: int | None = strawberry.field(
        description=(
            "The revision of the toggle the caller knows; left out, the change is made regardless."
        ),
    )
