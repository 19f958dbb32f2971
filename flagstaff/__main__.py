"""The entry point of `python -m flagstaff`."""

from flagstaff.cli import main

main()
