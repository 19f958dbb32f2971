"""Create a toggle as a copy of another toggle."""

from msgspec import UNSET, structs

from store.model import Toggle
from store.operations.copying import specs_of
from store.operations.dependencies import set_dependencies
from store.operations.existing import find_live_toggle
from store.operations.fields import ToggleFields, given_fields
from store.operations.inputs import StrategySpec
from store.operations.toggle_environments import configure_toggle
from store.operations.toggles import create_toggle
from store.unit_of_work import UnitOfWork

_GROUP = "groupId"


async def clone_toggle(
    work: UnitOfWork, name: str, *, new_name: str, replace_groups: bool = True
) -> Toggle:
    """Create a toggle with the fields, configurations and dependencies of a live toggle.

    The new toggle is off in all environments and has no tags. With `replace_groups`, the new name
    replaces the group of each gradual rollout, so that other users get the new toggle.

    Raises: Refusal.
    """
    origin = find_live_toggle(work, name, path=("toggle",))
    toggle = await create_toggle(
        work,
        name=new_name,
        fields=ToggleFields(**given_fields(ToggleFields, origin)),
        strategies=(),
        variants=UNSET,
        allow_unknown=True,
    )
    for environment, configured in origin.environments.items():
        specs = specs_of(configured)
        if replace_groups:
            specs = [_with_group(spec, new_name) for spec in specs]
        if specs or configured.variants:
            toggle = await configure_toggle(
                work,
                new_name,
                environment=environment,
                strategies=specs,
                variants=configured.variants,
                allow_unknown=True,
            )
    if origin.dependencies:
        toggle = await set_dependencies(work, new_name, origin.dependencies)
    return toggle


def _with_group(spec: StrategySpec, group: str) -> StrategySpec:
    parameters = spec.parameters or {}
    if _GROUP not in parameters:
        return spec
    return structs.replace(spec, parameters={**parameters, _GROUP: group})
