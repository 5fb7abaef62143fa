"""open-r1's languages for Piston: `cms_ioi`, and those of Codeforces, which judge and do not merely run.

What the packages of those languages do with scripts in one container, with the tests beside the program, is done
here with a suite: the program never meets the answer, nor the checker.

Source: open-r1 `utils/competitive_programming` (`piston_client`, `ioi_scoring`, `cf_scoring`), and the packages
`cms_ioi` and `codeforces` of its fork of Piston.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from assay.contract import ComponentResult, ItemResult, TestResult, Verdict
from assay.errors import RequestError
from assay_service.compat.completions import require_test
from assay_service.compat.limits import limits_of
from assay_service.compat.piston.execution import stage
from assay_service.compat.piston.request import Execute, PistonFile
from assay_service.compat.piston.runtimes import CF_LANGUAGES, IOI, VERSION

__all__ = ["contest_batch", "contest_reply", "is_contest"]

_INPUT: Final = "input.txt"
_ANSWER: Final = "correct_output.txt"
_CF_CONFIG: Final = "grader_config"
_CF_CHECKER: Final = "checker.py"
_IOI_CONFIG: Final = "grader_config.json"
_WORD: Final = re.compile(r"\S+")
_RIGHT: Final = "Output is correct"
_PARTLY: Final = "Output is partially correct"
_WRONG: Final = "Output isn't correct"


def is_contest(request: Execute) -> bool:
    """Whether the request is to be judged: `c++17` is a plain language, too."""
    if request.language == IOI:
        return True
    return request.language in CF_LANGUAGES and _CF_CONFIG in request.named()


def contest_batch(request: Execute) -> dict[str, Any]:
    """The batch of the request, with one item.

    Raises:
        RequestError: files are missing or wrong, or the task is of a kind that cannot be judged.
    """
    code, reward = _ioi(request) if request.language == IOI else _codeforces(request)
    return {"detail": "outputs", "items": [{"id": "execute", "code": code, "rewards": [reward]}]}


def _text(files: Mapping[str, PistonFile], name: str, absent: str | None = None) -> str:
    file = files.get(name)
    if file is None:
        if absent is None:
            raise RequestError(f"the file {name!r} is missing", path="files", hint="see open-r1's piston client")
        return absent
    return file.text


def _codeforces(request: Execute) -> tuple[str, dict[str, Any]]:
    files = request.named()
    config = dict(line.split("=", 1) for line in _text(files, _CF_CONFIG).splitlines() if "=" in line)
    answer = _text(files, _ANSWER, "")
    suite: dict[str, Any] = {
        "kind": "stdio",
        "cases": [{"stdin": _text(files, _INPUT, ""), "expected": answer}],
        "checker": _cf_checker(files, answer),
    }
    if config.get("INPUT_MODE", "stdio").strip() == "file":
        suite |= {"input_file": _INPUT, "output_file": "output.txt"}
    limits = limits_of(_number(config.get("TIME_LIMIT"), 2.0), _number(config.get("MEMORY_LIMIT"), 256.0))
    main = next((file for name, file in files.items() if name.startswith("main")), request.files[0])
    language = CF_LANGUAGES[request.language]
    return main.text, {"type": "code", "language": language, "tests": suite, "limits": limits}


def _cf_checker(files: Mapping[str, PistonFile], answer: str) -> dict[str, Any]:
    source = _text(files, _CF_CHECKER, "")
    if source.strip():
        return {"type": "program", "language": "python", "source": source, "protocol": "score"}
    words = {word.lower() for word in _WORD.findall(answer)}
    return {"type": "tokens", "case_sensitive": not (words and words <= {"yes", "no"})}


def _ioi(request: Execute) -> tuple[str, dict[str, Any]]:
    files = request.named()
    graders = {name.rpartition("/")[2]: file for name, file in files.items() if name.startswith("graders/")}
    config = _ioi_config(graders.pop(_IOI_CONFIG, None))
    name = f"{config.get('code') or config.get('id') or ''}.cpp"
    if name not in graders:  # the one that no grader is
        name = request.files[0].name.rpartition("/")[2] if request.files[0].name else ""
    submission = graders.pop(name, None)
    if submission is None:
        raise RequestError("there is no submission among the files", path="files", hint="graders/<problem>.cpp")
    suite: dict[str, Any] = {
        "kind": "stdio",
        "cases": [{"stdin": _text(files, _INPUT, ""), "expected": _text(files, _ANSWER, "")}],
        "checker": _ioi_checker(files),
    }
    limits = limits_of(_number(config.get("time_limit"), request.run_s), request.memory_mb)
    linked = {each: file.text for each, file in graders.items() if file.content}
    reward = {"type": "ioi_code", "language": "cpp", "tests": suite, "limits": limits}
    return submission.text, reward | ({"grader_files": linked, "main": name} if linked else {})


def _ioi_config(file: PistonFile | None) -> dict[str, Any]:
    try:
        config = json.loads(file.text) if file is not None else {}
    except ValueError as error:
        raise RequestError(f"{_IOI_CONFIG} is not JSON: {error}", path="files") from error
    if not isinstance(config, dict):
        raise RequestError(f"{_IOI_CONFIG} is no object", path="files")
    if config.get("task_type") == "Communication":
        message = "a task of several processes that communicate cannot be judged here"
        raise RequestError(message, path="files", hint="leave such problems out of the training set")
    return config


def _ioi_checker(files: Mapping[str, PistonFile]) -> dict[str, Any]:
    beside = {name.rpartition("/")[2]: file for name, file in files.items() if name.startswith("checker/")}
    source = beside.pop("checker.cpp", None)
    if source is None or not source.content:
        return {"type": "tokens"}
    others = {name: file.text for name, file in beside.items()}
    return {"type": "program", "language": "cpp", "source": source.text, "files": others, "protocol": "cms"}


def _number(value: object, default: float) -> float:
    try:
        number = float(str(value))
    except ValueError:
        return default
    return number if number > 0 else default


def contest_reply(request: Execute, result: ItemResult) -> dict[str, Any]:
    """The answer to the request, in the words that open-r1 looks for.

    Raises:
        ServiceError: the result has no test in it.
    """
    component, test = require_test(result)
    compiled = test.verdict is not Verdict.COMPILE_ERROR
    compilation = stage(TestResult(verdict=Verdict.ACCEPTED, exit_code=0)) if compiled else stage(test)
    run = _verdict(request, component, test)
    return {"language": request.language, "version": VERSION, "compile": compilation, "run": run}


def _verdict(request: Execute, component: ComponentResult, test: TestResult) -> dict[str, Any]:
    share = (test.share if test.share is not None else float(test.verdict is Verdict.ACCEPTED)) or 0.0
    if component.score == 0:
        share = 0.0
    told = {**stage(test), "code": 0, "signal": None, "message": None, "status": None}
    if request.language == IOI:
        return told | {"stdout": repr(share), "stderr": _feedback(test, share), "output": repr(share)}
    printed = "1" if share == 1.0 else "0"
    return told | {"stdout": printed, "stderr": "" if share == 1.0 else _feedback(test, share), "output": printed}


def _feedback(test: TestResult, share: float) -> str:
    match test.verdict:
        case Verdict.ACCEPTED:
            return _RIGHT
        case Verdict.TIME_LIMIT:
            return f"Time limit exceeded ({(test.cpu_ms or 0) / 1000:.2f}s)"
        case Verdict.MEMORY_LIMIT:
            return "Memory limit exceeded"
        case Verdict.COMPILE_ERROR:
            return f"Compilation error exited with code 1\n{test.stderr or ''}"
        case Verdict.WRONG_ANSWER:
            return _PARTLY if 0 < share < 1 else _WRONG
        case _:
            return f"Runtime error: {test.message or test.signal or test.exit_code}"
