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


def test_a_file_that_is_no_recording_is_refused_before_the_round(simulate, tmp_path):
    run = simulate("--wav", tmp_path / "nowhere.wav", "--mood", "calm", "--press-once")
    assert run.returncode == 1
    assert run.stdout == ""
    assert "No such file" in run.stderr


def begun(*arguments):
    """A simulation whose input and output are pipes."""
    command = [sys.executable, "-m", "device", "simulate", *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_the_end_of_the_input_is_the_end_and_a_round_that_it_cuts_short_is_cancelled(sentence):
    with begun("--wav", sentence, "--mood", "sad") as process:
        for line in process.stdout:
            if "Ready" in line:
                process.stdin.write(" ")
                process.stdin.flush()
            if "microphone is open" in line:
                process.stdin.close()
                break
        rest = process.stdout.read()
        assert process.wait(SECONDS) == 0
    assert rest.splitlines()[-1] == "Cancelled."


def test_a_press_while_it_listens_is_said_to_cancel(sentence):
    with begun("--wav", sentence, "--mood", "sad") as process:
        for line in process.stdout:
            if "Ready" in line or "microphone is open" in line:
                process.stdin.write(" ")
                process.stdin.flush()
            if "Cancelled." in line:
                break
        process.stdin.close()
        assert "fading" in process.stdout.read()
        assert process.wait(SECONDS) == 0


def test_two_quick_presses_after_the_mood_play_the_next_one(sentence):
    with begun("--wav", sentence, "--mood", "sad") as process:
        for line in process.stdout:
            if "Ready" in line or "Playing on Living room: sad" in line:
                process.stdin.write(" " if "Ready" in line else "  ")
                process.stdin.flush()
            if "Not sad" in line:
                assert "next likeliest mood: neutral" in line
            if "Playing on Living room: neutral" in line:
                break
        process.stdin.close()
        process.stdout.read()
        assert process.wait(SECONDS) == 0


def test_a_mood_that_there_is_not_is_refused_with_the_list(simulate):
    run = simulate("--mood", "bored")
    assert run.returncode == 2
    assert "'bored' is none of these: neutral, calm, happy" in run.stderr


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
