"""The files in `deploy/` fit together, and fit the server."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from flagstaff.cli import app as cli
from flagstaff.cli import serve
from flagstaff.setting_field import variables
from flagstaff.settings import Settings
from rest_compat.health import HEALTH_PATH, READY_PATH
from tests.deployment.test_lock import LOCK
from tests.server import ROOT

DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
MONITORING = DEPLOY / "monitoring"
COMPOSE = [DEPLOY / "compose" / "sqlite.yaml", DEPLOY / "compose" / "postgresql.yaml"]
TEXTS = [file for file in DEPLOY.rglob("*") if file.is_file()]
# The server ends within this time after FLAGSTAFF_DRAIN_S.
SHUTDOWN_S = 10


def load(file: Path) -> Any:
    (document,) = yaml.safe_load_all(file.read_text())
    return document


def manifests() -> Mapping[str, Any]:
    names = load(KUBERNETES / "kustomization.yaml")["resources"]
    loaded = [load(KUBERNETES / name) for name in names]
    assert len(names) == len(list(KUBERNETES.glob("*.yaml"))) - 1
    return {manifest["kind"]: manifest for manifest in loaded}


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.name)
def test_only_settings_of_the_server_are_set(file: Path) -> None:
    known = {name for field in Settings.model_fields.values() for name in variables(field)}

    assert set(re.findall(r"FLAGSTAFF_[A-Z_]+", file.read_text())) <= known


def test_the_image_runs_commands_of_the_server_without_privileges() -> None:
    lines = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    last_stage = lines[max(n for n, line in enumerate(lines) if line.startswith("FROM ")) :]
    instructions = dict(line.split(" ", 1) for line in last_stage if line[:1].isupper())
    commands = {command.name or command.callback for command in cli.registered_commands}

    health = instructions["HEALTHCHECK"].rpartition("CMD ")[2]
    assert json.loads(health)[0] == json.loads(instructions["ENTRYPOINT"])[0] == "flagstaff"
    assert {json.loads(health)[1], *json.loads(instructions["CMD"])} <= {"serve", *commands}
    assert serve in commands
    assert instructions["USER"] == "10001:10001"
    assert instructions["EXPOSE"] == str(Settings.model_fields["port"].default)


def test_the_image_is_built_from_all_sources_of_the_package() -> None:
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    included = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    project = (ROOT / "pyproject.toml").read_text()
    packages = re.search(r"wheel\]\npackages = \[(.*)\]", project)
    hook = (ROOT / "hatch_build.py").read_text()
    shared = re.search(r"^SHARED = \((.*)\)", hook, re.MULTILINE)

    assert packages is not None
    assert shared is not None
    needed = [*re.findall(r'"([^"]+)"', packages[1]), *re.findall(r'"([^"]+)"', shared[1])]
    needed += ["pyproject.toml", "hatch_build.py", "README.md", "LICENSE"]
    assert {*needed, LOCK.relative_to(ROOT).as_posix()} == included
    assert all((ROOT / name).exists() for name in included)


@pytest.mark.parametrize("file", COMPOSE, ids=lambda file: file.stem)
def test_containers_are_restricted_and_have_time_to_stop(file: Path) -> None:
    services = {
        name: service
        for name, service in load(file)["services"].items()
        if service["image"] == "flagstaff"
    }

    assert services
    for service in services.values():
        drain_s = float(service["environment"].get("FLAGSTAFF_DRAIN_S", 0))
        assert int(service["stop_grace_period"].removesuffix("s")) > drain_s + SHUTDOWN_S
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert (file.parent / service["build"]["context"]).resolve() == ROOT
        assert (ROOT / service["build"]["dockerfile"]).is_file()


@pytest.mark.parametrize("file", COMPOSE, ids=lambda file: file.stem)
def test_published_ports_are_only_on_loopback(file: Path) -> None:
    services = load(file)["services"].values()
    ports = [port for service in services for port in service.get("ports", ())]

    assert ports
    assert all(port.startswith("127.0.0.1:4242:") for port in ports)


def test_services_and_networks_of_compose_exist() -> None:
    document = load(COMPOSE[1])
    services = document["services"]
    proxy = (DEPLOY / "compose" / "nginx.conf").read_text()

    upstreams = re.findall(r"server (flagstaff-\d+):4242", proxy)
    assert set(upstreams) == {name for name in services if name.startswith("flagstaff")}
    assert set(services["nginx"]["depends_on"]) == set(upstreams)
    (network,) = document["networks"]["default"]["ipam"]["config"]
    trusted = {services[name]["environment"]["FLAGSTAFF_TRUSTED_PROXIES"] for name in upstreams}
    assert trusted == {network["subnet"]}
    for service in services.values():
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source in document["volumes"] or (COMPOSE[1].parent / source).is_file()


def test_labels_ports_and_probes_of_kubernetes_agree() -> None:
    found = manifests()
    deployment = found["Deployment"]["spec"]
    pod = deployment["template"]
    (container,) = pod["spec"]["containers"]
    labels = pod["metadata"]["labels"]
    (port,) = container["ports"]

    assert deployment["selector"]["matchLabels"] == labels
    assert found["Service"]["spec"]["selector"] == labels
    assert found["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == labels
    assert found["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"] == labels
    assert found["PodDisruptionBudget"]["spec"]["minAvailable"] < deployment["replicas"]
    assert port["containerPort"] == Settings.model_fields["port"].default
    (exposed,) = found["Service"]["spec"]["ports"]
    assert exposed["targetPort"] == port["name"]
    annotations = pod["metadata"]["annotations"]
    assert annotations["prometheus.io/port"] == str(port["containerPort"])
    probes = {name: container[name]["httpGet"] for name in container if name.endswith("Probe")}
    assert {probe["port"] for probe in probes.values()} == {port["name"]}
    assert {name: probe["path"] for name, probe in probes.items()} == {
        "startupProbe": HEALTH_PATH,
        "livenessProbe": HEALTH_PATH,
        "readinessProbe": READY_PATH,
    }


def test_pods_are_restricted_and_have_time_to_stop() -> None:
    pod = manifests()["Deployment"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    values = {item["name"]: item.get("value") for item in container["env"]}

    assert pod["terminationGracePeriodSeconds"] > int(values["FLAGSTAFF_DRAIN_S"]) + SHUTDOWN_S
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def expressions() -> Iterator[str]:
    for group in load(MONITORING / "alerts.yaml")["groups"]:
        yield from (rule["expr"] for rule in group["rules"])
    for panel in load_dashboard()["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))


def load_dashboard() -> Any:
    return json.loads((MONITORING / "grafana-dashboard.json").read_text())


def test_alerts_and_the_dashboard_use_metrics_that_the_server_has() -> None:
    # Another test compares this table with the metrics of a server.
    page = (ROOT / "docs" / "operations.md").read_text()
    documented = set(re.findall(r"^\| `(flagstaff_\w+)", page, re.MULTILINE))
    used: Sequence[str] = re.findall(r"\bflagstaff_\w+", " ".join(expressions()))

    assert len(used) > 30
    assert {re.sub(r"_(bucket|sum|count)$", "", name) for name in used} <= documented


def test_the_panels_of_the_dashboard_do_not_overlap() -> None:
    cells = [
        (x, y)
        for panel in load_dashboard()["panels"]
        for position in [panel["gridPos"]]
        for x in range(position["x"], position["x"] + position["w"])
        for y in range(position["y"], position["y"] + position["h"])
    ]

    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


def test_every_alert_is_explained() -> None:
    rules = [
        rule for group in load(MONITORING / "alerts.yaml")["groups"] for rule in group["rules"]
    ]

    assert len({rule["alert"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert rule["annotations"].keys() == {"summary", "description"}
