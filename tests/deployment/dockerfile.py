"""Read the stages of a Dockerfile, and select the files that its build receives.

The module knows the forms of instructions that `deploy/Dockerfile` uses. It refuses others, so that
no step can be left out without notice.
"""

import json
import os
import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct, field

# Instructions that change the file system, or how later steps and the container run.
_STEPS = frozenset({"RUN", "COPY", "WORKDIR", "ENV", "USER", "VOLUME"})
# Instructions that say how to run the container. Their values are lists of arguments.
_COMMANDS = frozenset({"ENTRYPOINT", "CMD"})
# Instructions that only describe the image.
_DESCRIPTIONS = frozenset({"LABEL", "EXPOSE", "STOPSIGNAL"})


class Step(Struct, frozen=True):
    """An instruction with its arguments as they are written."""

    name: str
    value: str


class Stage(Struct, kw_only=True):
    """A stage of a build: its base, and its steps in order."""

    base: str
    name: str | None
    steps: list[Step] = field(default_factory=list[Step])
    described: dict[str, str] = field(default_factory=dict[str, str])
    command: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    health_check: list[str] = field(default_factory=list[str])


def read_stages(text: str) -> list[Stage]:
    """Return the stages of a Dockerfile.

    Raises: ValueError: an instruction is unknown or has an unknown form.
    """
    stages: list[Stage] = []
    for name, value in _instructions(text):
        if name == "FROM":
            base, _, alias = value.partition(" AS ")
            stages.append(Stage(base=base, name=alias or None))
            continue
        stage = stages[-1]
        if name in _STEPS:
            stage.steps.append(Step(name, value))
        elif name in _COMMANDS:
            stage.command[name] = json.loads(value)
        elif name in _DESCRIPTIONS:
            stage.described[name] = value
        elif name == "HEALTHCHECK":
            stage.health_check = json.loads(value.partition("CMD ")[2])
        else:
            raise ValueError(f"The instruction {name} is unknown.")
    return stages


def variables_of(value: str) -> dict[str, str]:
    """Return the variables of an ENV instruction, with references to other variables.

    Raises: ValueError: the instruction has another form than `ENV NAME=VALUE …`.
    """
    pairs = [word.partition("=") for word in shlex.split(value)]
    if not all(separator for _, separator, _ in pairs):
        raise ValueError(f"ENV {value} has an unknown form.")
    return {name: content for name, _, content in pairs}


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    """Yield the instructions; a backslash at the end of a line continues an instruction."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if line.strip():
            name, _, value = line.strip().partition(" ")
            yield name, value.strip()


def context_files(folder: Path, ignored: str) -> Iterator[Path]:
    """Yield the files that a build in a folder receives, relative to the folder.

    `ignored` is the content of the `.dockerignore` file.
    """
    rules = [*_rules(ignored)]
    wanted = [pattern for pattern, excludes in rules if not excludes]
    for root, folders, files in os.walk(folder):
        here = Path(root).relative_to(folder)
        for name in files:
            if not _is_excluded(here / name, rules):
                yield here / name
        folders[:] = [
            name
            for name in folders
            if not _is_excluded(here / name, rules)
            or any(pattern.startswith(f"{(here / name).as_posix()}/") for pattern in wanted)
        ]


def _rules(ignored: str) -> Iterator[tuple[str, bool]]:
    """Yield each pattern, and whether the pattern excludes files."""
    for line in ignored.splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip().removeprefix("!"), not line.startswith("!")


def _is_excluded(path: Path, rules: Sequence[tuple[str, bool]]) -> bool:
    """Whether the last pattern that matches the path, or a folder that contains it, excludes it."""
    names = [path.as_posix(), *(parent.as_posix() for parent in path.parents)]
    is_excluded = False
    for pattern, excludes in rules:
        expression = _expression(pattern)
        if any(re.fullmatch(expression, name) for name in names):
            is_excluded = excludes
    return is_excluded


def _expression(pattern: str) -> str:
    parts = re.split(r"(\*\*/|\*)", pattern)
    known = {"**/": "(?:.*/)?", "*": "[^/]*"}
    return "".join(known.get(part, re.escape(part)) for part in parts)
