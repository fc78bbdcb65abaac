#!/usr/bin/env bash
# Sets Emotify up from this checkout: for the demonstration and the tests, or as a service.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: ./setup.sh demo [FILE.wav]      one round of the appliance in this terminal
       ./setup.sh playlists            what building playlists from your own music needs
       ./setup.sh test [ARGUMENT ...]  the tests; the arguments go to pytest

       sudo ./setup.sh install         the box: Emotify as a service, from now on and after
                                       every start of this machine; with --check only look
                                       whether it can be installed
       sudo ./setup.sh update          the same with a newer checkout; if the new version
                                       does not get ready, the one before runs again
       sudo ./setup.sh uninstall       remove it; with --purge also configuration and login

Runs on Debian 12 and 13 and on Raspberry Pi OS Bookworm and Trixie (64-bit).
The first three install the Debian packages that are missing (as root, or with sudo), and
the Python packages into .venv in this folder. Nothing else on this machine is changed.
The first time takes one to two minutes and up to 700 MB on the disk for the demo (the
Debian packages are most of it), a minute and 300 MB more for the playlists, and some
minutes and 2.5 GB for the tests.
The service is in /opt/emotify, its configuration in /etc/emotify, its state in
/var/lib/emotify. It needs some minutes and up to 210 MB.

EMOTIFY_PYTHON=PYTHON uses another Python (3.11 to 3.13), with an environment of its own,
for the first three.
TEXT
}

main() {
    case "${1-}" in
        demo | playlists | test | install | update | uninstall) job=$1 ;;
        -h | --help) usage && exit ;;
        *) usage >&2 && exit 2 ;;
    esac
    shift
    if [[ $job = demo ]]; then
        (($# <= 1)) || { usage >&2 && exit 2; }
        recording=${1:+$(readable "$1")}
    fi
    cd "$(dirname "${BASH_SOURCE[0]}")"
    # Debian's packages are for Debian's Python, not for the first python3 on the path.
    python=${EMOTIFY_PYTHON:-/usr/bin/python3}
    case $job in
        install | update | uninstall)
            python=/usr/bin/python3
            # shellcheck source=systemd/installation.sh
            source systemd/installation.sh
            "run_$job" "$@"
            return
            ;;
    esac

    check_system
    # Debian's Python may not be installed yet.
    [[ -z ${EMOTIFY_PYTHON-} && ! -x $python ]] || check_python
    list_missing_packages
    log=$(mktemp -t emotify-setup-XXXXXX.log)
    install_packages
    check_python
    make_environment
    rm "$log"
    "run_$job" "$@"
}

# --- checks ------------------------------------------------------------------

readable() {
    [[ -f $1 && -r $1 ]] || die "$1: there is no such file, or it cannot be read."
    realpath "$1"
}

check_system() {
    # shellcheck source=/dev/null
    source /etc/os-release 2>/dev/null || PRETTY_NAME=$(uname -s)
    [[ " ${ID-} ${ID_LIKE-} " = *" debian "* && -x $(command -v apt-get) ]] ||
        die "$PRETTY_NAME is not Debian or Raspberry Pi OS, which Emotify is made for."
    [[ $ID != debian || ${VERSION_ID:-13} -ge 12 ]] ||
        die "$PRETTY_NAME is too old: Emotify needs Debian 12 or 13."
    case $(dpkg --print-architecture) in
        amd64 | arm64) ;;
        *) die "This system is not a 64-bit one (arm64 or amd64), which Emotify's model needs." \
            "On a Pi, install the 64-bit Raspberry Pi OS." ;;
    esac
}

check_python() {
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) ||
        die "$python does not run."
    case $version in
        3.11 | 3.12 | 3.13) ;;
        *) die "$python is Python $version, and Emotify needs 3.11, 3.12 or 3.13:" \
            "take Debian 12 or 13, or name another one with EMOTIFY_PYTHON." ;;
    esac
}

