"""Keys and quotas of tenants, as their file tells them."""

from pathlib import Path

import pytest

from assay.errors import ServiceError
from assay.queue.port import Quota
from assay.tenants import hash_key, new_key, parse_keys, read_keys

KEY, OTHER, STRANGER = new_key(), new_key(), new_key()


def _table(name: str, *keys: str, more: str = "") -> str:
    hashes = ", ".join(f'"{hash_key(key)}"' for key in keys)
    return f"[tenants.{name}]\nkeys = [{hashes}]\n{more}\n"


def test_every_key_leads_to_its_tenant_and_no_other() -> None:
    book = parse_keys(_table("a", KEY, OTHER) + _table("b", "third"))
    found = [book.tenant_of(key) for key in (KEY, OTHER, "third", STRANGER, "", "\udcff")]
    assert [tenant and tenant.name for tenant in found] == ["a", "a", "b", None, None, None]
    assert [tenant.name for tenant in book.tenants()] == ["a", "b"]


def test_keys_differ_and_can_stand_in_a_path() -> None:
    assert len({KEY, OTHER, STRANGER}) == 3
    assert KEY.replace("_", "").replace("-", "").isalnum()
    assert len(KEY) >= 43


def test_a_tenant_has_the_quota_of_its_table() -> None:
    queued = "max_queued_items = 10\nmax_queued_mb = 1.5\nmax_queued_work_s = 60\n"
    more = f"weight = 2\n{queued}batches_per_s = 2\nburst = 3"
    tenant = parse_keys(_table("a", KEY, more=more)).tenant_of(KEY)
    assert tenant is not None
    assert tenant.quota == Quota(2.0, 10, 1.5, 60.0, 2.0, 3)
    plain = parse_keys(_table("a", KEY)).tenant_of(KEY)
    assert plain is not None
    assert plain.quota == Quota()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "tenants: Field required"),
        ("[tenants]", "tenants: Dictionary should have at least 1 item"),
        ("tenants = [", "not TOML"),
        ("[tenants.a]\nkeys = []", "tenants.a.keys"),
        ('[tenants.a]\nkeys = ["plain-key"]', "tenants.a.keys.0"),
        ('[tenants."a.b"]\nkeys = ["sha256:' + "0" * 64 + '"]', "a.b"),
        (_table("a", KEY, more="weight = 0"), "tenants.a.weight"),
        (_table("a", KEY, more="max_queued_items = 1.5"), "tenants.a.max_queued_items"),
        (_table("a", KEY, more="max_items = 1"), "tenants.a.max_items"),
        (_table("a", KEY) + _table("b", KEY), "twice"),
        (_table("everyone", KEY), "those without a key"),
    ],
)
def test_a_wrong_file_says_where(text: str, complaint: str) -> None:
    with pytest.raises(ServiceError) as caught:
        parse_keys(text)
    assert caught.value.code == "invalid_keys"
    assert complaint in caught.value.message


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="cannot be read") as caught:
        read_keys(tmp_path / "none.toml")
    assert caught.value.code == "invalid_keys"
