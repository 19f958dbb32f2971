"""What a toggle depends on."""

from pydantic import Field

from rest_compat.http.bodies import Body
from rest_compat.http.errors import RestError
from rest_compat.http.request import Answer, Request
from rest_compat.http.router import Route, Routes
from rest_compat.unleash8.bodies import LooseFlag, Value, Word, read
from rest_compat.unleash8.errors import InvalidOperationError, MissingError, refused
from rest_compat.unleash8.lookup import toggle_of
from store.errors import Refusal
from store.operations.dependencies import set_dependencies
from store.operations.limits import MOST_ITEMS
from store.operations.text import shown
from store.values import Dependency

PATH = "/api/admin/projects/:project/features/:name/dependencies"


class DependencyBody(Body):
    """A toggle to depend on, and the state that it must be in."""

    feature: Value
    enabled: LooseFlag = True
    variants: list[Word] = Field(default=[], max_length=MOST_ITEMS)


async def add_dependency(request: Request) -> Answer:
    """Let a toggle depend on another one, and on no other any more, as in 8.2.

    Variants count only where the other one must be on.
    """
    body = await read(request, DependencyBody)
    added = Dependency(body.feature, body.enabled, tuple(body.variants) if body.enabled else ())
    async with request.store.write(request.principal.actor) as work:
        toggle = toggle_of(work.snapshot, request)
        await set_dependencies(work, toggle.name, [added])
    return Answer(200)


async def remove_dependency(request: Request) -> Answer:
    """Let a toggle no longer depend on another one."""
    parent = request.parameters["parent"]
    async with request.store.write(request.principal.actor) as work:
        toggle = toggle_of(work.snapshot, request)
        kept = [it for it in toggle.dependencies if it.toggle != parent]
        if len(kept) == len(toggle.dependencies):
            raise MissingError(f"Toggle '{toggle.name}' does not depend on '{shown(parent)}'.")
        await set_dependencies(work, toggle.name, kept)
    return Answer(200)


async def remove_dependencies(request: Request) -> Answer:
    """Let a toggle depend on none."""
    async with request.store.write(request.principal.actor) as work:
        toggle = toggle_of(work.snapshot, request)
        if not toggle.dependencies:
            raise MissingError(f"Toggle '{toggle.name}' depends on no other.")
        await set_dependencies(work, toggle.name, ())
    return Answer(200)


_form = refused(dropped=2, renamed={"toggle": "feature"})


def _refused(refusal: Refusal) -> RestError:
    """What is wrong with the other toggle is no flaw of the body, but forbidden, as in 8.2."""
    error = _form(refusal)
    about_toggle = any("variants" not in it.path for it in refusal.errors)
    return InvalidOperationError(*error.details) if about_toggle else error


ROUTES: Routes = {
    PATH: {
        "POST": Route(add_dependency, _refused),
        "DELETE": Route(remove_dependencies, refused()),
    },
    f"{PATH}/:parent": {"DELETE": Route(remove_dependency, refused())},
}
