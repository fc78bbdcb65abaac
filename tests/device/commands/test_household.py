import json

import numpy as np
import pytest

from device.commands.household import in_words
from device.emotion.household import Household
from device.mood import Emotion


def listened(emotify, configuration, *arguments):
    status, out, err = emotify("listen", "--json", "--config", configuration, *arguments)
    assert (status, err) == (0, "")
    return [
        (json.loads(line)["probabilities"], json.loads(line)["known"]) for line in out.splitlines()
    ]


def test_nothing_is_known_before_the_first_sentence(emotify, configuration):
    status, out, _ = emotify("household", "--config", configuration)
    assert status == 0
    assert "does not know this household yet" in out


def test_listening_uses_what_is_known_and_learns_only_when_it_is_told_to(
    emotify, configuration, sentence
):
    (new,) = listened(emotify, configuration, sentence)
    assert listened(emotify, configuration, sentence, sentence) == [new, new]
    learning = listened(emotify, configuration, "--learn", *[sentence] * 3)
    assert learning[0] == new
    assert learning[2][0] != new[0]
    assert [known for _, known in learning] == [0, 1, 2]
    (known,) = listened(emotify, configuration, sentence)
    assert known not in [new, *learning]
    assert listened(emotify, configuration, sentence) == [known]
    words = emotify("listen", "--config", configuration, sentence)[1]
    assert "with what is known from 3 sentences before" in words
    assert listened(emotify, configuration, "--fresh", sentence) == [new]


def test_it_is_told_how_well_the_household_is_known_and_it_can_be_forgotten(
    emotify, configuration, sentence
):
    (new,) = listened(emotify, configuration, "--learn", sentence)
    listened(emotify, configuration, "--learn", sentence)
    status, out, _ = emotify("household", "--config", configuration)
    assert status == 0
    assert "recordings: known hardly, from 2 sentences, mostly " in out
    assert "12% of how voices sound here" in out
    assert emotify("household", "forget", "--config", configuration)[:2] == (0, "Forgotten.\n")
    assert listened(emotify, configuration, sentence) == [new]
    assert "Nothing was known" in emotify("household", "forget", "--config", configuration)[1]


def test_a_house_is_known_well_from_different_moods():
    household = Household()
    for emotion in 2 * list(Emotion):
        household = household.with_sentence("USB", np.zeros(2, np.float32), emotion, at=1.7e9)
    assert "USB: known well, from 16 sentences, since 2023-11-1" in in_words(household)


def test_what_was_refused_is_told():
    household = Household().with_refusal(Emotion.SAD).with_refusal(Emotion.SAD)
    for _ in range(15):
        household = household.with_sentence("USB", np.zeros(2, np.float32), Emotion.SAD, at=1.7e9)
    household = household.with_refusal(Emotion.HAPPY)
    words = in_words(household)
    assert "USB: known hardly, from 15 sentences, mostly sad, since 2023-11-1" in words
    assert "sad: refused 2 times; now 0.74 times as likely as before." in words
    assert "happy: refused once; now 0.82 times as likely as before." in words


def test_learning_and_ignoring_exclude_each_other(emotify, sentence, capfd):
    with pytest.raises(SystemExit, match="2"):
        emotify("listen", "--learn", "--fresh", sentence)
    assert "not allowed with" in capfd.readouterr().err


def test_a_file_that_cannot_be_deleted_is_said(emotify, configuration, tmp_path):
    (tmp_path / "state" / "household.json").mkdir(parents=True)
    status, _, err = emotify("household", "forget", "--config", configuration)
    assert status == 1
    assert "cannot be deleted: Is a directory" in err
