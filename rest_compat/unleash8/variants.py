"""The variants of a toggle in one environment."""

from rest_compat.http.request import Answer, Request, json_answer
from rest_compat.http.router import Route, Routes
from rest_compat.unleash8.documents import variant_documents
from rest_compat.unleash8.environments import FEATURE_ENVIRONMENT
from rest_compat.unleash8.errors import refused
from rest_compat.unleash8.lookup import environment_of, toggle_of
from rest_compat.unleash8.variant_bodies import read_variants
from store.model import Toggle
from store.operations.toggle_environments import configure_toggle


async def get_variants(request: Request) -> Answer:
    """The variants."""
    toggle = toggle_of(request.snapshot, request)
    return _variants(toggle, environment_of(request.snapshot, request).name)


async def set_variants(request: Request) -> Answer:
    """The variants, which are those of the body and no others."""
    variants = await read_variants(request)
    async with request.store.write(request.principal.actor) as work:
        toggle = toggle_of(work.snapshot, request)
        environment = environment_of(work.snapshot, request).name
        toggle = await configure_toggle(
            work, toggle.name, environment=environment, variants=variants, allow_unknown=True
        )
    return _variants(toggle, environment)


def _variants(toggle: Toggle, environment: str) -> Answer:
    variants = variant_documents(toggle.in_environment(environment).variants)
    return json_answer({"version": 1, "variants": variants})


ROUTES: Routes = {
    f"{FEATURE_ENVIRONMENT}/variants": {
        "GET": Route(get_variants),
        "PUT": Route(set_variants, refused(dropped=1)),
    },
}
