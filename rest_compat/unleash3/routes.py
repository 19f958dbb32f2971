"""All routes of the 3.x admin API."""

from collections.abc import Sequence

from rest_compat.http.router import Routes
from rest_compat.unleash3 import (
    addons,
    applications,
    archive,
    context,
    event_search,
    events,
    feature_switches,
    feature_tags,
    features,
    metrics,
    projects,
    state,
    strategies,
    tag_types,
    tags,
)

TABLES: Sequence[Routes] = (
    features.routes,
    feature_switches.routes,
    archive.routes,
    feature_tags.routes,
    tags.routes,
    tag_types.routes,
    events.routes,
    event_search.routes,
    state.routes,
    strategies.routes,
    context.routes,
    metrics.routes,
    applications.routes,
    projects.routes,
    addons.routes,
)
