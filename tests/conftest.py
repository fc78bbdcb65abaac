import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import settings

from device.simulation.spotify import Description, SpotifyStandIn

# Other work on the machine makes an example slow; that is no failure.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

CHECKOUT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def sentence(tmp_path_factory):
    """A synthetic sentence of about two seconds, spoken by espeak-ng into a file."""
    if not shutil.which("espeak-ng"):
        pytest.skip("espeak-ng is not installed; ./setup.sh test installs it")
    path = tmp_path_factory.mktemp("sentence") / "sentence.wav"
    words = "The kids are talking by the door."
    subprocess.run(["espeak-ng", "-w", path, words], check=True)
    return path


DATA = Path(os.environ.get("EMOTIFY_DATA", CHECKOUT.parent / "shared" / "data"))
DESCRIPTION = DATA / "spotify-openapi" / "official-spotify-open-api.yml"


@pytest.fixture(scope="session")
def data():
    """The folder of recordings and tables: EMOTIFY_DATA, else the one beside the checkout."""
    if not DATA.is_dir():
        pytest.skip(f"the recordings are not here: {DATA}")
    return DATA


@pytest.fixture(scope="session", autouse=True)
def described():
    """Where Spotify's description is at hand, every stand-in of the suite keeps to it."""
    if DESCRIPTION.is_file():
        SpotifyStandIn.description = Description.load(DESCRIPTION)


@pytest.fixture
def description(described):
    """Spotify's description of its Web API."""
    if SpotifyStandIn.description is None:
        pytest.skip(f"Spotify's description is not here: {DESCRIPTION}")
    return SpotifyStandIn.description
