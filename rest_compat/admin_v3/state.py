"""Export and import of the 3.x state document."""

from rest_compat.routing import Routes

ROUTES: Routes = {}
