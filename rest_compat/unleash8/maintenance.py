"""The maintenance mode, in which other servers refuse changes."""

from msgspec import Struct

from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable

routes = RouteTable("admin: instance")


class MaintenanceJson(Struct, kw_only=True):
    """Whether the server refuses changes."""

    enabled: bool = False


@routes.route("GET", "/api/admin/maintenance", id="getMaintenance", answers={200: MaintenanceJson})
async def get_maintenance(_: Request) -> Response:
    """Read whether the server is in maintenance mode.

    Flagstaff has no such mode, so `enabled` is always false.
    """
    return json_response(MaintenanceJson())
