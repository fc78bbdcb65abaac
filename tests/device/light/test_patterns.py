from pathlib import Path

from device.light.patterns import PATTERNS, Cue, table

README = Path(__file__).parents[3] / "README.md"


def test_every_cue_has_a_pattern():
    assert set(PATTERNS) == set(Cue)


def test_the_readme_shows_the_table_of_the_code():
    assert table() in README.read_text(encoding="utf-8")


def test_a_pattern_that_ends_says_so_and_one_that_does_not_has_nothing_after_it():
    for pattern in PATTERNS.values():
        assert pattern.times is not None or pattern.then is None
        assert all(frame.seconds > 0 for frame in pattern.frames)
