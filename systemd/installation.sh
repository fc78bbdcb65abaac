# shellcheck shell=bash
# What `setup.sh install`, `update` and `uninstall` do; setup.sh sources this file.
#
#   /opt/emotify/releases/NAME     a release: a virtual environment with all of Emotify in it
#   /opt/emotify/current           a link to the release that runs
#   /opt/emotify/pending           exists from before the link is switched until the new release
#                                  runs; holds the name of the release before it
#
# Every step may be interrupted and repeated. A release counts only once its file "made" exists, which
# is written last; the link and the files outside /opt/emotify are replaced as a whole.

OPT=/opt/emotify
LOG=/var/log/emotify-setup.log
UNIT=/usr/local/lib/systemd/system/emotify.service
COMMAND=/usr/local/bin/emotify
CONFIG=/etc/emotify/config.toml
STATE=/var/lib/emotify
# A release has 84 MB with Python 3.11 and 136 with 3.13, Debian's packages have 72 MB and need some more
# while they are unpacked. An update has two releases for a while.
NEEDED_MB=400

# --- jobs --------------------------------------------------------------------

run_install() {
    case "${1-}" in
        "") ;;
        --check) only_check=yes ;;
        *) usage >&2 && exit 2 ;;
    esac
    check_box
    [[ -z ${only_check-} ]] || { echo "Nothing was changed." && return; }
    begin_changes
    before=$(debian_packages)
    install_packages
    check_python
    make_release
    switch_to "$release"
}

run_update() {
    (($# == 0)) || { usage >&2 && exit 2; }
    [[ -L $OPT/current ]] || die "Emotify is not installed: run 'sudo ./setup.sh install'."
    run_install
}

run_uninstall() {
    case "${1-}" in
        "") ;;
        --purge) purge=yes ;;
        *) usage >&2 && exit 2 ;;
    esac
    must_be_root
    begin_changes
    systemctl disable --now emotify.service >>"$log" 2>&1 || true
    rm -f "$UNIT" "$COMMAND" /etc/sysusers.d/emotify.conf /etc/tmpfiles.d/emotify.conf
    rm -rf "$OPT"
    systemctl daemon-reload
    if [[ -n ${purge-} ]]; then
        rm -rf /etc/emotify "$STATE"
        if getent passwd emotify >/dev/null && ! userdel emotify >>"$log" 2>&1; then
            die "The user emotify cannot be removed, everything else is; $LOG says why."
        fi
        rm -f "$LOG"
        echo "Emotify is removed, with its configuration, its login and its user."
    else
        echo "Emotify is removed. Its configuration and its login are still in /etc/emotify and" \
            "$STATE; 'uninstall --purge' removes them as well."
    fi
    echo "Debian's packages stay, because others may use them."
}

# --- checks ------------------------------------------------------------------

# A line for each check. Nothing is changed here.
check_box() {
    must_be_root
    check_system
    row "system" "$PRETTY_NAME, $(dpkg --print-architecture)"
    systemctl show >/dev/null 2>&1 ||
        die "systemd does not run here, so that nothing could start Emotify at boot."
    [[ ! -x $python ]] || check_release_python
    row "Python" "${version:-will be installed}"
    check_disk
    list_missing_packages
    check_network
    tell_what_may_come_later
}

must_be_root() {
    ((EUID == 0)) || [[ -n ${only_check-} ]] ||
        die "This needs the administrator: run 'sudo ./setup.sh $job'."
}

check_release_python() {
    check_python
    [[ $version != 3.12 ]] ||
        die "$python is Python 3.12, and Emotify is made for that of Debian 12 or 13 (3.11, 3.13)."
}

check_disk() {
    local free
    free=$(df --output=avail --block-size=1M /opt | tail -n 1)
    ((free >= NEEDED_MB)) ||
        die "There are only $((free)) MB free for /opt, and Emotify needs up to $NEEDED_MB: make room."
    row "disk" "$((free)) MB free, at most $NEEDED_MB are needed"
}

# As apt itself would reach it, through proxies and mirrors.
check_network() {
    local address answer
    answer=$(mktemp)
    address=$(apt-get update --print-uris 2>/dev/null | sed -n "s/^'\([^']*\)'.*/\1/p" | head -n 1)
    if [[ -z $address ]] ||
        ! timeout 60 /usr/lib/apt/apt-helper download-file "$address" "$answer" >/dev/null 2>&1; then
        rm -f "$answer"
        die "Debian's packages cannot be reached: is this machine on the network? Try" \
            "'sudo apt-get update'."
    fi
    rm -f "$answer"
    row "network" "Debian's packages can be reached"
}

