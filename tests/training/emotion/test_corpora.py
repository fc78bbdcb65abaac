"""Parsing the names and tables of corpora."""

from pathlib import Path

import pytest

from device.mood import Emotion
from training.emotion.corpora import (
    RAVDESS_CLIPS,
    DataError,
    corpora,
    corpus,
    ravdess,
    ravdess_clip,
)


def test_a_name_says_who_acts_which_emotion():
    clip = ravdess_clip(Path("Actor_07/03-01-05-02-01-02-07.wav"))

    assert (clip.name, clip.speaker, clip.emotion) == ("03-01-05-02-01-02-07", "07", Emotion.ANGRY)


@pytest.mark.parametrize("number", range(1, 9))
def test_the_emotions_are_numbered_as_ravdess_numbers_them(number):
    clip = ravdess_clip(Path(f"03-01-{number:02}-01-01-01-01.wav"))

    assert clip.emotion is list(Emotion)[number - 1]


@pytest.mark.parametrize("name", ["hello", "03-01-09-01-01-01-01", "03-01-xx-01-01-01-01", "03-01"])
def test_another_name_is_refused(name):
    with pytest.raises(DataError, match=name):
        ravdess_clip(Path(f"{name}.wav"))


def test_a_folder_without_recordings_is_refused_with_the_way_to_them(tmp_path):
    with pytest.raises(DataError, match="--data"):
        ravdess(tmp_path)


def test_songs_and_other_files_are_left_out(tmp_path):
    names = make(tmp_path, range(1, 25))
    for name in ("03-02-01-01-01-01-01.wav", "03-01-readme.txt"):
        (tmp_path / "ravdess" / name).touch()

    assert [clip.name for clip in ravdess(tmp_path)] == names


def test_a_data_set_with_a_clip_twice_is_refused(tmp_path):
    names = make(tmp_path, range(1, 25))
    (tmp_path / "ravdess" / f"{names[3]}.flac").touch()

    with pytest.raises(DataError, match=f"{names[3]}.* are the same clip"):
        ravdess(tmp_path)


def test_a_data_set_without_some_actors_is_refused(tmp_path):
    make(tmp_path, set(range(1, 25)) - {4, 17})

    with pytest.raises(DataError, match="these actors: 04, 17"):
        ravdess(tmp_path)


def make(folder, actors):
    """A clip of each actor; returns their names in order."""
    (folder / "ravdess").mkdir()
    names = [f"03-01-01-01-01-01-{actor:02}" for actor in actors]
    for name in names:
        (folder / "ravdess" / f"{name}.wav").touch()
    return sorted(names)


def test_ravdess_is_complete(data):
    clips = ravdess(data)

    assert len(clips) == RAVDESS_CLIPS
    counts = {emotion: sum(clip.emotion is emotion for clip in clips) for emotion in Emotion}
    assert counts.pop(Emotion.NEUTRAL) == 96
    assert set(counts.values()) == {192}


def touch(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


@pytest.mark.parametrize(
    ("name", "file", "speaker", "emotion"),
    [
        ("emodb", "03a01Fa.opus", "03", Emotion.HAPPY),
        ("tess", "OAF_angry/OAF_back_ps.wav", "OAF", Emotion.SURPRISED),
        ("savee", "DC/sa01.wav", "DC", Emotion.SAD),
        ("savee", "JE_su15.wav", "JE", Emotion.SURPRISED),
    ],
)
def test_the_names_of_other_corpora_say_it_too(tmp_path, name, file, speaker, emotion):
    (clip,) = corpus(touch(tmp_path / name, file))

    assert (clip.corpus, clip.speaker, clip.emotion) == (name, speaker, emotion)


def test_an_emotion_that_is_none_of_the_eight_is_left_out(tmp_path):
    assert corpus(touch(tmp_path / "emodb", "03a01La.opus")) == []


def test_a_table_names_the_clips_of_a_corpus_of_ones_own(tmp_path):
    folder = touch(tmp_path / "mine", "a.wav", "b.wav")
    (folder / "labels.csv").write_text("file,speaker,emotion\na.wav,me,sad\nb.wav,you,calm\n")
    (folder / "votes.csv").write_text("file,voice_vote\na.wav,neutral\n")

    one, other = corpus(folder)

    assert (one.name, one.speaker, one.emotion, one.perceived) == (
        "a",
        "me",
        Emotion.SAD,
        Emotion.NEUTRAL,
    )
    assert other.perceived is None


@pytest.mark.parametrize("row", ["a.wav,me,bored", "c.wav,me,sad", "a.wav"])
def test_a_table_with_a_mistake_is_refused(tmp_path, row):
    folder = touch(tmp_path / "mine", "a.wav")
    (folder / "labels.csv").write_text(f"file,speaker,emotion\n{row}\n")

    with pytest.raises(DataError, match=r"labels\.csv"):
        corpus(folder)


def test_all_corpora_are_found(data):
    found = corpora(data)

    assert {"ravdess", "cremad", "emodb", "emovo", "nemo", "ased"} <= set(found)
    assert len(found["cremad"]) == 7435