list_missing_packages() {
    packages=()
    local package
    for package in $(needed_packages); do
        is_installed "$package" || packages+=("$package")
    done
    ((${#packages[@]})) || return 0
    echo "Debian packages that are missing and will be installed: ${packages[*]}"
    if ((EUID == 0)) || [[ -n ${only_check-} ]]; then
        as_root=()
    elif [[ -x $(command -v sudo) ]]; then
        as_root=(sudo)
    else
        die "That needs the administrator and there is no sudo. As root, run" \
            "'apt-get install --no-install-recommends ${packages[*]}', then this again."
    fi
}

needed_packages() {
    if [[ $job = install || $job = update ]]; then
        echo python3 python3-venv python3-numpy python3-pyaudio python3-systemd
        # Only Raspberry Pi OS has it; for Python 3.11 pip has it as well.
        [[ ! -e /etc/rpi-issue ]] || echo python3-lgpio
        return
    fi
    # Compiler and headers are for PyAudio and systemd-python, which are built from source.
    echo gcc libc6-dev pkg-config portaudio19-dev libsystemd-dev
    [[ -n ${EMOTIFY_PYTHON-} ]] || echo python3 python3-dev python3-venv
    if [[ $job = test ]]; then
        echo espeak-ng libasound2-dev strace
    elif [[ $job = demo && -z $recording ]]; then
        echo espeak-ng
    fi
}

is_installed() {
    [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) = installed ]]
}

# --- installation ------------------------------------------------------------

install_packages() {
    ((${#packages[@]})) || return 0
    # The password must be asked for before the output goes to the log.
    ((${#as_root[@]} == 0)) || sudo -n true 2>/dev/null || sudo -v ||
        die "Without sudo the packages cannot be installed."
    step "Reading Debian's list of packages" "${as_root[@]}" apt-get update
    step "Installing Debian's packages" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install --yes --no-install-recommends "${packages[@]}"
}

# The stamps hold the pyproject.toml, Python and folder of the environment. They are written last, so
# that an incomplete environment has none.
make_environment() {
    environment=.venv${EMOTIFY_PYTHON:+-$version}
    local key extras="" size="170 MB"
    key=$({ cat pyproject.toml; echo "$version"; pwd; } | sha256sum)
    case $job in
        demo) is_made demo playlists test && return ;;
        playlists) is_made playlists test && return ; extras="[playlists]" size="300 MB" ;;
        test) is_made test && return ; extras="[training,test]" size="2.5 GB" ;;
    esac
    if ! is_made demo playlists test; then
        step "Making the environment $environment" "$python" -m venv --clear "$environment"
    fi
    rm -f "$environment"/made-for-*
    step "Installing the Python packages (about $size)" \
        "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --editable ".$extras"
    echo "$key" >"$environment/made-for-$job"
}

# Whether the environment was made for one of these jobs, and is as it was.
is_made() {
    local name
    for name in "$@"; do
        [[ $(cat "$environment/made-for-$name" 2>/dev/null) = "$key" ]] &&
            "$environment/bin/python" -c "" 2>/dev/null && return
    done
    return 1
}

# --- jobs --------------------------------------------------------------------

run_demo() {
    local emotify=$environment/bin/emotify
    if [[ -n $recording ]]; then
        "$emotify" simulate --wav "$recording" --press-once
        return
    fi
    scratch=$(mktemp -d -t emotify-demo-XXXXXX)
    trap 'rm -r "$scratch"' EXIT
    echo "Without a recording: a synthetic voice speaks a sentence, and Emotify guesses."
    espeak-ng -w "$scratch/voice.wav" "Hello, box. I had such a wonderful day today."
    # The model is not trained on synthetic voices, so it is seldom sure.
    printf '[mood]\nwhen_unsure = "guess"\n' >"$scratch/config.toml"
    "$emotify" simulate --config "$scratch/config.toml" --wav "$scratch/voice.wav" --press-once
}

run_playlists() {
    echo "Now build them: $environment/bin/emotify playlists build MY.csv"
}

run_test() {
    "$environment/bin/python" -m pytest "$@"
}

# --- messages ----------------------------------------------------------------

# Runs a command, and tells all the while how long it has taken and how much it has loaded.
step() {
    local what=$1 began=$SECONDS used=0 reporter status=0
    shift
    used=$(used_mb)
    printf '%s ... ' "$what"
    # Without the lock of the installation, which it may outlive for some seconds.
    report 9>&- &
    reporter=$!
    "$@" >>"$log" 2>&1 || status=$?
    kill "$reporter"
    wait "$reporter" 2>/dev/null || true
    if ((status == 0)); then
        # On a terminal the line is there already.
        [[ ! -t 1 ]] || printf '\r\033[K%s ... ' "$what"
        progress
    else
        echo "failed"
        tail -n 5 "$log" >&2
        die "That step failed: $what. Its complete output is in $log"
    fi
}

report() {
    # On a terminal the line is written anew; a log gets more of it now and then.
    local every=15 form='%s ... '
    [[ ! -t 1 ]] || every=1 form="\r$what ... %s "
    trap exit TERM
    # It ends with the script, however that ends; its sleep must not keep the output open.
    while sleep "$every" >/dev/null 2>&1 & wait $! && kill -0 $$ 2>/dev/null; do
        # shellcheck disable=SC2059
        printf "$form" "$(progress)"
    done
}

progress() {
    local loaded=$(($(used_mb) - used))
    echo "$((SECONDS - began)) s, $((loaded > 0 ? loaded : 0)) MB"
}

used_mb() {
    df --output=used --block-size=1M . | tail -n 1
}

die() {
    echo "setup.sh: $*" >&2
    [[ $job != install && $job != update || -n ${has_changed-} ]] || echo "Nothing was changed." >&2
    exit 1
}

main "$@"
