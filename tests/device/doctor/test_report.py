import json
import os
import socket

import pytest

from device.config.config import Config, PlayerConfig, SpotifyConfig
from device.doctor.finding import Finding, Verdict
from device.doctor.report import Redaction, journal_lines, report

SETTINGS = Config(
    player=PlayerConfig(speaker="Annas Küche"),
    spotify=SpotifyConfig(client_id="5f0c1a7e5f0c1a7e5f0c1a7e5f0c1a7e", timeout_seconds=7.0),
)


@pytest.fixture
def redaction(tmp_path):
    memory = {
        "speakers": {"": ["id-of-the-bath-4711", "Bad von Otto"]},
        "music": {"name": "Wintergarten"},
    }
    (tmp_path / "spotify.json").write_text(json.dumps(memory))
    return Redaction(SETTINGS, tmp_path)


@pytest.mark.parametrize(
    ("line", "hidden"),
    [
        ("Playing on Annas Küche: sad: slow.", "Annas Küche"),
        ("Playing on Flur: sad: slow.", "Flur"),
        ("Waking Bad von Otto.", "Bad von Otto"),
        ("Nothing plays on Wintergarten.", "Wintergarten"),
        ('There is no speaker "Flur" in this account; Spotify lists Bad, Keller.', "Flur"),
        ('There is no speaker "Flur" in this account; Spotify lists Bad, Keller.', "Keller"),
        ("Spotify lists no speaker that Emotify can use: it lists Laube.", "Laube"),
        ('First: "Blue", Joni Mitchell.', "Joni"),
        ("line 3: [spotify] api_url = 'http://anna:pass@192.168.1.7:80/v1'", "192.168.1.7"),
        ("line 3: [spotify] api_url = 'https://anna:pass@example.org/v1'", "anna"),
        ("/home/anna/.config/emotify/config.toml has a mistake", "anna"),
        ("write to anna.b@example.org", "example"),
        ("route to 10.0.0.17 failed", "10.0.0.17"),
        ("card b8:27:eb:01:02:03", "b8:27"),
        ("route to fe80:0:0:1:ba27:ebff:fe01:203", "ba27"),
        (f"host {socket.gethostname()} is up", socket.gethostname()),
        ("client 5f0c1a7e5f0c1a7e5f0c1a7e5f0c1a7e", "5f0c1a7e"),
        ("token BQDf3k2-4jd8sKq_93jdks02jdk39dksl", "3k2-4jd8"),
        ("spotify:track:0123456789012345678901", "0123456789"),
    ],
)
def test_what_is_personal_is_hidden(redaction, line, hidden):
    assert hidden in line
    assert hidden not in redaction.applied(line)


@pytest.mark.parametrize(
    "line",
    [
        "Heard 2.2 s of speech. The mood: sad 77% (then happy 10%).",
        "There is no microphone called 'USB PnP Sound Device'; plug it in.",
        "fault 6 in /opt/emotify/current/lib/python3.11/site-packages/models",
        "1790000000 <3> Spotify cannot be reached: check the network. {'fault': '2'}",
    ],
)
def test_what_helps_to_find_a_mistake_stays(redaction, line):
    assert redaction.applied(line) == line


def test_the_report_has_all_sections_and_nothing_personal(redaction):
    findings = [Finding("speaker", Verdict.GOOD, '"Annas Küche"')]
    text = report(findings, SETTINGS, ["1790000000 <6> Playing on Flur: sad."], redaction)
    assert [line for line in text.splitlines() if line.startswith("==")] == [
        "== machine",
        "== packages",
        "== configuration, where it is not the default",
        "== what the doctor finds",
        "== journal",
    ]
    assert "[spotify] timeout_seconds = 7.0" in text
    assert "[player] speaker = …" in text
    assert 'good         speaker        "…"' in text
    assert "1790000000 <6> Playing on …: sad." in text
    for personal in ("Annas", "Flur", "5f0c1a7e"):
        assert personal not in text


def test_the_journal_has_its_figures(tmp_path, monkeypatch):
    entry = {
        "__REALTIME_TIMESTAMP": "1790000000123456",
        "PRIORITY": "6",
        "MESSAGE": "Heard 2.0 s of speech.",
        "EMOTIFY_ROUND": "3",
        "_HOSTNAME": "annas-box",
    }
    program = tmp_path / "journalctl"
    program.write_text(f"#!/bin/sh\ncat <<'TEXT'\n{json.dumps(entry)}\nrubbish\n[]\nTEXT\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert journal_lines() == ["1790000000 <6> Heard 2.0 s of speech. {'round': '3'}"]


def test_a_journal_that_cannot_be_read_says_who_may(tmp_path, monkeypatch):
    program = tmp_path / "journalctl"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert journal_lines() == ["It cannot be read: run this with sudo."]
