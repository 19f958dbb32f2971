"""All paths of the 3.x admin API."""

from rest_compat.admin_v3 import (
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
from rest_compat.routing import Routes

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
