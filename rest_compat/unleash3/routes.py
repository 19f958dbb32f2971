"""All paths of the 3.x admin API."""

from rest_compat.http.router import Routes
from rest_compat.unleash3 import (
    applications,
    archive,
    context,
    events,
    feature_switches,
    feature_tags,
    feature_types,
    features,
    metrics,
    projects,
    state,
    strategies,
    tag_types,
    tags,
)

ROUTES: Routes = {
    **applications.ROUTES,
    **archive.ROUTES,
    **context.ROUTES,
    **events.ROUTES,
    **feature_switches.ROUTES,
    **feature_tags.ROUTES,
    **feature_types.ROUTES,
    **features.ROUTES,
    **metrics.ROUTES,
    **projects.ROUTES,
    **state.ROUTES,
    **strategies.ROUTES,
    **tag_types.ROUTES,
    **tags.ROUTES,
}
