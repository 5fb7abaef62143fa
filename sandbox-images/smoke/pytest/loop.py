def test_loop() -> None:
    while True:
        pass
