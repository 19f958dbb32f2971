"""`POST /api/client/register`: an instance of an application says that it started."""

from rest_compat.sdk.bodies import origin_of, registration_of
from rest_compat.wire import Answer, Request, accepted


async def register(request: Request) -> Answer:
    """Answer 202 without a body once the registration is durable (contract: "register")."""
    report = registration_of(await request.json(), origin_of(request))
    await request.store.journal.add(report)
    return accepted()
