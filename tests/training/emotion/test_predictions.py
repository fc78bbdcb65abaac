"""The table of predictions in its file."""

import gzip
from dataclasses import replace

import numpy as np
import pytest

from training.emotion.corpora import DataError
from training.emotion.predictions import OF_FOLDS, Predictions


def test_a_table_comes_back_with_four_decimals(table, tmp_path):
    table.write(tmp_path / "table.csv.gz")
    back = Predictions.read(tmp_path / "table.csv.gz")

    assert back.clips.tolist() == table.clips.tolist()
    assert back.folds.tolist() == table.folds.tolist()
    assert np.allclose(back.probabilities, table.probabilities, atol=5e-5, equal_nan=True)


def test_the_same_table_gives_the_same_bytes(table, tmp_path):
    for name in ("one", "two"):
        table.write(tmp_path / name)

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_an_unheard_clip_has_no_probabilities_and_no_answer(table, tmp_path):
    table.write(tmp_path / "table.csv.gz")

    line = gzip.decompress((tmp_path / "table.csv.gz").read_bytes()).decode().splitlines()[4]
    assert line == f"{table.clips[3]},0,0,,,,,,,,"
    assert table.heard.tolist().count(False) == 1
    assert table.answers[3] == -1


def test_the_uar_is_the_mean_over_the_seeds(table):
    right = replace(table, probabilities=np.eye(8)[table.emotions])
    always_neutral = replace(
        right, seeds=right.seeds + 1, probabilities=np.eye(8)[0 * right.emotions]
    )

    assert right.uar == 1
    assert always_neutral.uar == pytest.approx(1 / 8)
    assert Predictions.joined([right, always_neutral]).uar == pytest.approx((1 + 1 / 8) / 2)


def test_names_say_actor_and_emotion(table, tmp_path):
    table.write(tmp_path / "table.csv.gz")
    back = Predictions.read(tmp_path / "table.csv.gz")

    assert set(back.corpora) == {"ravdess"}
    assert set(back.speakers) == {f"{actor:02}" for actor in range(1, 25)}
    assert back.emotions.tolist() == table.emotions.tolist()


def test_a_table_of_other_corpora_says_all_of_that_itself(left_out, tmp_path):
    left_out.write(tmp_path / "table.csv.gz")
    back = Predictions.read(tmp_path / "table.csv.gz")

    head = gzip.decompress((tmp_path / "table.csv.gz").read_bytes()).decode().splitlines()[0]
    assert head.startswith("corpus,clip,seed,neutral,")
    for name in ("corpora", "clips", "speakers", "emotions", "seeds"):
        assert getattr(back, name).tolist() == getattr(left_out, name).tolist()


@pytest.mark.parametrize(
    "content",
    [
        b"no gzip",
        gzip.compress(b""),
        gzip.compress(b"clip,seed\n"),
        gzip.compress(",".join(OF_FOLDS).encode()),
        gzip.compress(",".join(OF_FOLDS).encode() + b"\nx,0,0,a,b,c,d,e,f,g,h\n"),
    ],
)
def test_a_file_that_is_no_table_is_refused(content, tmp_path):
    (tmp_path / "table.csv.gz").write_bytes(content)

    with pytest.raises(DataError, match="no table of predictions"):
        Predictions.read(tmp_path / "table.csv.gz")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(DataError, match="absent"):
        Predictions.read(tmp_path / "absent.csv.gz")
