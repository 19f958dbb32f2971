"""Applications in the 3.x admin API."""

from rest_compat.routing import Routes

ROUTES: Routes = {}
