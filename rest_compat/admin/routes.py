"""All paths of today's admin API."""

from rest_compat.admin import (
    dependencies,
    environments,
    features,
    segments,
    strategies,
    tokens,
    variants,
)
from rest_compat.routing import Routes

ROUTES: Routes = {
    **dependencies.ROUTES,
    **environments.ROUTES,
    **features.ROUTES,
    **segments.ROUTES,
    **strategies.ROUTES,
    **tokens.ROUTES,
    **variants.ROUTES,
}
