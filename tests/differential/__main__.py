"""`python -m tests.differential`: send the same random calls to Unleash 3.17.6 and to Flagstaff.

The program prints every difference that `docs/reference/rest-differences.md` does not list. It
exits with 1 if there are such differences. Needs npm, Node and the programs of PostgreSQL.
"""

import argparse
import os
import sys

from tests.differential.running import run_calls
from tests.differential.sequence import random_calls
from tests.differential.servers import open_laboratory


def main() -> None:
    """Start the servers, send the calls and report the differences."""
    parser = argparse.ArgumentParser(prog="python -m tests.differential", description=__doc__)
    parser.add_argument("--calls", type=int, default=1000, help="how many calls (1000)")
    parser.add_argument("--seed", type=int, default=1, help="another number, other calls (1)")
    parser.add_argument("--first", type=int, default=1, help="leave out the calls before this one")
    parser.add_argument("--show", type=int, help="print this call and all calls before it")
    parser.add_argument(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="the database of Flagstaff (sqlite)",
    )
    options = parser.parse_args()
    # Unleash returns lists in the sort order of its database. The recorded contract has byte order.
    os.environ["LC_ALL"] = "C"
    with open_laboratory(database=options.database) as laboratory:
        calls = random_calls(options.seed, options.calls)
        run = run_calls(laboratory, calls, first=options.first, show=options.show)
    print(run)
    sys.exit(bool(run.findings))


if __name__ == "__main__":
    main()
