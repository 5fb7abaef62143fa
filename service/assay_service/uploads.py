"""What may be uploaded as a suite: a plain suite, or the row of a dataset, that an item could have. Pure."""

from assay.errors import ItemError, RequestError
from assay_service.admission import check_item
from assay_service.json_body import parse_body

__all__ = ["check_suite"]

_PATH = "suite"


def check_suite(body: bytes | bytearray) -> None:
    """Raises what is wrong with a suite.

    Raises:
        RequestError: ``invalid_json``, ``invalid_request``.
    """
    suite = parse_body(body)
    if suite.get("kind") == "shared":
        raise RequestError("a suite cannot refer to another", path="kind")
    kinds = ("code", "ioi_code") if suite.get("kind") == "dataset" else ("code",)
    complaints = []
    for kind in kinds:  # a row that is linked with a grader fits one kind of reward alone
        item = {"id": "suite", "code": "", "rewards": [{"type": kind, "tests": suite}]}
        try:
            check_item(item, _PATH)
        except ItemError as error:
            complaints.append(error)
        else:
            return
    first = complaints[0]
    within = first.path.removeprefix(f"{_PATH}.rewards[0].tests").lstrip(".")
    raise RequestError(first.message, path=within, hint=first.hint)
