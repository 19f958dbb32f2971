"""The entry point of `flagstaff` and of `python -m flagstaff`."""

import sys

from flagstaff import __version__


def main() -> None:
    """Run the command line.

    With only `--version`, print the version without importing the commands.
    """
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"flagstaff {__version__}\n")
        return
    from flagstaff.cli import main as run_command

    run_command()


if __name__ == "__main__":
    main()
