"""The programs in this folder have command lines with a working `--help`."""

import runpy
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
PARSER = "ArgumentParser("


def programs() -> list[str]:
    """Return the names of modules that parse a command line. `python -m` accepts the names."""
    files = sorted(item for item in TESTS.rglob("*.py") if item != Path(__file__))
    return [
        ".".join(file.relative_to(TESTS.parent).with_suffix("").parts).removesuffix(".__main__")
        for file in files
        if PARSER in file.read_text()
    ]


@pytest.mark.filterwarnings("ignore:.*found in sys.modules:RuntimeWarning")
@pytest.mark.parametrize("program", programs())
def test_every_program_describes_its_options(
    program: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(sys, "argv", [program, "--help"])

    with pytest.raises(SystemExit) as end:
        runpy.run_module(program, run_name="__main__", alter_sys=True)

    assert end.value.code == 0
    assert capsys.readouterr().out.startswith("usage: ")
