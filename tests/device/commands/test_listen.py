import json
import wave

import numpy as np
import pytest
import soundfile
import soxr

from device.mood import Emotion


@pytest.fixture
def clip(sentence):
    """The synthetic sentence as float samples, and their rate."""
    return soundfile.read(sentence)


def save(path, samples, rate_hz, subtype):
    soundfile.write(path, samples, rate_hz, subtype=subtype)
    return path


def test_a_recording_becomes_bars_for_eight_emotions(emotify, sentence):
    status, out, err = emotify("listen", sentence)
    assert (status, err) == (0, "")
    rows = out.splitlines()
    assert "s of speech" in rows[0]
    assert [row.split()[0] for row in rows[1:9]] == list(Emotion)


def test_json_has_what_a_program_needs(emotify, sentence, configuration):
    status, out, _ = emotify("listen", "--json", "--config", configuration, sentence)
    assert status == 0
    (heard,) = map(json.loads, out.splitlines())
    assert heard["file"] == str(sentence)
    assert set(heard["probabilities"]) == set(Emotion)
    assert sum(heard["probabilities"].values()) == pytest.approx(1, abs=0.001)
    assert heard["emotion"] == max(heard["probabilities"], key=heard["probabilities"].get)
    assert heard["sure"] in (True, False)
    assert 1 < heard["seconds"] < 4
    assert all(uri.startswith("spotify:track:") for uri in heard["playlist"]["uris"])


@pytest.mark.parametrize(
    ("subtype", "rate_hz", "channels"),
    [
        ("PCM_U8", 16_000, 1),
        ("PCM_24", 44_100, 2),
        ("PCM_32", 48_000, 1),
        ("FLOAT", 96_000, 2),
        ("DOUBLE", 22_050, 1),
        ("ULAW", 16_000, 1),
    ],
)
def test_every_kind_of_wav_is_as_good(emotify, tmp_path, clip, subtype, rate_hz, channels):
    samples = np.repeat(soxr.resample(*clip, rate_hz)[:, None], channels, axis=1)
    status, out, err = emotify(
        "listen", "--json", save(tmp_path / "a.wav", samples, rate_hz, subtype)
    )
    assert (status, err) == (0, "")
    assert "probabilities" in json.loads(out)


