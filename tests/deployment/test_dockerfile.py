"""The program that runs the steps of the image reads the whole Dockerfile."""

from pathlib import Path

import pytest

from tests.deployment.dockerfile import Step, context_files, read_stages, variables_of
from tests.deployment.image import DOCKERFILE

IGNORED = "# a comment\n*\n!kept\n!deep/in/file\n**/bundle\n"


def test_the_stages_of_the_image_are_known() -> None:
    build, last = read_stages(DOCKERFILE.read_text())

    assert (build.name, last.name) == ("build", None)
    assert Step("COPY", ". .") in build.steps
    assert Step("COPY", "--from=build /opt/flagstaff /opt/flagstaff") in last.steps
    assert any("--require-hashes" in step.value for step in build.steps)
    (variables,) = [variables_of(step.value) for step in last.steps if step.name == "ENV"]
    assert variables["PATH"] == "/opt/flagstaff/bin:$PATH"
    assert last.command == {"ENTRYPOINT": ["flagstaff"], "CMD": ["serve"]}
    assert last.health_check == ["flagstaff", "health"]


@pytest.mark.parametrize("line", ["ADD . .", "SHELL ['sh']"])
def test_an_unknown_instruction_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="is unknown"):
        read_stages(f"FROM base\n{line}\n")


def test_a_build_receives_the_files_that_are_not_ignored(tmp_path: Path) -> None:
    for name in ("other", "kept/a", "kept/bundle/b", "deep/in/file", "deep/in/other", "bundle/c"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()

    found = {file.as_posix() for file in context_files(tmp_path, IGNORED)}

    assert found == {"kept/a", "deep/in/file"}
