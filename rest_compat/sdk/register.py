"""`POST /api/client/register`: an instance of an application says that it started."""

from rest_compat.http.request import Answer, Request, accepted
from rest_compat.sdk.bodies import origin_of, registration_of
from rest_compat.sdk.reporting import store_reports


async def register(request: Request) -> Answer:
    """Answer 202 without a body once the registration is durable (contract: "register").

    Whoever has no token speaks to a server of 3.x, which asks for an instanceId
    (contract/rest-v3.yaml, "register-without-instanceid"); today's servers do without.
    """
    report = registration_of(
        await request.json(),
        origin_of(request),
        needs_instance=request.principal.token is None,
    )
    await store_reports(request, report)
    return accepted()
