"""The lock file of releases matches the dependencies of the package."""

import re
import tomllib

from packaging.requirements import Requirement

from tests.server import ROOT

LOCK = ROOT / "deploy" / "requirements.lock"
# The image installs the packages of these extras, too.
EXTRAS = ("postgres", "otel")


def test_the_lock_file_has_a_version_of_each_dependency_that_the_package_accepts() -> None:
    # To update the file, run `make lock`.
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = [*project["dependencies"]]
    for extra in EXTRAS:
        named += project["optional-dependencies"][extra]
    locked = dict(re.findall(r"^([\w.-]+)==(\S+)", LOCK.read_text(), re.MULTILINE))

    refused = [
        text
        for text in named
        if (wanted := Requirement(text)).name.lower() not in locked
        or locked[wanted.name.lower()] not in wanted.specifier
    ]

    assert refused == []


def test_each_package_of_the_lock_file_has_hashes_and_no_address() -> None:
    text = LOCK.read_text()
    packages = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]

    assert [package for package in packages if "--hash=sha256:" not in package] == []
    assert "://" not in text
