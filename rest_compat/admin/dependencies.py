"""What a toggle depends on."""

from pydantic import Field

from rest_compat.admin.bodies import Word, read
from rest_compat.admin.errors import MissingError, refused
from rest_compat.admin.lookup import toggle_of
from rest_compat.admin_v3.bodies import Body, Flag
from rest_compat.routing import Route, Routes
from rest_compat.wire import Answer, Request
from store.operations.dependencies import set_dependencies
from store.operations.limits import MOST_ITEMS
from store.operations.text import shown
from store.values import Dependency

PATH = "/api/admin/projects/:project/features/:name/dependencies"


class DependencyBody(Body):
    """A toggle to depend on, and the state that it must be in."""

    feature: Word
    enabled: Flag = True
    variants: list[Word] = Field(default=[], max_length=MOST_ITEMS)


async def add_dependency(request: Request) -> Answer:
    """Nothing more; the toggle depends on the other one, and on none of that name otherwise."""
    body = await read(request, DependencyBody)
    added = Dependency(body.feature, body.enabled, tuple(body.variants))
    async with request.store.write(request.principal.actor) as work:
        toggle = toggle_of(work.snapshot, request)
        by_name = {it.toggle: it for it in toggle.dependencies}
        wanted = by_name | {added.toggle: added}
        await set_dependencies(work, toggle.name, [*wanted.values()])
    return Answer(200)


async def remove_dependency(request: Request) -> Answer:
    """Nothing more; the toggle no longer depends on the other one."""
    parent = request.parameters["parent"]
    async with request.store.write(request.principal.actor) as work:
        toggle = toggle_of(work.snapshot, request)
        kept = [it for it in toggle.dependencies if it.toggle != parent]
        if len(kept) == len(toggle.dependencies):
            raise MissingError(f"Toggle '{toggle.name}' does not depend on '{shown(parent)}'.")
        await set_dependencies(work, toggle.name, kept)
    return Answer(200)


async def remove_dependencies(request: Request) -> Answer:
    """Nothing more; the toggle depends on nothing."""
    async with request.store.write(request.principal.actor) as work:
        await set_dependencies(work, toggle_of(work.snapshot, request).name, ())
    return Answer(200)


ROUTES: Routes = {
    PATH: {
        "POST": Route(add_dependency, refused(dropped=2, renamed={"toggle": "feature"})),
        "DELETE": Route(remove_dependencies, refused()),
    },
    f"{PATH}/:parent": {"DELETE": Route(remove_dependency, refused())},
}
