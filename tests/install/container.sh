# shellcheck shell=bash
# A box in a container that is booted by systemd-nspawn, and checks of it, for the scripts beside this
# one, which source it as root. systemd, its sandbox and its watchdog are real; pins, sound and Spotify are
# the device's own simulations, chosen by the configuration.

# shellcheck source=tests/install/roots.sh
source "$(dirname "${BASH_SOURCE[0]}")/roots.sh"

failures=0
# For arm64, where all takes longer.
patience=1

# --- the box -----------------------------------------------------------------

# Boots a Debian with this checkout in /srv/emotify: a fresh one, or that of before in $scratch/$1.
boot() {
    mount_overlay "$base" "$scratch/$1"
    mount --make-private "$root"
    lend_network
    rm -rf "$root/srv/emotify"
    mkdir "$root/srv/emotify"
    git -C "$checkout" ls-files -z --cached --others --exclude-standard | tar --create --null --directory="$checkout" --files-from=- |
        tar --extract --directory="$root/srv/emotify"
    espeak-ng -w "$root/srv/voice.wav" "Hello, box. I had such a wonderful day today."
    # Without the unified hierarchy of control groups a newer systemd needs to be told so.
    SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1 systemd-nspawn --quiet --register=no --keep-unit --boot \
        --machine="emotify-$$" --directory="$root" --console=pipe >"$scratch/console" 2>&1 </dev/null &
    container=$!
    local state=""
    until [[ $state = running ]]; do
        sleep 0.2
        kill -0 "$container"
        leader=$(pgrep --parent "$container" | head -n 1) || continue
        state=$(in_box systemctl is-system-running --wait 2>/dev/null) || true
        if [[ $state = degraded ]]; then
            in_box systemctl --no-pager --failed
            exit 1
        fi
    done
    echo "== $suite: booted"
}

shut_down() {
    [[ -n ${container-} ]] || return 0
    in_box systemctl poweroff >/dev/null 2>&1 || true
    wait "$container" || true
    container=""
    umount --recursive "$root"
}

in_box() {
    nsenter --target "$leader" --all /usr/bin/env -i "${environment[@]}" "$@" </dev/null
}

setup() {
    in_box bash -c 'cd /srv/emotify && exec ./setup.sh "$@"' - "$@"
}

configure() {
    mkdir -p "$root/etc/emotify"
    cat >"$root/etc/emotify/config.toml" <<TOML
[mood]
when_unsure = "guess"
[simulation]
pins = true
recording = "/srv/voice.wav"
[spotify]
client_id = "5f0c1a7e5f0c1a7e5f0c1a7e5f0c1a7e"
api_url = "http://127.0.0.1:18099/v1"
accounts_url = "http://127.0.0.1:18099"
TOML
}

# What an installation leaves behind, a line for each file.
state() {
    in_box bash -c '
        cd /
        find opt/emotify etc/emotify etc/systemd etc/sysusers.d etc/tmpfiles.d usr/local var/lib/emotify \
            ! -name "*.pyc" -printf "%p %M %u %g %l\n" | sort
        find opt/emotify etc/emotify etc/sysusers.d usr/local -type f ! -name "*.pyc" -print0 | sort -z |
            xargs -0 sha256sum
        dpkg-query --show
        getent passwd emotify
        systemctl is-enabled emotify
        systemctl is-active emotify'
}

# Spotify's stand-in, with a login of its own; the arguments are its faults.
begin_spotify() {
    cp "$checkout/tests/install/spotify.py" "$root/srv/spotify.py"
    in_box systemctl stop spotify 2>/dev/null || true
    in_box rm -f /var/lib/emotify/token.json
    in_box systemd-run --quiet --unit=spotify --uid=emotify \
        /opt/emotify/current/bin/python /srv/spotify.py 18099 "$@"
    wait_for 20 in_box test -e /var/lib/emotify/token.json
}

press_plays() {
    press_says "Playing on Living room"
}

# Whether a press brings these words into the journal.
press_says() {
    local since
    # The daemon may be starting.
    wait_for 30 is_ready
    since=$(in_box date +%s.%N)
    in_box emotify press && wait_for 30 said "$since" "$1" ||
        { in_box journalctl --unit=emotify --lines=20 && return 1; }
}

said() {
    in_box journalctl --quiet --unit=emotify --since="@$1" | grep "$2" >/dev/null
}

main_pid() {
    in_box systemctl show --property=MainPID --value emotify
}

# Whether it is another process than before, and ready.
runs_anew() {
    is_ready && [[ $(main_pid) != "$1" ]]
}

# Whether the status is that of the running process, whose first event is that all is loaded. The
# status of one before it may still be there.
is_ready() {
    local process
    process=$(main_pid)
    [[ $process != 0 ]] && in_box systemctl --quiet is-active emotify &&
        in_box grep --quiet "\"pid\": $process," /run/emotify/emotify-status.json
}

shows_fault() {
    in_box grep --quiet "\"fault\": $1," /run/emotify/emotify-status.json
}

# --- checks ------------------------------------------------------------------

check() {
    local what=$1 output
    shift
    if output=$("$@" 2>&1); then
        echo "ok      $what"
        grep --only-matching "^Installed: .*" <<<"$output" | sed 's/^/        /' || true
    else
        echo "FAILED  $what: $*"
        echo "$output" | tail -n 20
        failures=$((failures + 1))
    fi
}

# Whether a command succeeds and says these words.
says() {
    local words=$1 output
    shift
    output=$("$@" 2>&1) && [[ $output = *"$words"* ]] || { echo "$output" && return 1; }
}

fails() {
    ! "$@"
}

wait_for() {
    local deadline=$((SECONDS + $1 * patience))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < deadline)) || return 1
        sleep 0.3
    done
}
