"""All routes of the admin API of Unleash 8."""

from collections.abc import Sequence

from rest_compat.http.router import Routes
from rest_compat.unleash8 import (
    bulk,
    cloning,
    configurations,
    dependencies,
    edge,
    environments,
    features,
    instance,
    legal_values,
    patches,
    project_environments,
    project_tokens,
    projects,
    search,
    segments,
    strategies,
    strategy_segments,
    tags,
    tokens,
    usage,
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
    legal_values.routes,
    patches.routes,
    cloning.routes,
    tags.routes,
    bulk.routes,
    instance.routes,
    usage.routes,
    search.routes,
    strategy_segments.routes,
    projects.routes,
    project_tokens.routes,
    project_environments.routes,
    edge.routes,
)
