import time

import pytest

from device.spotify.refusal import limited


@pytest.mark.parametrize(
    ("hour", "wait_hours", "words"),
    [
        (12, 2, "try again at 14:00."),
        (23, 3, "try again tomorrow at 02:00."),
        (12, 23, "try again tomorrow at 11:00."),
        (0, 23, "try again at 23:00."),
    ],
)
def test_the_end_of_a_limit_has_its_day_unless_that_is_today(hour, wait_hours, words):
    now = time.mktime((2026, 12, 31, hour, 0, 0, 0, 0, -1))
    assert str(limited(now, 3600.0 * wait_hours)).endswith(words)
