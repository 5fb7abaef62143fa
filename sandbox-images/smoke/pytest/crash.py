def test_crash() -> None:
    assert sorted([2, 1]) == [2, 1]