# What is not needed to install, but to use it.
tell_what_may_come_later() {
    local model=""
    [[ ! -r /proc/device-tree/model ]] || model=$(tr -d '\0' </proc/device-tree/model)
    row "board" "${model:-no Raspberry Pi: there are no pins for a button and a light here}"
    if getent group gpio >/dev/null; then
        row "groups" "audio, gpio"
    else
        row "groups" "audio; gpio is missing, which Raspberry Pi OS has, and will be made"
    fi
    if grep -qs capture /proc/asound/pcm; then
        row "microphone" "$(sed -n '/capture/ { s/^[^:]*: //; s/ *:.*//; p; q }' /proc/asound/pcm)"
    else
        row "microphone" "none is plugged in; it may come later"
    fi
}

row() {
    printf '  %-11s %s\n' "$1" "$2"
}

# --- changes -----------------------------------------------------------------

# From here on something is changed. Only one such run at a time; what an interrupted one has
# started (apt, pip) holds the lock until it ends.
begin_changes() {
    umask 022
    log=$LOG
    echo "== $(date --iso-8601=seconds) setup.sh $job" >>"$log"
    exec 9>/run/lock/emotify-setup
    if ! flock --nonblock 9; then
        echo "Another setup.sh, or what is left of it, is at work. Waiting for it."
        flock 9
    fi
    has_changed=yes
    # What an interrupted apt has left.
    dpkg --configure --pending >>"$log" 2>&1
}

make_release() {
    release=$(release_name)
    local folder=$OPT/releases/$release pip
    local source=$folder/source
    if [[ -e $folder/made ]]; then
        is_whole "$folder" && return
        echo "Files of $folder are damaged. Making it again."
        is_made_again=yes
    fi
    rm -rf "$folder"
    mkdir -p "$OPT/releases"
    step "Making the environment" "$python" -m venv --system-site-packages "$folder"
    pip=("$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-cache-dir
        --no-deps --no-build-isolation)
    # A build writes into its folder, and the checkout belongs to somebody else.
    mkdir "$source"
    release_files | tar --create --null --files-from=- |
        tar --extract --directory="$source" --no-same-owner
    # setuptools builds the others.
    sed -n '/^setuptools==/,/[^\\]$/p' systemd/requirements.txt >"$source/setuptools.txt"
    step "Installing setuptools" "${pip[@]}" --require-hashes -r "$source/setuptools.txt"
    step "Installing the Python packages" "${pip[@]}" --use-pep517 --require-hashes \
        -r systemd/requirements.txt
    step "Installing Emotify" "${pip[@]}" "$source"
    check_versions "$folder"
    mv "$source/systemd" "$source/README.md" "$folder"
    rm -r "$source"
    sync --file-system "$folder"
    touch "$folder/made"
}

# Whether every file is as pip has installed it; an SD card may have lost some.
is_whole() {
    "$python" - "$1" >>"$log" 2>&1 <<'PYTHON'
import base64
import hashlib
import sys
from importlib.metadata import distributions
from pathlib import Path

(packages,) = Path(sys.argv[1]).glob("lib/python3.*/site-packages")
for distribution in distributions(path=[str(packages)]):
    for file in distribution.files or []:
        if file.hash:
            found = hashlib.new(file.hash.mode, file.locate().read_bytes()).digest()
            if base64.urlsafe_b64encode(found).decode().rstrip("=") != file.hash.value:
                sys.exit(f"{file} is damaged")
PYTHON
}

# The same files give the same name.
release_name() {
    local number digest
    number=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
    digest=$({ release_files | xargs -0 sha256sum && echo "$version"; } | sha256sum)
    echo "$number-${digest:0:12}"
}

release_files() {
    find device training models systemd pyproject.toml README.md LICENSE -type f \
        ! -path '*/__pycache__/*' -print0 | sort -z
}

# Debian's packages have the versions that Debian has.
check_versions() {
    local wrong
    wrong=$("$1/bin/python" -m pip check --disable-pip-version-check 2>&1 | grep '^emotify ' || true)
    [[ -z $wrong ]] || die "The packages do not fit together: $wrong"
}

