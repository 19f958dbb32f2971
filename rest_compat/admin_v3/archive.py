"""Archived toggles of the 3.x admin API: list and revive."""

from rest_compat.routing import Routes

ROUTES: Routes = {}
