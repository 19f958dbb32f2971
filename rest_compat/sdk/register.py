"""`POST /api/client/register`: register an instance of an application."""

from http import HTTPStatus

from rest_compat.http.request import Request
from rest_compat.http.response import Response
from rest_compat.http.router import RouteTable
from rest_compat.sdk.bodies import origin_of, registration_of
from rest_compat.sdk.examples import REGISTRATION
from rest_compat.sdk.models import RegistrationJson
from rest_compat.sdk.reporting import REPORT_ANSWERS, REPORT_ERRORS, store_reports

routes = RouteTable("client")


@routes.route(
    "POST",
    "/api/client/register",
    id="registerClientApplication",
    body=RegistrationJson,
    example=REGISTRATION,
    answers=REPORT_ANSWERS,
    errors=REPORT_ERRORS,
)
async def register(request: Request) -> Response:
    """Register an instance of an application when it starts.

    The response is sent once the registration is durable. Without a token, `instanceId` is
    required.
    """
    # Clients without a token expect a 3.x server, which requires instanceId
    # (contract/rest-v3.yaml, "register-without-instanceid").
    report = registration_of(
        await request.json(),
        origin_of(request),
        needs_instance=request.principal.token is None,
    )
    await store_reports(request, report)
    return Response(HTTPStatus.ACCEPTED)
