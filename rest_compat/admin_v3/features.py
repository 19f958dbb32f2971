"""Toggles of the 3.x admin API: list, create, read, update, archive, switch."""

from rest_compat.routing import Routes

ROUTES: Routes = {}
