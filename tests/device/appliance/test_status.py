import pytest

from device.appliance.status import Status


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"pid": 999999999}', '{"odd": 1}'])
def test_without_a_daemon_there_is_no_status(tmp_path, content):
    path = tmp_path / "status.json"
    if content is not None:
        path.write_text(content)
    assert Status.read(path) is None
