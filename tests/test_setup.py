"""setup.sh: its errors, its environment, and when it creates the environment again.

A stand-in for Python takes the place of the true one, so that nothing is downloaded.
``tests/install/fresh-root`` tries the same with everything true in a bare Debian.
"""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]

# `python -c` tells its version, `-m venv` copies itself, and `-m pip` fails where told to. Each
# call of the latter two is a line in $CALLS.
PYTHON = """#!/bin/bash
case "$1 $2" in
    "-c import"*) echo "${PRETENDED_VERSION-3.12}" ;;
    "-m venv") echo venv >>"$CALLS"; mkdir -p "$4/bin"; cp "$0" "$4/bin/python"
               printf '#!/bin/bash\\necho "emotify $*"' >"$4/bin/emotify"
               chmod +x "$4/bin/emotify" ;;
    "-m pip") echo "pip ${*: -1}" >>"$CALLS"
              [[ -z $NO_NETWORK ]] || { echo "no route to host"; exit 1; } ;;
    "-m pytest") echo "pytest ${*:3}" ;;
esac
"""


@pytest.fixture
def checkout(tmp_path):
    folder = tmp_path / "a checkout"
    folder.mkdir()
    for name in ("setup.sh", "pyproject.toml"):
        shutil.copy(CHECKOUT / name, folder)
    shutil.copytree(CHECKOUT / "systemd", folder / "systemd")
    (folder / "voice.wav").write_bytes(b"RIFF")
    return folder


