def test_hello() -> None:
    assert sorted([2, 1]) == [1, 2]
