import pytest

from device.playlist.history import MAX_TRACKS, History


def test_what_was_played_is_remembered_in_its_order(tmp_path):
    History(tmp_path / "history.json").add(["a", "b"])
    History(tmp_path / "history.json").add(["c", "a"])
    assert History(tmp_path / "history.json").uris() == ["b", "c", "a"]


def test_what_was_played_long_ago_is_forgotten(tmp_path):
    history = History(tmp_path / "history.json")
    history.add(str(number) for number in range(MAX_TRACKS + 50))
    assert history.uris() == [str(number) for number in range(50, MAX_TRACKS + 50)]


@pytest.mark.parametrize("content", [b"", b"[", b"{}", b"7", b"\xff", b'[1, "a", null]'])
def test_a_damaged_memory_does_not_stop_the_music(tmp_path, content):
    file = tmp_path / "history.json"
    file.write_bytes(content)
    History(file).add(["b"])
    assert History(file).uris()[-1] == "b"


def test_a_memory_that_cannot_be_written_is_told_and_lived_with(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    History(tmp_path / "file" / "history.json").add(["a"])
    assert "cannot be written" in caplog.text


def test_the_memory_is_replaced_as_a_whole(tmp_path):
    History(tmp_path / "history.json").add(["a"])
    assert [file.name for file in tmp_path.iterdir()] == ["history.json"]
