"""Take the screenshots of the documentation, on a server with the example installation.

    python -m tests.documentation.screenshots             all pictures
    python -m tests.documentation.screenshots roll-out    the pictures of one subject

Needs Chromium and the bundled pages.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.clients.chromium import launched
from tests.documentation.screenshots.console import show_toggle, show_toggles
from tests.documentation.screenshots.tasks import TASKS, Task
from tests.documentation.screenshots.tools import show_graphiql, show_sample, show_swagger_ui
from tests.server import TOKENS, Server

SUBJECTS: dict[str, Task] = {
    "console": show_toggles,
    "toggle": show_toggle,
    **TASKS,
    "graphiql": show_graphiql,
    "docs": show_swagger_ui,
    "sample": show_sample,
}


def main(names: list[str]) -> None:
    """Take the pictures of the named subjects, by default of all subjects."""
    unknown = set(names) - SUBJECTS.keys()
    if unknown:
        sys.exit(f"Unknown: {', '.join(sorted(unknown))}. Known: {', '.join(SUBJECTS)}.")
    with (
        TemporaryDirectory() as folder,
        Server(Path(folder), "--demo", **TOKENS) as server,
        launched() as browser,
    ):
        for name in names or SUBJECTS:
            SUBJECTS[name](browser, server.url)


if __name__ == "__main__":
    main(sys.argv[1:])
