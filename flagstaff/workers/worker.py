"""The program of a worker process. The supervisor starts it; see `flagstaff.workers.process`."""

import socket
import sys

import msgspec

from flagstaff.importing import quick_imports
from flagstaff.workers.process import Task


def main() -> None:
    """Serve until the supervisor stops this process. Errors are printed as by `flagstaff serve`."""
    task = msgspec.json.decode(sys.argv[1], type=Task)
    with quick_imports():
        from flagstaff.server import serve_as_worker
        from flagstaff.settings_loading import load_settings
        from flagstaff.workers.link import SupervisorLink
    link = SupervisorLink(socket.socket(fileno=task.channel), is_first=task.is_first)
    listener = socket.socket(fileno=task.listener)
    try:
        serve_as_worker(load_settings(**task.options), listener, link, demo=task.is_demo)
    except Exception as error:
        from flagstaff.commands.failures import exit_with

        exit_with(error)


if __name__ == "__main__":
    main()
