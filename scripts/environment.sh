# Sourced by ./run and ./check, which set $here. Makes .venv and keeps it in step with a lock file:
#     prepare run | postgres | check
# All chatter goes to stderr: stdout belongs to the program that is started afterwards.

# Compiled modules are kept, whatever the caller's shell says: without them every start takes three times as long.
unset PYTHONDONTWRITEBYTECODE

venv=$here/.venv
python=$venv/bin/python

say() { printf '%s\n' "$*" >&2; }
stop() {
    say "$*"
    exit 1
}

prepare() {
    if has "$1"; then return; fi
    hold_the_door
    has "$1" || install_requirements "$1"
    let_go
}

# A stamp says that everything in a lock file is installed, by the Python that is there now.
has() { [ -x "$python" ] && [ "$(cat "$venv/.has-$1" 2>/dev/null)" = "$(fingerprint "$1")" ]; }

fingerprint() {
    cksum <"$here/requirements/$1.txt"
    "$python" -I -S -c 'import sys; print(sys.version)' 2>/dev/null || echo 'no python'
}

# Two starts at once must not install into each other. Where there is no flock (macOS) the second is on its own.
hold_the_door() {
    exec 9>"$here/.venv.lock"
    if command -v flock >/dev/null 2>&1; then flock 9; fi
}
let_go() { exec 9>&-; }

install_requirements() {
    # A set-up that was cut off, or another Python than the one that made it: begin afresh.
    if [ -e "$venv/.installing" ] || ! "$python" -c 'import pip' 2>/dev/null; then rm -rf "$venv"; fi
    if [ ! -e "$venv" ]; then make_venv; fi
    : >"$venv/.installing"
    rm -f "$venv"/.has-*
    say "Installing what is locked in requirements/$1.txt (once) ..."
    "$python" -m pip install -q -q --disable-pip-version-check --no-input --require-hashes --no-deps \
        -r "$here/requirements/$1.txt" >&2 9>&- || could_not_install
    add_this_checkout
    stamp "$1"
    rm -f "$venv/.installing"
}

# pip takes back what it began, so this .venv is still a good place to try again.
could_not_install() {
    rm -f "$venv/.installing"
    stop "Installing failed: see above. It needs the Python package registry; run this again when it can be reached."
}

# A relative line, so that a checkout can be moved or renamed.
add_this_checkout() {
    "$python" -c 'import pathlib, sysconfig
pathlib.Path(sysconfig.get_path("purelib"), "storefront_trace.pth").write_text("../../../..\n")'
}

# check.txt holds all of postgres.txt, which holds all of run.txt, in the same versions (tests/test_version.py).
stamp() {
    case $1 in
    check) names='check postgres run' ;;
    postgres) names='postgres run' ;;
    *) names=run ;;
    esac
    for name in $names; do fingerprint "$name" >"$venv/.has-$name"; done
}

make_venv() {
    base=$(find_python) || stop "Python 3.11 or newer is needed. On Debian 12: apt install python3 python3-venv"
    if ! "$base" -c 'import ensurepip, venv' 2>/dev/null; then
        apt_install python3-venv || stop "Python's venv module is missing. On Debian: apt install python3-venv"
        "$base" -c 'import ensurepip, venv' 2>/dev/null || stop "$base has no venv module: install the one that belongs to it."
    fi
    mkdir "$venv"
    : >"$venv/.installing"
    "$base" -m venv "$venv" >&2 9>&- || stop "Making .venv with $base failed: see above."
}

find_python() {
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

# What apt says is shown only when it failed.
apt_install() {
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then return 1; fi
    say "Installing Debian's $1 ..."
    export DEBIAN_FRONTEND=noninteractive
    if ! told=$( (apt-get update && apt-get install -y --no-install-recommends "$1") 2>&1 9>&-); then
        say "$told"
        return 1
    fi
}
