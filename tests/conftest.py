import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import settings

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


@pytest.fixture(scope="session")
def data():
    """The folder of recordings and tables: EMOTIFY_DATA, else the one beside the checkout."""
    path = Path(os.environ.get("EMOTIFY_DATA", CHECKOUT.parent / "shared" / "data"))
    if not path.is_dir():
        pytest.skip(f"the recordings are not here: {path}")
    return path
