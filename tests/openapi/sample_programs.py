"""Run the code samples of many operations. Each language has one process."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

DEADLINE_S = 300


class Sample(Struct, frozen=True):
    """The code sample of an operation, and the token that the sample uses."""

    id: str
    source: str
    token: str


def run_shell(samples: Sequence[Sample], url: str, folder: Path) -> Mapping[str, str]:
    """Run samples for the shell. Return the output of failed samples."""
    lines = [
        f"( export FLAGSTAFF_TOKEN='{sample.token}'; . ./{_write(sample, folder, 'sh')} ) "
        f"> {sample.id}.out 2>&1 || echo {sample.id}"
        for sample in samples
    ]
    (folder / "all.sh").write_text("\n".join(lines), encoding="utf-8")
    return _run(["bash", "all.sh"], url, folder)


def run_python(samples: Sequence[Sample], url: str, folder: Path) -> Mapping[str, str]:
    """Run samples for Python. Return the exceptions of failed samples."""
    return _run([sys.executable, _runner(_PYTHON, "py", samples, folder)], url, folder)


def run_node(samples: Sequence[Sample], url: str, folder: Path) -> Mapping[str, str]:
    """Run samples for Node. Return the exceptions of failed samples."""
    return _run(["node", _runner(_NODE, "mjs", samples, folder)], url, folder)


RUNNERS: Mapping[str, Callable[[Sequence[Sample], str, Path], Mapping[str, str]]] = {
    "shell": run_shell,
    "python": run_python,
    "javascript": run_node,
}

_PYTHON = """\
import contextlib, io, json, os, pathlib, traceback

for id, (file, token) in json.loads(pathlib.Path("samples.json").read_text()).items():
    os.environ["FLAGSTAFF_TOKEN"] = token
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(pathlib.Path(file).read_text(), file, "exec"), {})
    except Exception:
        pathlib.Path(f"{id}.out").write_text(traceback.format_exc())
        print(id)
"""
_NODE = """\
import { readFileSync, writeFileSync } from "node:fs";

const samples = JSON.parse(readFileSync("samples.json", "utf8"));
const print = console.log;
console.log = () => {};
for (const [id, [file, token]] of Object.entries(samples)) {
  process.env.FLAGSTAFF_TOKEN = token;
  try {
    await import(`./${file}`);
  } catch (error) {
    writeFileSync(`${id}.out`, String(error.stack));
    print(id);
  }
}
process.exit();
"""


def _runner(program: str, ending: str, samples: Sequence[Sample], folder: Path) -> str:
    """Write samples and a program that runs the samples. Return the name of the program's file."""
    files = {sample.id: (_write(sample, folder, ending), sample.token) for sample in samples}
    (folder / "samples.json").write_text(json.dumps(files), encoding="utf-8")
    (folder / f"all.{ending}").write_text(program, encoding="utf-8")
    return f"all.{ending}"


def _write(sample: Sample, folder: Path, ending: str) -> str:
    name = f"{sample.id}.{ending}"
    (folder / name).write_text(sample.source, encoding="utf-8")
    return name


def _run(command: Sequence[str], url: str, folder: Path) -> Mapping[str, str]:
    ended = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "FLAGSTAFF_URL": url, "NO_PROXY": "*"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return {id: (folder / f"{id}.out").read_text() for id in ended.stdout.split()}