@pytest.fixture
def bad(tmp_path, clip):
    """Files that are no sentence, by what is wrong with them."""
    samples, rate_hz = clip
    good = save(tmp_path / "good.wav", samples, rate_hz, "PCM_16").read_bytes()
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "truncated.wav").write_bytes(good[:30])
    (tmp_path / "text.wav").write_text("I am not a recording.")
    (tmp_path / "folder.wav").mkdir()
    with wave.open(str(tmp_path / "header only.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
    save(tmp_path / "silent.wav", np.zeros(32_000), 16_000, "PCM_16")
    save(tmp_path / "clipped.wav", np.clip(samples * 50, -1, 1), rate_hz, "PCM_16")
    save(tmp_path / "quiet.wav", samples * 2e-4, rate_hz, "FLOAT")
    nan = samples.copy()
    nan[5000] = np.nan
    save(tmp_path / "nan.wav", nan, rate_hz, "FLOAT")
    save(tmp_path / "short.wav", samples[: rate_hz // 5], rate_hz, "PCM_16")
    noise = np.random.default_rng(0).normal(scale=0.05, size=96_000)
    save(tmp_path / "noise.wav", noise, 16_000, "PCM_16")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing.wav", "No such file"),
        ("empty.wav", "is empty"),
        ("truncated.wav", "no recording|no sound"),
        ("text.wav", "no recording"),
        ("folder.wav", "is a folder"),
        ("header only.wav", "no sound in it"),
        ("silent.wav", "silence"),
        ("clipped.wav", "distorted"),
        ("quiet.wav", "quiet|no speech"),
        ("nan.wav", "not numbers"),
        ("short.wav", "too short|no speech"),
        ("noise.wav", "no speech"),
    ],
)
def test_a_bad_file_is_one_clear_message(emotify, bad, name, words):
    status, out, err = emotify("listen", bad / name)
    assert status == 1
    assert out == ""
    assert len(err.splitlines()) == 1
    assert name in err
    assert any(word in err for word in words.split("|"))


def test_a_bad_file_among_good_ones_costs_only_itself(emotify, bad, sentence):
    status, out, err = emotify("listen", "--json", sentence, bad / "nan.wav", sentence)
    assert status == 1
    first, second, third = map(json.loads, out.splitlines())
    assert "probabilities" in first
    assert "probabilities" in third
    assert set(second) == {"file", "error"}
    assert err == ""


def test_an_hour_is_read_no_further_than_the_sentence(emotify, tmp_path, clip):
    samples, rate_hz = clip
    hour = tmp_path / "hour.wav"
    with soundfile.SoundFile(hour, "w", rate_hz, 1, "PCM_16") as file:
        file.write(samples)
        second = np.zeros(rate_hz)
        for _ in range(3600):
            file.write(second)
    status, out, _ = emotify("listen", "--json", hour)
    assert status == 0
    assert json.loads(out)["seconds"] < 4


def test_play_starts_the_music(emotify, configuration, account, spotify, sentence):
    status, out, _ = emotify("listen", "--json", "--play", "--config", configuration, sentence)
    assert status == 0
    assert spotify.now_playing.playing
    assert spotify.now_playing.uri in json.loads(out)["playlist"]["uris"]


def test_music_that_cannot_start_is_said(emotify, configuration, sentence):
    status, _, err = emotify("listen", "--play", "--config", configuration, sentence)
    assert status == 1
    assert "emotify login" in err


@pytest.mark.parametrize("file", ["emotion.json", "emotion.tflite", "playlists.json"])
@pytest.mark.parametrize("damage", ["missing", "cut short"])
def test_a_damaged_model_or_playlist_is_one_clear_message(
    emotify, tmp_path, models, sentence, file, damage
):
    if damage == "missing":
        (models / file).unlink()
    else:
        content = (models / file).read_bytes()
        (models / file).write_bytes(content[: len(content) // 2])
    config = tmp_path / "config.toml"
    config.write_text(f'[models]\nfolder = "{models}"\n')
    status, out, err = emotify("listen", "--config", config, sentence)
    assert status == 1
    assert out == ""
    assert len(err.splitlines()) == 1
    assert file in err


@pytest.fixture
def three(tmp_path, clip):
    """The sentence three times, with two seconds after each; the second one is distorted."""
    samples, rate_hz = clip
    pause = np.zeros(2 * rate_hz)
    parts = (samples, pause, np.clip(50 * samples, -1, 1), pause, samples, pause)
    return save(tmp_path / "three.wav", np.concatenate(parts), rate_hz, "PCM_16")


def test_on_a_long_file_it_says_that_it_judged_the_first_sentence(emotify, three, sentence):
    status, out, _ = emotify("listen", three)
    assert status == 0
    assert "Only the first sentence was judged" in out
    assert "--all" in out
    assert "Only the first" not in emotify("listen", sentence)[1]


def test_all_judges_each_sentence_in_a_row_with_its_time(emotify, three):
    status, out, err = emotify("listen", "--all", three)
    assert status == 1
    rows = out.splitlines()
    assert len(rows) == 2
    assert all(row.startswith(f"{three}, 0:") for row in rows)
    assert "distorted" in err
    assert "0:0" in err
    _, out, _ = emotify("listen", "--all", "--json", three)
    first, second, third = map(json.loads, out.splitlines())
    assert "error" in second
    assert first["probabilities"] == pytest.approx(third["probabilities"], abs=0.2)
    assert first["at"] < 1 < 7 < third["at"]


def test_all_needs_a_recording_with_speech(emotify, bad):
    assert "name one" in emotify("listen", "--all")[2]
    status, out, err = emotify("listen", "--all", bad / "noise.wav")
    assert (status, out) == (1, "")
    assert "no speech" in err
