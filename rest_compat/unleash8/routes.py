"""All routes of the admin API of Unleash 8."""

from collections.abc import Sequence

from rest_compat.http.router import Routes
from rest_compat.unleash8 import (
    configurations,
    dependencies,
    environments,
    features,
    segments,
    strategies,
    tokens,
    variants,
)

TABLES: Sequence[Routes] = (
    features.routes,
    dependencies.routes,
    configurations.routes,
    strategies.routes,
    variants.routes,
    environments.routes,
    segments.routes,
    tokens.routes,
)
