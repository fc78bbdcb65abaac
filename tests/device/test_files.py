import os
import stat

import pytest

from device import files

pytestmark = pytest.mark.usefixtures("no_collector")


def test_the_content_takes_the_place_of_the_old_with_nothing_beside_it(tmp_path):
    path = tmp_path / "new folder" / "file"
    files.replace(path, b"old")
    files.replace(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


def test_only_its_owner_may_read_it_unless_others_shall(tmp_path):
    files.replace(tmp_path / "mine", b"")
    files.replace(tmp_path / "everybody's", b"", mode=0o644)
    assert stat.S_IMODE((tmp_path / "mine").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "everybody's").stat().st_mode) == 0o644


def test_a_failed_write_leaves_the_old_file_alone(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(TypeError):
        files.replace(path, "not bytes")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[" * 100_000,
        "[" * 30 + "]" * 30,
        "1" * 5000,
        "1" * 400,
        "1e400",
        "NaN",
        "-Infinity",
        b"\xff\xfe",
        b"\x80abc",
    ],
)
def test_json_that_cannot_be_used_is_a_value_error(content):
    with pytest.raises(ValueError, match=r"."):
        files.parse_json(content)


@pytest.mark.parametrize(
    "text", ["a", "a = 0x" + "f" * 5000, "a = " + "[" * 50_000, f"a = {'1' * 5000}"]
)
def test_toml_that_cannot_be_used_is_a_value_error(text):
    with pytest.raises(ValueError, match=r"."):
        files.parse_toml(text)


def test_a_file_that_is_another_one_or_is_gone_or_comes_is_noticed_once(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("a")
    watch = files.Watch([one, other])
    assert not watch.has_changed()
    files.replace(one, b"b")
    assert watch.has_changed()
    assert not watch.has_changed()
    other.write_text("c")
    assert watch.has_changed()
    one.unlink()
    assert watch.has_changed()
    assert not watch.has_changed()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can write for somebody else")
def test_what_root_writes_belongs_to_the_owner_of_the_folder(tmp_path):
    os.chown(tmp_path, 54321, 54322)
    files.replace(tmp_path / "file", b"content")
    written = (tmp_path / "file").stat()
    assert (written.st_uid, written.st_gid, written.st_mode & 0o777) == (54321, 54322, 0o600)
