"""The compose file is valid for the tool that reads it, and keeps what the deployment how-to promises."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from federation.exchange import settings as exchange_settings
from node import settings as node_settings

ROOT = Path(__file__).parents[2]
BUILT = {"exchange-1", "exchange-2", "medicine-hat", "calgary", "lethbridge"}
SERVICES = BUILT | {"database", "proxy", "mail"}
_WORDS = ("password", "secret", "token", "key", "passphrase")
_MISSING = "Compose is not installed: install Debian's package `docker-compose`, or Docker's plugin `compose`."


def _compose() -> list[str]:
    alone, docker = shutil.which("docker-compose"), shutil.which("docker")
    if alone is not None:
        return [alone]
    if docker is None:
        pytest.fail(_MISSING, pytrace=False)
    return [docker, "compose"]


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, object]]:
    """Every service as Compose understands the file."""
    command = [*_compose(), "--env-file", ".env.example", "--file", "docker-compose.yml", "config"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, object]] = yaml.safe_load(done.stdout)["services"]
    return found


def _environment(service: dict[str, object]) -> dict[str, str]:
    found = service.get("environment", {})
    assert isinstance(found, dict)
    return {str(name): str(value) for name, value in found.items()}


def test_the_whole_federation_is_there(services: dict[str, dict[str, object]]) -> None:
    assert set(services) == SERVICES


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_service_is_root_or_may_write_outside_its_volumes(services: dict[str, dict[str, object]], name: str) -> None:
    service = services[name]
    user = str(service["user"]).partition(":")[0]
    assert user.isdecimal()
    assert user != "0"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert service["healthcheck"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_secrets_are_files_and_never_variables(services: dict[str, dict[str, object]], name: str) -> None:
    for variable, value in _environment(services[name]).items():
        if any(word in variable.lower() for word in _WORDS):
            assert variable.endswith(("_FILE", "_DIR")), variable
        assert "://" not in value or "@" not in value or value.startswith("postgresql://mentorweave@"), variable


def test_the_proxy_alone_is_reachable_from_outside(services: dict[str, dict[str, object]]) -> None:
    assert {name for name, service in services.items() if service.get("ports")} == {"proxy"}


def test_the_replicas_of_the_exchange_differ_in_nothing(services: dict[str, dict[str, object]]) -> None:
    assert services["exchange-1"] == services["exchange-2"]


def test_every_program_has_a_database_data_and_keys_of_its_own(services: dict[str, dict[str, object]]) -> None:
    made = (ROOT / "docs" / "howto" / "deploy" / "databases.sql").read_text("utf-8")
    programs = BUILT - {"exchange-1", "exchange-2"}
    urls = {_environment(services[name])["MENTORWEAVE_DATABASE_URL"] for name in programs}
    assert len(urls) == len(programs)
    assert all(f"CREATE DATABASE {url.rpartition('/')[2]};" in made for url in urls)
    volumes = [str(services[name]["volumes"]) for name in programs]
    assert len(set(volumes)) == len(programs)


def test_every_setting_that_is_set_exists(services: dict[str, dict[str, object]]) -> None:
    exchange = {f"{exchange_settings.PREFIX}{name.upper()}" for name in exchange_settings.ExchangeSettings.model_fields}
    node = {f"{node_settings.PREFIX}{name.upper()}" for name in node_settings.Settings.model_fields}
    for name, service in services.items():
        named = {variable for variable in _environment(service) if variable.startswith(node_settings.PREFIX)}
        assert named <= (exchange if name.startswith("exchange") else node)
