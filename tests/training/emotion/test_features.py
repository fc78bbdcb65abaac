"""The cache of speech."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from device.microphone.recording import read
from device.speech.endpointing import listen
from training.emotion.corpora import DataError
from training.emotion.features import fill_speech, keep_speech, speech_of


@pytest.fixture
def clips(synthetic_clips, sentence, tmp_path, monkeypatch):
    """Two clips of one speaker, with the same synthetic sentence behind both."""
    monkeypatch.chdir(tmp_path)
    own = synthetic_clips[:2]
    return [replace(clip, path=shutil.copy(sentence, tmp_path / clip.name)) for clip in own]


def test_the_cache_holds_what_the_device_hears(clips, sentence):
    fill_speech(clips, jobs=1)

    kept = speech_of(clips)
    assert list(kept) == [clip.name for clip in clips]
    assert np.array_equal(kept[clips[0].name], listen(read(sentence)))


def test_a_speaker_of_whom_a_clip_is_missing_is_heard_again(clips):
    fill_speech(clips[:1], jobs=1)
    with pytest.raises(DataError, match="emotify-train features"):
        speech_of(clips)

    fill_speech(clips, jobs=1)

    assert len(speech_of(clips)) == 2


def test_what_was_heard_is_not_listened_to_again(clips):
    fill_speech(clips, jobs=1)
    for clip in clips:
        clip.path.unlink()

    fill_speech(clips, jobs=1)


def test_silence_is_kept_as_no_speech(clips):
    keep_speech(clips, [np.empty(0, np.float32)] * 2)

    assert not any(len(speech) for speech in speech_of(clips).values())
