"""Examines whether the Docker engine can run sandboxes, and says what to do where it cannot."""

from typing import Any

from assay.errors import SandboxError
from assay.settings import Settings, load_settings
from assay_workers.sandbox.docker.driver import DockerDriver
from assay_workers.sandbox.docker.engine import Engine, NameTaken
from assay_workers.sandbox.finding import Finding, find_by_running
from assay_workers.sandbox.languages import languages

__all__ = ["diagnose"]

_PATIENCE_S = 5.0


def diagnose(settings: Settings | None = None) -> list[Finding]:
    """Asks the engine for what sandboxes need, and then runs a program in one."""
    settings = (settings or load_settings()).model_copy(update={"docker_patience_s": _PATIENCE_S})
    engine = Engine(_PATIENCE_S)
    try:
        info: dict[str, Any] = engine.call(lambda client: client.info())
        found = [_engine(info), _runtime(settings, info), _images(settings, engine)]
    except (SandboxError, NameTaken) as error:
        hint = getattr(error, "hint", "")
        return [Finding("Docker engine", False, str(error), hint)]
    finally:
        engine.close()
    return [*found, find_by_running("a container", DockerDriver(settings).start)]


def _engine(info: dict[str, Any]) -> Finding:
    options = ", ".join(option.partition(",")[0] for option in info.get("SecurityOptions") or ())
    detail = f"{info.get('ServerVersion')} on {info.get('OperatingSystem')}; {options or 'no security options'}"
    has_filter = "name=seccomp" in options
    remedy = None if has_filter else "the engine has no seccomp support: cells have their own filter all the same"
    return Finding("Docker engine", True, detail, remedy)


def _runtime(settings: Settings, info: dict[str, Any]) -> Finding:
    known = sorted(info.get("Runtimes") or ())
    wanted = settings.docker_runtime or str(info.get("DefaultRuntime"))
    remedy = f"set docker_runtime to one of: {', '.join(known)}; or tell the engine of it (daemon.json)"
    return Finding("runtime", wanted in known, wanted, None if wanted in known else remedy)


def _images(settings: Settings, engine: Engine) -> Finding:
    listed = engine.call(lambda client: client.images())
    tags = {tag for image in listed for tag in image.get("RepoTags") or ()}
    wanted = sorted({language.image for language in languages().values()})
    prefix, tag = settings.docker_image_prefix, settings.docker_image_tag
    missing = [image for image in wanted if f"{prefix}{image}:{tag}" not in tags]
    if not missing:
        return Finding("images", True, f"all {len(wanted)} are there")
    detail = f"{len(missing)} of {len(wanted)} are missing: {', '.join(missing)}"
    return Finding("images", False, detail, "`make images`; the languages of the others can be run")
