"""All paths of today's admin API."""

from rest_compat.routing import Routes

ROUTES: Routes = {}
