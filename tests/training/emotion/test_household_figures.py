import pytest

from training.emotion.corpora import DataError
from training.emotion.household_figures import FRESH, HouseholdFigures
from training.emotion.lives import (
    CLUSTERS,
    EVEN,
    NAMES,
    ONE_MEAN,
    OTHER_PRIORS,
    mixed,
    shared,
    weighted,
)


@pytest.fixture
def figures():
    names = {name: 0.5 + number / 1000 for number, name in enumerate((FRESH, *NAMES))}
    better = {name: round(uar + 0.2, 4) for name, uar in names.items()}
    return HouseholdFigures({"ravdess": names, "emovo": names, "nemo": better})


def test_the_figures_survive_their_file(figures, tmp_path):
    figures.write(tmp_path / "household.csv")
    assert HouseholdFigures.read(tmp_path / "household.csv") == figures


@pytest.mark.parametrize("content", ["", "corpus,fresh\nravdess,0.5\n", "corpus,fresh\n,\n"])
def test_a_file_without_them_is_refused(tmp_path, content):
    (tmp_path / "household.csv").write_text(content)
    with pytest.raises(DataError, match="has no figures of households"):
        HouseholdFigures.read(tmp_path / "household.csv")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(DataError, match="No such file"):
        HouseholdFigures.read(tmp_path / "household.csv")


def test_the_mean_is_that_of_the_corpora_left_out(figures):
    assert figures.mean_of_left_out(FRESH) == pytest.approx(0.6)
    assert f"| {FRESH} | 0.500 | 0.500 | 0.700 | **0.600** |" in figures.by_mix()


def test_the_gain_of_clusters_is_the_mean_over_corpora_and_numbers_of_people(figures):
    apart = NAMES.index(shared(CLUSTERS, 2)) - NAMES.index(shared(ONE_MEAN, 2))
    assert figures.gain_of_clusters == pytest.approx(apart / 1000)


def test_each_table_holds_its_figures(figures):
    for text, name in (
        (figures.by_mix(), mixed(EVEN, 40)),
        (figures.by_people(), shared(ONE_MEAN, 3)),
        (figures.by_weight(), weighted(EVEN, OTHER_PRIORS[0])),
    ):
        assert f"{figures.uars['ravdess'][name]:.3f}" in text
        assert text in figures.text()
