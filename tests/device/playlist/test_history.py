import pytest

from device.playlist.history import MOST_TRACKS, Lately


def test_what_was_played_is_remembered_in_its_order(tmp_path):
    Lately(tmp_path / "lately.json").remember(["a", "b"])
    Lately(tmp_path / "lately.json").remember(["c", "a"])
    assert Lately(tmp_path / "lately.json").uris() == ["b", "c", "a"]


def test_what_was_played_long_ago_is_forgotten(tmp_path):
    lately = Lately(tmp_path / "lately.json")
    lately.remember(str(number) for number in range(MOST_TRACKS + 50))
    assert lately.uris() == [str(number) for number in range(50, MOST_TRACKS + 50)]


@pytest.mark.parametrize("content", [b"", b"[", b"{}", b"7", b"\xff", b'[1, "a", null]'])
def test_a_damaged_memory_does_not_stop_the_music(tmp_path, content):
    file = tmp_path / "lately.json"
    file.write_bytes(content)
    Lately(file).remember(["b"])
    assert Lately(file).uris()[-1] == "b"


def test_a_memory_that_cannot_be_written_is_told_and_lived_with(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    Lately(tmp_path / "file" / "lately.json").remember(["a"])
    assert "cannot be written" in caplog.text


def test_the_memory_is_replaced_as_a_whole(tmp_path):
    Lately(tmp_path / "lately.json").remember(["a"])
    assert [file.name for file in tmp_path.iterdir()] == ["lately.json"]
