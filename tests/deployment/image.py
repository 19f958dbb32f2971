"""Run the steps of `deploy/Dockerfile` without a container runtime, and start the server.

    python -m tests.deployment.image [--python FOLDER]

The program reads the steps from the Dockerfile. Each stage begins with a writable view of this
machine's file system, in which FOLDER, an installation of Python, takes the place of `/usr/local`.
Steps run as root in this view, and their changes stay in a temporary folder. Then the command of
the image runs without network, as the image's user, without capabilities, and on a read-only file
system. The program exits with 1 if a step fails, if the health check does not succeed, if the
server can write outside its volume, or if it does not stop after the image's signal.

The program needs root, Linux with overlayfs, `unshare` and `setpriv`, and access to the package
registries. The base image itself and its system packages are not tested.
"""

import argparse
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from string import Template

from tests.deployment.dockerfile import Stage, Step, context_files, read_stages, variables_of
from tests.server import ROOT

DOCKERFILE = ROOT / "deploy" / "Dockerfile"
PATH = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
# Settings of this machine that downloads need.
PASSED_ON = ("PIP_", "NPM_", "NODE_EXTRA_CA", "SSL_CERT", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
# The output of the server while its health is checked.
LOG = "container.log"
CHECKS = 60
STOP_S = 20
CLONE_NEWNET = 0x40000000


class Layers:
    """The file systems of the stages, below a folder."""

    def __init__(self, folder: Path, python: Path) -> None:
        self._folder = folder
        self._python = python
        self._names: dict[str, Path] = {}

    def build(self, stage: Stage) -> tuple[Path, dict[str, str]]:
        """Run the steps of a stage; return its file system and its variables."""
        root = self._mount(stage.name or "last")
        variables, workdir = {"PATH": PATH, "HOME": "/root"}, "/"
        for step in stage.steps:
            print(f"{stage.name or 'last'}: {step.name} {step.value[:90]}", flush=True)
            match step.name:
                case "ENV":
                    variables |= _expanded(variables_of(step.value), variables)
                case "WORKDIR":
                    workdir = step.value
                    (root / workdir.lstrip("/")).mkdir(parents=True, exist_ok=True)
                case "RUN":
                    _run_in(root, workdir, {**_passed_on(), **variables}, step.value)
                case "COPY":
                    self._copy(step, root, workdir)
                case _:
                    pass  # USER and VOLUME concern only the container
        return root, variables

    def _mount(self, name: str) -> Path:
        """Mount a writable view of this machine, without this repository and temporary files."""
        folder = self._folder / name
        root = folder / "root"
        root.mkdir(parents=True)
        _mount_writable(Path("/"), root, folder / "machine")
        _mount_writable(self._python, root / "usr" / "local", folder / "python")
        for system in ("dev", "proc"):
            _run("mount", "--rbind", f"/{system}", str(root / system))
        _run("mount", "-t", "tmpfs", "tmpfs", str(root / ROOT.relative_to("/")))
        temporary = folder / "tmp"
        temporary.mkdir()
        temporary.chmod(0o1777)
        _run("mount", "--bind", str(temporary), str(root / "tmp"))
        # Python's library must be found as in the base image.
        _run("chroot", str(root), "ldconfig")
        self._names[name] = root
        return root

    def _copy(self, step: Step, root: Path, workdir: str) -> None:
        *options, source, target = step.value.split()
        destination = root / workdir.lstrip("/") / target
        if options:
            (stage,) = options
            origin = self._names[stage.removeprefix("--from=")]
            destination = root / target.lstrip("/")
            _run("cp", "--archive", str(origin / source.lstrip("/")), str(destination))
            return
        if (source, target) != (".", "."):
            raise ValueError(f"COPY {step.value} has an unknown form.")
        ignored = DOCKERFILE.with_name("Dockerfile.dockerignore").read_text()
        for file in context_files(ROOT, ignored):
            (destination / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, destination / file)


def run_container(
    stage: Stage, root: Path, variables: Mapping[str, str], folder: Path
) -> list[str]:
    """Run the command of a stage and its health check; return what is wrong."""
    settings = {step.name: step.value for step in stage.steps}
    volume = folder / "volume"
    _run("cp", "--archive", str(root / settings["VOLUME"].lstrip("/")), str(volume))
    _run("mount", "-o", "remount,ro", str(root))
    _run("mount", "-o", "remount,ro", str(root / "usr" / "local"))
    _run("mount", "--bind", str(volume), str(root / settings["VOLUME"].lstrip("/")))
    _without_network()
    user, group = settings["USER"].split(":")
    environment = {name: value for name, value in variables.items() if name != "HOME"}

    def inside(*command: str) -> list[str]:
        restricted = (
            *("chroot", str(root), "setpriv", f"--reuid={user}", f"--regid={group}"),
            *("--clear-groups", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"),
        )
        return [*restricted, "env", f"--chdir={settings['WORKDIR']}", *command]

    def succeeds(*command: str) -> bool:
        ended = subprocess.run(inside(*command), env=environment, capture_output=True, text=True)
        print(f"{command}: {ended.returncode} {ended.stdout.strip()}{ended.stderr.strip()}")
        return ended.returncode == 0

    problems = [
        f"the user can write to {place}"
        for place in ("/opt/flagstaff", "/usr/local", "/etc")
        if succeeds("touch", f"{place}/written")
    ]
    command = stage.command["ENTRYPOINT"] + stage.command["CMD"]
    print(f"user {settings['USER']}: {command}", flush=True)
    with (folder / LOG).open("wb") as log:
        server = subprocess.Popen(inside(*command), env=environment, stdout=log, stderr=log)
    for _ in range(CHECKS):
        is_healthy = succeeds(*stage.health_check)
        if is_healthy or server.poll() is not None:
            break
        time.sleep(1)
    else:
        is_healthy = False
    if not is_healthy:
        problems.append("the health check does not succeed")
    server.send_signal(signal.Signals[stage.described["STOPSIGNAL"]])
    status = server.wait(STOP_S)
    if status != 0:
        problems.append(f"the server ended with {status}")
    print((folder / LOG).read_text(), end="")
    print(f"the volume contains {sorted(file.name for file in volume.iterdir())}")
    return problems


def _expanded(values: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    return {name: Template(value).substitute(known) for name, value in values.items()}


def _passed_on() -> dict[str, str]:
    return {name: os.environ[name] for name in os.environ if name.upper().startswith(PASSED_ON)}


def _mount_writable(lower: Path, target: Path, folder: Path) -> None:
    """Mount a view of a folder; changes are stored in another folder."""
    upper, work = folder / "upper", folder / "work"
    upper.mkdir(parents=True)
    work.mkdir()
    options = f"lowerdir={lower},upperdir={upper},workdir={work}"
    _run("mount", "-t", "overlay", "overlay", "-o", options, str(target))


def _without_network() -> None:
    """Move this process and its children into a network that has only a loopback interface."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    _run("ip", "link", "set", "lo", "up")


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def _run_in(root: Path, workdir: str, variables: Mapping[str, str], script: str) -> None:
    subprocess.run(
        ["chroot", str(root), "env", f"--chdir={workdir}", "/bin/sh", "-c", script],
        check=True,
        stdin=subprocess.DEVNULL,
        env=dict(variables),
    )


def _build_and_run(python: Path) -> int:
    stages = read_stages(DOCKERFILE.read_text())
    with tempfile.TemporaryDirectory(prefix="flagstaff-image-") as name:
        folder = Path(name)
        layers = Layers(folder, python)
        root, variables = [layers.build(stage) for stage in stages][-1]
        problems = run_container(stages[-1], root, variables, folder)
        print(problems or "the image's steps succeed, and its server is healthy")
    return 1 if problems else 0


def main() -> int:
    """Run the program in namespaces for its mounts, processes and network."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", type=Path, default=Path(sys.base_prefix))
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        return _build_and_run(options.python)
    separate = ("unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child")
    again = (sys.executable, "-m", "tests.deployment.image", "--inside")
    return subprocess.run([*separate, *again, "--python", str(options.python)]).returncode


if __name__ == "__main__":
    sys.exit(main())
