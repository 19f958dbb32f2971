"""An installation with related toggles, for tests of mutations that change relations."""

from store import Store
from store.model import SYSTEM
from store.operations.environments import create_environment
from store.operations.fields import SegmentFields
from store.operations.segments import create_segment
from store.operations.toggles import archive_toggle, create_toggle
from tests.graph.installation import Installation


async def fill(store: Store) -> None:
    """Create the toggles `t` and `u` and an archived toggle.

    The application `web` uses `t`. Also create another application, an environment and a segment.
    """
    async with store.write(SYSTEM) as work:
        await create_environment(work, name="staging")
        await create_segment(work, name="s", fields=SegmentFields(constraints=()))
        for name in ("t", "u", "old"):
            await create_toggle(work, name=name)
    async with store.write(SYSTEM) as work:
        await archive_toggle(work, "old")
    installation = Installation(store)
    for name in ("web", "described"):
        await installation.register(name, "default")
    await installation.use("web", "t")
    await installation.aggregate()
