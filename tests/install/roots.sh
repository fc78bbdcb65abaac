# shellcheck shell=bash
# Minimal Debian roots for the scripts beside this one, which source it as root.
#
# The roots are created with debootstrap and kept in $EMOTIFY_ROOTS (default: /var/tmp/emotify-roots); a
# run works on an overlay and does not change them. The sources of the packages (mirror, proxy, pip's
# index) are read from this machine at run time.

checkout=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
roots=${EMOTIFY_ROOTS:-/var/tmp/emotify-roots}
# What a root needs besides to boot, and for what the README does.
SYSTEMD=systemd,systemd-sysv,dbus,sudo,ca-certificates

# make_base NAME SUITE [PACKAGE,... [ARCHITECTURE]]
make_base() {
    local base=$roots/$1
    [[ ${4:-amd64} != arm64 ]] || run_arm64
    [[ ! -d $base ]] || return 0
    mkdir -p "$roots"
    rm -rf "$base.part"
    debootstrap --variant=minbase ${3:+--include="$3"} ${4:+--arch="$4"} "$2" "$base.part" "$(mirror)" >"$base.log"
    mv "$base.part" "$base"
}

# The mirror that this machine's packages come from.
mirror() {
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -n 1
}

# Lets this machine run programs for arm64.
run_arm64() {
    local binfmt=/proc/sys/fs/binfmt_misc
    [[ $(uname -m) != aarch64 ]] || return 0
    [[ -e $roots/qemu-aarch64 ]] || fetch_qemu
    [[ -e $binfmt/register ]] || mount -t binfmt_misc binfmt_misc "$binfmt"
    [[ -e $binfmt/emotify-aarch64 ]] || echo ":emotify-aarch64:M::$ARM64_MAGIC:$ARM64_MASK:$roots/qemu-aarch64:OF" \
        >"$binfmt/register"
}

# The header of a program for arm64, as in QEMU's own file for binfmt_misc.
ARM64_MAGIC='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
ARM64_MASK='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'

# QEMU 10 of Debian 13, in which the systemd of Debian 13 runs. That of Debian 12 cannot run it.
fetch_qemu() {
    local folder apt
    folder=$(mktemp -d)
    echo "deb $(mirror) trixie main" >"$folder/sources.list"
    mkdir "$folder/lists"
    apt=(apt-get -qq -o "Dir::Etc::SourceList=$folder/sources.list" -o Dir::Etc::SourceParts=/dev/null
        -o "Dir::State::Lists=$folder/lists" -o "Dir::Cache=$folder" -o APT::Sandbox::User=root)
    "${apt[@]}" update
    (cd "$folder" && "${apt[@]}" download qemu-user)
    dpkg-deb --extract "$folder"/qemu-user_*.deb "$folder"
    mkdir -p "$roots"
    mv "$folder/usr/bin/qemu-aarch64" "$roots"
    rm -rf "$folder"
}

# mount_overlay NAME FOLDER: a fresh copy of a root in FOLDER/root.
mount_overlay() {
    root=$2/root
    mkdir -p "$root" "$2/upper" "$2/work"
    mount -t overlay -o "lowerdir=$roots/$1,upperdir=$2/upper,workdir=$2/work" root "$root"
}

# The root gets this machine's way to the packages; sets the array "environment" for its processes.
lend_network() {
    cp --dereference /etc/resolv.conf "$root/etc/resolv.conf"
    apt-config dump | grep -E '^Acquire::(https?|Check-)' >"$root/etc/apt/apt.conf.d/99host" || true

    environment=(HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
    local name value folder
    # pip says: global.extra-index-url='...'
    while IFS='=' read -r name value; do
        name=${name##*.} value=${value#\'} value=${value%\'}
        name=${name//-/_}
        environment+=("PIP_${name^^}=$value")
        for folder in $value; do
            folder=${folder#file://}
            folder=${folder%/simple}
            # A constraint file is copied, a folder of packages is mounted.
            [[ ! -f $folder ]] || install -D --mode 644 "$folder" "$root$folder"
            [[ -d $folder ]] || continue
            mkdir -p "$root$folder"
            mount --bind -o ro "$folder" "$root$folder"
        done
    done < <(python3 -m pip config list)
    if [[ -n ${SSL_CERT_FILE-} ]]; then
        cp --dereference "$SSL_CERT_FILE" "$root/srv/host.crt"
        environment+=(PIP_CERT=/srv/host.crt SSL_CERT_FILE=/srv/host.crt)
    fi
}
