"""The commands `flagstaff diff` and `flagstaff apply`, for flags as code."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    from flagstaff.commands.as_code_plans import Plan
    from flagstaff.commands.as_code_states import State

T = TypeVar("T")

DIFFERENT = 1
FAILED = 2

_TokenFile = Annotated[
    Path | None,
    typer.Option(
        help="The file with the token for servers. By default, FLAGSTAFF_TOKEN has the token."
    ),
]
_Prune = Annotated[
    bool,
    typer.Option(
        "--prune",
        help=(
            "Also remove live toggles and custom strategies that the file omits. If the file names "
            "a project, remove only toggles of this project."
        ),
    ),
]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
_Markdown = Annotated[bool, typer.Option("--markdown", help="Print a report for pull requests.")]


def diff(
    current: Annotated[
        str,
        typer.Argument(
            metavar="A",
            help="A file, the URL of a server, or the word database for the configured database.",
        ),
    ],
    desired: Annotated[
        str, typer.Argument(metavar="B", help="What A should be, in the same form.")
    ],
    token_file: _TokenFile = None,
    as_json: _Json = False,
    markdown: _Markdown = False,
) -> None:
    """Print what `apply --prune` of B would change in A.

    The exit status is 0 if nothing differs, 1 if something differs, and 2 on errors.
    """
    from flagstaff.commands.as_code_states import read_state

    def plan() -> "Plan":
        return _plan(read_state(current, token_file), read_state(desired, token_file), prune=True)

    made = _or_fail(plan)
    _print(made, as_json=as_json, markdown=markdown)
    raise typer.Exit(DIFFERENT if made.differences else 0)


def apply(
    file: Annotated[
        Path,
        typer.Option("--file", "-f", help="The desired state: Flagstaff's own document."),
    ],
    server: Annotated[
        str | None,
        typer.Option(help="The URL of a server. By default, the configured database is changed."),
    ] = None,
    token_file: _TokenFile = None,
    prune: _Prune = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Only print the changes. The exit status is 1 if there are any."
        ),
    ] = False,
    expected_revision: Annotated[
        int | None,
        typer.Option(
            help="Refuse the change unless the configuration still has this revision of a plan."
        ),
    ] = None,
    comment: Annotated[
        str, typer.Option(help="The reason, which the change set shows.")
    ] = "Applied a file.",
    as_json: _Json = False,
    markdown: _Markdown = False,
) -> None:
    """Change the configuration to the state in a file, as one change set that can be undone.

    The exit status is 0 on success, 2 on errors, and 1 if a dry run finds differences.
    """
    from flagstaff.commands.as_code_states import AsCodeError, read_file, target_of

    def run() -> "tuple[Plan, str | None]":
        target = target_of(server, token_file)
        desired, state = read_file(file), target.read()
        plan = _plan(state, desired, prune=prune)
        revision = state.revision or 0
        if expected_revision is not None and expected_revision != revision:
            raise AsCodeError(
                f"The configuration is at revision {revision}, not {expected_revision}: somebody "
                "has changed it since the plan was made."
            )
        if dry_run or not plan.differences:
            return plan, None
        return plan, target.change(
            plan.document, plan.mode, comment=comment, expected_revision=revision
        )

    plan, change_set = _or_fail(run)
    _print(plan, as_json=as_json, markdown=markdown, change_set=change_set)
    if dry_run and plan.differences:
        raise typer.Exit(DIFFERENT)


def _plan(current: "State", desired: "State", *, prune: bool) -> "Plan":
    from flagstaff.commands.as_code_plans import make_plan, open_blank

    async def plan() -> "Plan":
        async with open_blank() as blank:
            return await make_plan(blank, current, desired, prune=prune)

    return asyncio.run(plan())


def _or_fail(run: Callable[[], T]) -> T:
    """Return the result of a function. On an error that users can resolve, print it and exit."""
    from flagstaff.commands.as_code_states import AsCodeError
    from flagstaff.commands.failures import describe_failure
    from flagstaff.commands.transfer import format_problem
    from store.errors import Refusal

    try:
        return run()
    except AsCodeError as error:
        _fail(str(error))
    except Refusal as refusal:
        _fail(*(format_problem(error) for error in refusal.errors))
    except Exception as error:
        failure = describe_failure(error)
        if failure is None:
            raise
        _fail(*failure.lines)


def _fail(*lines: str) -> NoReturn:
    for line in lines:
        typer.echo(line, err=True)
    raise typer.Exit(FAILED)


def _print(plan: "Plan", *, as_json: bool, markdown: bool, change_set: str | None = None) -> None:
    from flagstaff.commands.as_code_reports import as_json as format_json
    from flagstaff.commands.as_code_reports import as_lines, as_markdown

    if as_json:
        typer.echo(format_json(plan, applied=change_set))
        return
    for line in as_markdown(plan) if markdown else as_lines(plan):
        typer.echo(line)
    if change_set is not None:
        typer.echo(f"Applied as the change set {change_set}.")
