"""Run the supervisor of `flagstaff serve --workers`."""

import asyncio
import logging
import os
import socket
from collections.abc import Mapping
from typing import Any

from flagstaff.listening import address_of, bind, raise_descriptor_limit
from flagstaff.logs import configure_logging
from flagstaff.settings import Settings
from flagstaff.unleash_variables import variables_without_effect
from flagstaff.workers.process import Task, Worker, start_worker
from flagstaff.workers.supervisor import OnScrape, Supervisor

# A worker ends within ten seconds after `drain_s`. A busy machine needs more.
STOP_WITHIN_S = 20.0

_log = logging.getLogger(__name__)


def serve_with_workers(settings: Settings, options: Mapping[str, Any], *, demo: bool) -> int:
    """Serve with several processes until SIGINT or SIGTERM; return the exit status.

    `options` are the settings from the command line, which workers read again.

    Raises: AddressError.
    """
    configure_logging(settings.log_level, settings.log_format)
    if warning := variables_without_effect(os.environ):
        _log.warning("%s", warning)
    raise_descriptor_limit()
    with bind(settings.host, settings.port) as listener:
        return asyncio.run(_supervise(settings, options, listener, demo=demo))


async def _supervise(
    settings: Settings, options: Mapping[str, Any], listener: socket.socket, *, demo: bool
) -> int:
    _log.info("Starting %d workers for %s", settings.workers, address_of(settings.host, listener))

    async def start(number: int, is_first: bool, on_scrape: OnScrape) -> Worker:
        task = Task(number=number, is_first=is_first, is_demo=demo, options={**options})
        return await start_worker(task, listener, on_scrape)

    stop_within_s = settings.drain_s + STOP_WITHIN_S
    supervisor = Supervisor(
        start, settings.workers, stop_listening=listener.close, stop_within_s=stop_within_s
    )
    return await supervisor.run()
