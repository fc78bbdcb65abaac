import numpy as np
import pytest
from lines import STEP_SECONDS, Record, looks

BASE = 534
PINS = (22, 27, 24)
PALETTE = {"white": (1.0, 1.0, 1.0), "blue": (0.0, 0.1, 1.0), "red": (1.0, 0.0, 0.0)}


def trace(levels, seconds, begin=100.0):
    """The kernel's text while red, green and blue have these levels, with PWM at 100 Hz."""
    lines = [f"            sh-90      [000] ..... {begin:.6f}: tracing_mark_write: press"]
    for period in np.arange(begin, begin + seconds, 0.01):
        for pin, level in zip(PINS, levels, strict=True):
            edges = [(period, 1), (period + 0.01 * level, 0)] if level else []
            lines += [
                f"       emotify-812 [001] ..... {at:.6f}: gpio_value: {BASE + pin} set {value}"
                for at, value in edges
            ]
    return "\n".join(lines)


def test_the_mean_of_the_lines_is_the_colour():
    record = Record.of(trace((0.5, 0.0, 1.0), 2.0), BASE)

    colours = record.colours(PINS, record.marks["press"], 1.6)

    assert colours.shape == (round(1.6 / STEP_SECONDS), 3)
    assert np.allclose(colours[:-1], (0.5, 0.0, 1.0), atol=0.05)


def test_before_the_first_edge_and_after_the_last_it_is_dark():
    record = Record.of(trace((0.5, 0.5, 0.5), 1.0), BASE)

    assert record.colours(PINS, 99.0, 0.9).max() == 0
    assert record.colours(PINS, 101.1, 0.9).max() == 0


def test_what_is_read_is_no_edge():
    record = Record.of(f" x-1 [000] ..... 3.5: gpio_value: {BASE + 22} get 1", BASE)

    assert record.edges == {}


def test_lit_after_is_the_first_time_that_a_line_is_switched_on():
    record = Record.of(trace((0.0, 0.3, 0.0), 1.0), BASE)

    assert record.lit_after(100.005) == pytest.approx(100.01)
    with pytest.raises(ValueError, match="empty"):
        record.lit_after(102.0)


def test_looks_tells_hue_from_brightness_and_counts_seconds():
    dim_blue, white, dark = (0.0, 0.003, 0.03), (0.9, 0.95, 0.9), (0.0, 0.0, 0.0)
    colours = np.array([white] * 4 + [dark] * 10 + [dim_blue] * 25)

    seen = looks(colours, PALETTE)

    assert [name for name, _ in seen] == ["white", "dark", "blue"]
    assert [seconds for _, seconds in seen] == pytest.approx([0.16, 0.4, 1.0])


def test_two_steps_between_two_colours_are_their_border():
    red, grey, blue = (1.0, 0.0, 0.0), (0.5, 0.5, 0.5), (0.0, 0.1, 1.0)

    seen = looks(np.array([red] * 5 + [grey] * 2 + [blue] * 5), PALETTE)

    assert [name for name, _ in seen] == ["red", "blue"]
    assert [seconds for _, seconds in seen] == pytest.approx([0.28, 0.2])


def test_the_colour_of_a_dim_light_is_that_of_a_longer_time():
    greenish, blue, white = (0.0, 0.02, 0.02), (0.0, 0.002, 0.03), (1.0, 1.0, 1.0)
    palette = PALETTE | {"cyan": (0.0, 0.8, 1.0)}

    seen = looks(np.array([white] * 5 + ([greenish] * 4 + [blue] * 8) * 3), palette)

    assert [name for name, _ in seen] == ["white", "blue"]


def test_a_dim_light_keeps_its_colour_beside_a_bright_one():
    palette = PALETTE | {"cyan": (0.0, 0.8, 1.0)}
    blue, cyan = (0.0, 0.003, 0.03), (0.0, 0.8, 1.0)

    seen = looks(np.array([blue] * 10 + [cyan] * 10), palette)

    assert [seconds for _, seconds in seen] == pytest.approx([0.4, 0.4])


def test_a_flash_is_seen():
    red, white, blue = (1.0, 0.0, 0.0), (1.0, 1.0, 1.0), (0.0, 0.1, 1.0)

    seen = looks(np.array([red] * 5 + [white] * 3 + [blue] * 5), PALETTE)

    assert [name for name, _ in seen] == ["red", "white", "blue"]
