"""`python -m flagstaff`."""

from flagstaff.cli import main

main()
