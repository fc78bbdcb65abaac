"""Reading the playlists, and counting what comes again."""

import json
import re

import pytest

pytest.importorskip("sklearn", reason="the training's packages are not installed")

from playlists_file import document, line

from device.mood import Emotion
from device.playlist.preferences import Strategy
from training.cli import main


@pytest.fixture
def playlists(tmp_path):
    file = tmp_path / "playlists.json"
    lines = [
        line(n, title=f"Song {n}", artist=f"By {n % 40}", valence=n % 20 / 20, pleasant=n % 2)
        for n in range(100)
    ]
    lines[0] = line(0, title="Sad Song", style="rap", language="german", explicit=2, sad=0.9)
    file.write_text(json.dumps(document(*lines)))
    return file


def test_all_lists_are_printed_with_what_a_reader_needs(playlists, capsys):
    assert main(["playlists", "read", "--playlists", str(playlists), "--seeds", "1"]) == 0
    output = capsys.readouterr().out
    for emotion in Emotion:
        for strategy in Strategy:
            assert re.search(rf"^{strategy} {emotion}: .*\(seed 1\)$", output, re.MULTILINE)
    assert "Song 3 - By 3 (1987, rock) [pleasant]" in output
    assert "Sad Song - Somebody (1987, rap, german) sad [explicit?]" in output


def test_repetition_is_counted(playlists, capsys):
    assert main(["playlists", "presses", "--playlists", str(playlists)]) == 0
    output = capsys.readouterr().out
    rows = re.findall(r"^  (\w+) +(\w+) +(\d+)% +(\d+) +(\d+) +(\d+)", output, re.MULTILINE)
    assert len(rows) == 16
    # 30 lists of 20 tracks or more from 100 tracks share much, and every track comes often.
    for _, _, shared, distinct, artist, track in rows:
        assert 20 <= int(distinct) <= 100
        assert int(shared) > 20
        assert int(artist) >= int(track) >= 6
    assert "120 mixed presses" in output
