"""The short form of benchmarks/stream_kills.py: one kill, and one of the broker."""

from stream_kills import BROKER_KILLS, prove


def test_each_acknowledged_rating_is_there_once_after_kills(tmp_path):
    assert BROKER_KILLS == 3  # the long form
    looks = prove(tmp_path, kills=1, broker_kills=1, count=2_000, seed=7)
    assert len(looks) == 4
    for look in looks:
        assert look.rows >= 2_000
        assert look.is_right, look
