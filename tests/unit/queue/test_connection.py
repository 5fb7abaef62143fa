"""What a `redis_url` may say."""

import pytest

from assay.errors import QueueError
from assay.queue.connection import connect, connect_async, parse_sentinels
from assay.settings import Settings


@pytest.mark.parametrize("url", ["redis://host", "rediss://user:pass@host:6380/2", "unix:///run/redis.sock"])
def test_an_ordinary_url_names_no_sentinels(url: str) -> None:
    assert parse_sentinels(url) is None


def test_sentinels_are_named_with_what_they_watch() -> None:
    found = parse_sentinels(
        "redis+sentinel://me:p%40ss@one:1,two,[::1]:3/assay/2?sentinel_password=x&client_name=y"
    )
    assert found is not None
    assert found.addresses == (("one", 1), ("two", 26379), ("::1", 3))
    assert found.service == "assay"
    assert found.options == {"db": 2, "username": "me", "password": "p@ss", "client_name": "y"}
    assert found.own == {"password": "x"}


def test_tls_is_for_redis_and_the_sentinels() -> None:
    found = parse_sentinels("rediss+sentinel://one/assay?ssl_ca_certs=/ca.pem")
    assert found is not None
    assert found.options == {"db": 0, "ssl": True, "ssl_ca_certs": "/ca.pem"}
    assert found.own == {"ssl": True, "ssl_ca_certs": "/ca.pem"}


@pytest.mark.parametrize(
    "url",
    [
        "redis+sentinel://one:26379",
        "redis+sentinel:///assay",
        "redis+sentinel://one/assay/x",
        "redis+sentinel://one:x/assay",
        "http://host",
        "host:6379",
    ],
)
def test_a_wrong_url_is_told(url: str) -> None:
    for make in (connect, connect_async):
        with pytest.raises(QueueError) as caught:
            make(Settings(redis_url=url))
        assert "redis_url" in caught.value.message
        assert caught.value.hint