# Lets a release run; if it does not get ready, the one before runs again.
switch_to() {
    local new=$1 previous was=""
    previous=$(cat "$OPT/pending" 2>/dev/null || running_release)
    if [[ $previous = "$new" && ! -e $OPT/pending && -z ${is_made_again-} ]] &&
        systemctl --quiet is-active emotify && is_in_place "$new"; then
        echo "Emotify $new is installed and runs already. Nothing was changed."
        return
    fi
    [[ ! -e $OPT/current ]] || was=$(daemon_status)
    put "$OPT/pending" 644 <<<"$previous"
    put_in_place "$new"
    if starts "$was"; then
        rm -f "$OPT/pending"
        remove_other_releases "$new" "$previous"
        tell_what_is_next "$new"
        return
    fi
    systemctl status --no-pager --lines=20 emotify >>"$log" 2>&1 || true
    if [[ -z $previous || $previous = "$new" || ! -e $OPT/releases/$previous/made ]]; then
        die "Emotify $new is installed, but does not get ready: 'journalctl -u emotify' says why."
    fi
    put_in_place "$previous"
    systemctl restart emotify >>"$log" 2>&1 || true
    rm -rf "$OPT/pending" "$OPT/releases/$new"
    die "Emotify $new does not get ready, so that $previous runs again. $log says why."
}

running_release() {
    basename "$(readlink "$OPT/current" || true)"
}

is_in_place() {
    local from=$OPT/releases/$1/systemd
    cmp --quiet "$from/emotify.service" "$UNIT" &&
        cmp --quiet "$from/sysusers.conf" /etc/sysusers.d/emotify.conf &&
        cmp --quiet "$from/tmpfiles.conf" /etc/tmpfiles.d/emotify.conf &&
        [[ -e $COMMAND && -e $CONFIG ]] && systemctl --quiet is-enabled emotify
}

put_in_place() {
    local from=$OPT/releases/$1/systemd
    mkdir -p "$(dirname "$UNIT")" /etc/sysusers.d /etc/tmpfiles.d
    put "$UNIT" 644 <"$from/emotify.service"
    put /etc/sysusers.d/emotify.conf 644 <"$from/sysusers.conf"
    put /etc/tmpfiles.d/emotify.conf 644 <"$from/tmpfiles.conf"
    systemd-sysusers /etc/sysusers.d/emotify.conf >>"$log" 2>&1
    systemd-tmpfiles --create /etc/tmpfiles.d/emotify.conf >>"$log" 2>&1
    link "$OPT/releases/$1" "$OPT/current"
    link "$OPT/current/bin/emotify" "$COMMAND"
    if [[ ! -e $CONFIG ]]; then
        put "$CONFIG" 644 <<<"# 'emotify config' lists all keys; those that are missing here have their default."
        chown emotify:emotify "$CONFIG"
    fi
    systemctl daemon-reload
    systemctl enable emotify >>"$log" 2>&1 ||
        die "The service cannot be enabled; is it masked? 'systemctl unmask emotify' mends that."
}

# Replaces a file by what is on stdin.
put() {
    local file=$1 mode=$2
    cat >"$file.new"
    chmod "$mode" "$file.new"
    sync "$file.new"
    mv "$file.new" "$file"
}

link() {
    ln --symbolic --force --no-dereference "$1" "$2.new"
    mv --no-target-directory "$2.new" "$2"
}

# Whether the daemon gets ready, and has no fault in its set-up that was not there before.
starts() {
    echo "Starting Emotify"
    systemctl restart emotify >>"$log" 2>&1 || return 1
    [[ $(daemon_status) != *"(broken)"* || $1 = *"(broken)"* || $1 != *"runs"* ]]
}

daemon_status() {
    "$OPT/current/bin/emotify" status 2>&1 || true
}

# The one before stays, so that one can go back by hand.
remove_other_releases() {
    local folder
    for folder in "$OPT"/releases/*; do
        case ${folder##*/} in
            "$1" | "$2") ;;
            *) rm -rf "$folder" ;;
        esac
    done
}

# Their number, and their size in MB.
debian_packages() {
    dpkg-query --show --showformat='${Installed-Size}\n' |
        awk '{ size += $1 } END { print NR, int(size / 1024) }'
}

tell_what_is_next() {
    local folder=$OPT/releases/$1 count count_before mb_before count_now mb_now release_mb
    count=$(find "$folder"/lib/python*/site-packages -maxdepth 1 -name '*.dist-info' | wc -l)
    read -r count_before mb_before <<<"$before"
    read -r count_now mb_now <<<"$(debian_packages)"
    release_mb=$(du --summarize --block-size=1M "$folder" | cut -f 1)
    echo "Installed: $((count_now - count_before)) Debian packages with $((mb_now - mb_before)) MB," \
        "and $count Python packages with $release_mb MB, in $SECONDS s. The log is $LOG."
    cat <<TEXT
Emotify $1 runs, and starts with this machine. Next:
    sudo emotify login       log in to Spotify
    emotify status           what it does, and what is wrong
TEXT
}