@pytest.fixture
def setup(checkout, tmp_path):
    """Runs setup.sh with the stand-in for Python, from another folder."""
    python = tmp_path / "python"
    python.write_text(PYTHON)
    python.chmod(0o755)
    surroundings = os.environ | {
        "EMOTIFY_PYTHON": str(python),
        "CALLS": str(tmp_path / "calls"),
        "TMPDIR": str(tmp_path),
    }

    def run(*arguments, **more):
        return subprocess.run(
            [checkout / "setup.sh", *arguments],
            cwd=tmp_path,
            env=surroundings | more,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def calls(tmp_path):
    def read():
        file = tmp_path / "calls"
        lines = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return lines

    return read


def has(package: str) -> bool:
    return subprocess.run(["dpkg", "--status", package], capture_output=True).returncode == 0


PACKAGES = [
    "gcc",
    "libc6-dev",
    "pkg-config",
    "portaudio19-dev",
    "libsystemd-dev",
    "espeak-ng",
    "libasound2-dev",
    "strace",
]
prepared = pytest.mark.skipif(
    not shutil.which("dpkg") or not all(map(has, PACKAGES)),
    reason="setup.sh would install Debian packages here",
)


@pytest.mark.parametrize("arguments", [[], ["instal"], ["demo", "a.wav", "b.wav"]])
def test_what_it_does_not_know_gets_the_usage(setup, calls, arguments):
    answer = setup(*arguments)
    assert answer.returncode == 2
    assert answer.stderr.startswith("usage:")
    assert not calls()


def test_help_is_the_usage_without_an_error(setup):
    answer = setup("--help")
    assert (answer.returncode, answer.stdout[:6]) == (0, "usage:")


def test_a_recording_that_is_not_there_stops_it_before_anything_is_made(setup, calls):
    answer = setup("demo", "none.wav")
    assert answer.returncode == 1
    assert answer.stderr.startswith("setup.sh: none.wav: there is no such file")
    assert not calls()


@pytest.mark.parametrize("version", ["3.10", "3.14"])
def test_another_version_of_python_is_refused_before_anything_is_made(setup, calls, version):
    answer = setup("test", PRETENDED_VERSION=version)
    assert answer.returncode == 1
    assert f"is Python {version}, and Emotify needs 3.11, 3.12 or 3.13" in answer.stderr
    assert not calls()


def test_a_python_that_does_not_run_is_named(setup):
    answer = setup("test", EMOTIFY_PYTHON="/nowhere/python")
    assert (answer.returncode, answer.stderr) == (1, "setup.sh: /nowhere/python does not run.\n")


@prepared
def test_the_demonstration_plays_the_recording_that_was_named(setup, checkout):
    answer = setup("demo", "a checkout/voice.wav")
    assert answer.returncode == 0, answer.stderr
    assert f"emotify simulate --wav {checkout / 'voice.wav'} --press-once" in answer.stdout


@prepared
def test_the_tests_get_the_arguments(setup):
    assert "pytest -k mood" in setup("test", "-k", "mood").stdout


@prepared
def test_a_step_says_how_long_it_took_and_how_much_it_loaded(setup):
    answer = setup("demo", "a checkout/voice.wav")
    assert re.search(
        r"Installing the Python packages \(about 170 MB\) \.\.\. \d+ s, \d+ MB\n", answer.stdout
    )


@prepared
def test_the_playlists_get_their_packages_in_the_same_environment(setup, calls):
    setup("demo", "a checkout/voice.wav")
    answer = setup("playlists")
    assert "emotify playlists build MY.csv" in answer.stdout
    assert calls() == ["venv", "pip .", "pip .[playlists]"]
    setup("playlists")
    setup("demo", "a checkout/voice.wav")
    assert calls() == []
    setup("test")
    setup("playlists")
    assert calls() == ["pip .[training,test]"]


@prepared
def test_the_second_time_nothing_is_made(setup, calls):
    setup("test")
    assert calls() == ["venv", "pip .[training,test]"]
    setup("test")
    setup("demo", "a checkout/voice.wav")
    assert calls() == []


@prepared
def test_the_tests_build_on_the_environment_of_the_demonstration(setup, calls):
    setup("demo", "a checkout/voice.wav")
    setup("test")
    assert calls() == ["venv", "pip .", "pip .[training,test]"]


@prepared
def test_a_changed_pyproject_makes_the_environment_again(setup, calls, checkout):
    setup("test")
    calls()
    with (checkout / "pyproject.toml").open("a") as file:
        file.write("# changed\n")
    setup("test")
    assert calls() == ["venv", "pip .[training,test]"]


@prepared
def test_a_failed_step_is_named_with_its_log_and_made_again_the_next_time(setup, calls):
    failed = setup("test", NO_NETWORK="1")
    assert failed.returncode == 1
    assert "That step failed: Installing the Python packages" in failed.stderr
    log = Path(failed.stderr.split()[-1])
    assert "no route to host" in log.read_text()
    calls()
    assert setup("test").returncode == 0
    assert calls() == ["venv", "pip .[training,test]"]


@prepared
def test_it_leaves_no_file_in_the_folder_for_temporary_ones(setup, tmp_path):
    setup("test")
    assert not list(tmp_path.glob("emotify-*"))


# --- the box -----------------------------------------------------------------

# What setup.sh asks before it installs the box, answered by stand-ins. A test changes an answer.
ANSWERS = {
    "systemctl": "true",
    "df": "printf 'Avail\\n  9000\\n'",
    "dpkg": "echo arm64",
    "dpkg-query": "echo installed",
    "apt-get": "echo \"'http://127.0.0.1/InRelease' lists 0\"",
    "timeout": "true",
}


@pytest.fixture
def install(setup, tmp_path):
    """Runs setup.sh for the box on a machine that answers like this."""
    folder = tmp_path / "answers"
    folder.mkdir()

    def run(*arguments, **answers):
        for name, answer in (
            ANSWERS | {n.replace("_", "-"): a for n, a in answers.items()}
        ).items():
            (folder / name).write_text(f"#!/bin/bash\n{answer}\n")
            (folder / name).chmod(0o755)
        return setup(*arguments, PATH=f"{folder}:{os.environ['PATH']}")

    return run


debian_python = pytest.mark.skipif(
    os.path.realpath("/usr/bin/python3") not in ("/usr/bin/python3.11", "/usr/bin/python3.13"),
    reason="Debian's Python is neither 3.11 nor 3.13 here",
)


@debian_python
def test_a_check_tells_what_is_there_and_changes_nothing(install):
    answer = install("install", "--check")
    assert answer.returncode == 0, answer.stderr
    for row in (
        "system ",
        "Python ",
        "disk        9000 MB free",
        "network ",
        "board ",
        "microphone ",
    ):
        assert f"  {row}" in answer.stdout
    assert answer.stdout.endswith("Nothing was changed.\n")


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"dpkg": "echo armhf"}, "is not a 64-bit one"),
        ({"systemctl": "false"}, "systemd does not run here"),
        pytest.param({"df": "printf 'Avail\\n  120\\n'"}, "only 120 MB free", marks=debian_python),
        pytest.param({"timeout": "false"}, "on the network?", marks=debian_python),
    ],
)
def test_what_cannot_be_installed_is_told_before_anything_is_changed(install, answers, words):
    answer = install("install", "--check", **answers)
    assert answer.returncode == 1
    assert words in answer.stderr
    assert answer.stderr.endswith("Nothing was changed.\n")


def test_what_is_not_installed_cannot_be_updated(install):
    if Path("/opt/emotify").exists():
        pytest.skip("Emotify is installed on this machine")
    answer = install("update")
    assert answer.returncode == 1
    assert "run 'sudo ./setup.sh install'" in answer.stderr


@pytest.mark.parametrize(
    "arguments", [["install", "--chek"], ["update", "now"], ["uninstall", "--all"]]
)
def test_an_unknown_option_of_the_box_gets_the_usage(install, arguments):
    answer = install(*arguments)
    assert (answer.returncode, answer.stderr[:6]) == (2, "usage:")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("job", ["install", "uninstall"])
def test_only_the_administrator_may_install_the_box(checkout, job):
    # pytest's own folders are closed to others.
    with tempfile.TemporaryDirectory() as public:
        os.chmod(public, 0o755)
        shutil.copytree(checkout, public, dirs_exist_ok=True)
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        answer = subprocess.run(
            [*nobody, f"{public}/setup.sh", job], capture_output=True, text=True, check=False
        )
    assert answer.returncode == 1
    assert f"run 'sudo ./setup.sh {job}'" in answer.stderr
