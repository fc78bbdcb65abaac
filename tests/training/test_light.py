"""The picture of the light."""

from training.light import draw


def test_the_picture_is_drawn_and_small(tmp_path):
    draw(tmp_path / "states.png")

    content = (tmp_path / "states.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) < 100_000
