"""Make one attempt to send a delivery over HTTP."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from ssl import SSLContext
from time import monotonic

import httpx

from flagstaff import __version__
from flagstaff.webhooks.addresses import Address, AddressRules, RefusedAddressError
from flagstaff.webhooks.bodies import body_of
from flagstaff.webhooks.signing import signed_headers
from store.events import Event
from store.model import Webhook
from store.operations.strings import display
from store.webhooks.deliveries import Outcome

# The part of an answer that is read. Its beginning explains a failure in the log of deliveries.
_MAX_ANSWER_BYTES = 1_000
_USER_AGENT = f"Flagstaff/{__version__}"


class HttpSender:
    """Sends deliveries over HTTP. `rules` decides to which addresses it connects."""

    def __init__(self, rules: AddressRules, clock: Callable[[], datetime]) -> None:
        self._rules = rules
        self._clock = clock

    async def __call__(
        self, webhook: Webhook, delivery_id: str, event: Event, /, *, limit_s: float
    ) -> Outcome:
        """Send an event with its documents.

        The answer must arrive within `limit_s` seconds and have a status from 200 to 299.
        Redirects are not followed.
        """
        began_at = monotonic()
        status, error = None, None
        try:
            # A thread makes the body, because events may contain a large toggle.
            body, media_type = await asyncio.to_thread(body_of, webhook, event)
            signed = signed_headers(webhook.signing_secret, delivery_id, self._clock(), body)
            headers = {"content-type": media_type, "user-agent": _USER_AGENT, **signed}
            async with asyncio.timeout(limit_s):
                status, error = await self._post(httpx.URL(webhook.receiver_url), headers, body)
        except TimeoutError:
            error = f"The receiver did not answer within {limit_s:.0f} seconds."
        except (RefusedAddressError, OSError) as failure:
            error = str(failure)
        except (httpx.HTTPError, httpx.InvalidURL) as failure:
            error = f"The request failed: {display(str(failure) or type(failure).__name__)}."
        duration_ms = int((monotonic() - began_at) * 1_000)
        return Outcome(status=status, error=error, duration_ms=duration_ms)

    async def _post(
        self, url: httpx.URL, headers: dict[str, str], body: bytes
    ) -> tuple[int, str | None]:
        """Send a request; return the status, and the reason if the receiver did not accept it.

        Raises: RefusedAddressError, OSError, httpx.HTTPError.
        """
        port = url.port or (443 if url.scheme == "https" else 80)
        addresses = await self._rules.resolve(url.host, port)
        for address in addresses[:-1]:
            try:
                return await self._post_to(address, url, headers, body)
            except httpx.ConnectError:
                continue  # try the next address
        return await self._post_to(addresses[-1], url, headers, body)

    async def _post_to(
        self, address: Address, url: httpx.URL, headers: dict[str, str], body: bytes
    ) -> tuple[int, str | None]:
        # Each request has its own client, because httpx would use an open connection for all hosts
        # with the same address.
        verify = self._tls if url.scheme == "https" else False
        async with httpx.AsyncClient(
            verify=verify, trust_env=False, follow_redirects=False, timeout=None
        ) as client:
            request = client.build_request(
                "POST",
                url.copy_with(host=str(address)),
                headers={**headers, "host": url.netloc.decode("ascii")},
                content=body,
                # The receiver's certificate must be valid for the name, not for the address.
                extensions={"sni_hostname": url.raw_host.decode("ascii")},
            )
            response = await client.send(request, stream=True)
            try:
                answer = await _beginning_of(response)
            finally:
                await response.aclose()
        return response.status_code, _refusal(response.status_code, answer)

    @cached_property
    def _tls(self) -> SSLContext:
        return httpx.create_ssl_context()


async def _beginning_of(response: httpx.Response) -> bytes:
    beginning = b""
    async for part in response.aiter_raw():
        beginning += part
        if len(beginning) >= _MAX_ANSWER_BYTES:
            break
    return beginning[:_MAX_ANSWER_BYTES]


def _refusal(status: int, answer: bytes) -> str | None:
    """Return the reason why an answer is a failure, None if it is a success."""
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        return f"The receiver answered {status}, and redirects are not followed."
    words = display(" ".join(answer.decode(errors="replace").split()))
    return (
        f"The receiver answered {status}: {words}" if words else f"The receiver answered {status}."
    )
