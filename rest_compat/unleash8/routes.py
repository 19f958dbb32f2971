"""All paths of today's admin API."""

from rest_compat.http.router import Routes
from rest_compat.unleash8 import (
    dependencies,
    environments,
    features,
    segments,
    strategies,
    tokens,
    variants,
)

ROUTES: Routes = {
    **dependencies.ROUTES,
    **environments.ROUTES,
    **features.ROUTES,
    **segments.ROUTES,
    **strategies.ROUTES,
    **tokens.ROUTES,
    **variants.ROUTES,
}
