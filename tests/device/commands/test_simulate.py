"""`emotify simulate` as a process, as the person starts it."""

import os
import pty
import subprocess
import sys

import pytest

SECONDS = 60


@pytest.fixture
def simulate():
    def run(*arguments):
        command = [sys.executable, "-m", "device", "simulate", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)

    return run


def test_one_press_ends_with_music_for_the_mood(simulate, sentence):
    run = simulate("--wav", sentence, "--mood", "calm", "--press-once")
    assert run.returncode == 0
    assert run.stderr == ""
    output = run.stdout
    steps = ["Pressed", "microphone is open", "s of speech", "calm 90%", "Playing on Living room"]
    assert [step for step in steps if step in output] == steps
    assert sorted(output.index(step) for step in steps) == [output.index(step) for step in steps]


def test_the_true_model_is_asked_unless_a_mood_is_named(simulate, sentence, tmp_path):
    config = tmp_path / "config.toml"
    config.write_text('[mood]\nwhen_unsure = "guess"\n')
    run = simulate("--wav", sentence, "--press-once", "--config", config)
    assert run.returncode == 0
    assert "The mood:" in run.stdout


def test_a_round_without_music_is_exit_status_1_and_says_why(simulate, tmp_path):
    run = simulate("--wav", tmp_path / "nowhere.wav", "--mood", "calm", "--press-once")
    assert run.returncode == 1
    assert "No such file" in run.stdout
    assert "red blink" in run.stdout


def test_a_key_is_the_button_and_the_light_is_drawn_in_colour(sentence):
    here, there = pty.openpty()
    command = [sys.executable, "-m", "device", "simulate", "--wav", sentence, "--mood", "happy"]
    process = subprocess.Popen(command, stdin=there, stdout=there, stderr=there)
    os.close(there)
    seen = ""

    def read_until(words):
        nonlocal seen
        while words not in seen:
            seen += os.read(here, 4096).decode(errors="replace")

    read_until("Ready")
    os.write(here, b" ")
    read_until("Playing on Living room")
    os.write(here, b"q")
    assert process.wait(SECONDS) == 0
    os.close(here)
    assert "\x1b[38;2;255;255;255m" in seen  # the white flash
    assert "\x1b[38;2;255;217;0m" in seen  # the hue of happy
