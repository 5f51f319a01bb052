#!/usr/bin/env bash
# Sets up what the Makefile's targets need. Every step looks first and does only what is missing.
#
#   tools/bootstrap.sh system           compiler, CMake, Ninja and the libraries, from the system's packages
#   tools/bootstrap.sh python           .venv, with the package in place and the tools of its developers
#   tools/bootstrap.sh build [PRESET]   both, then build/PRESET (dev): library, tests, Python extension
#   tools/bootstrap.sh browser          a headless Chromium, which the report's test uses where there is one
#   tools/bootstrap.sh torch            PyTorch for CPUs and PEFT in .venv, which some tests compare with
#   tools/bootstrap.sh doctor           what is there, and whether it works
#
# HEDDLE_PYTHON names the Python to use, HEDDLE_JOBS how many compilers run at once; HEDDLE_TORCH=0 does
# without PyTorch.
# Exit code 2: something is missing that only you can install; the last line says how.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly root=$PWD
readonly venv=$root/.venv
readonly libraries=(libeigen3-dev libopenblas-pthread-dev librandom123-dev libnlopt-dev libspectra-dev doctest-dev)

say() { printf 'heddle: %s\n' "$*" >&2; }

give_up() {
    say "$@"
    exit 2
}

# --- system packages ------------------------------------------------------------------------------

is_debian() { command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; }

compiler_works() {
    local probe='#include <concepts>
#include <span>
template <std::integral T> T twice(T x) { return x + x; }
int main() { return twice(0); }'
    "${CXX:-c++}" -std=c++20 -fsyntax-only -x c++ - <<<"$probe" 2>/dev/null
}

cmake_is_new_enough() {
    local version
    version=$(cmake --version 2>/dev/null | awk 'NR == 1 { print $3 }')
    [[ -n $version && $(printf '3.21\n%s\n' "$version" | sort -V | head -n 1) == 3.21 ]]
}

package_is_installed() {
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# The first Python that is new enough; nothing when there is none.
find_python() {
    local candidate candidates=(python3 python3.{14,13,12,11,10})
    [[ -n ${HEDDLE_PYTHON:-} ]] && candidates=("$HEDDLE_PYTHON")
    for candidate in "${candidates[@]}"; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
}

# Debian splits Python: venv's pip and the C headers are packages of their own.
missing_python_packages() {
    local python
    python=$(find_python)
    if [[ -z $python ]]; then
        printf '%s\n' python3 python3-venv python3-dev
        return
    fi
    "$python" - <<'PY'
import importlib.util, pathlib, sys, sysconfig
package = "python{}.{}".format(*sys.version_info)
if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
    print(package + "-venv")
if not pathlib.Path(sysconfig.get_path("include"), "Python.h").exists():
    print(package + "-dev")
PY
}

missing_packages() {
    compiler_works || echo g++
    cmake_is_new_enough || echo cmake
    command -v ninja >/dev/null || echo ninja-build
    missing_python_packages
    is_debian || return 0
    local package
    for package in "${libraries[@]}"; do
        package_is_installed "$package" || echo "$package"
    done
}

# How to become root: nothing when we are, sudo when it asks nothing; fails otherwise.
root_command() {
    [[ $(id -u) == 0 ]] && return
    sudo -n true 2>/dev/null && echo sudo
}

apt_get() { $(root_command) env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@"; }

# Quiet unless it fails.
apt_install() {
    local log status=0
    root_command >/dev/null || return 1
    log=$(mktemp)
    { apt_get update; apt_get install --yes --no-install-recommends "$@"; } >"$log" 2>&1 || status=1
    [[ $status == 0 ]] || cat "$log" >&2
    rm -f "$log"
    return $status
}

setup_system() {
    local missing
    mapfile -t missing < <(missing_packages)
    [[ ${#missing[@]} == 0 ]] && return
    is_debian || give_up "please install what Debian calls: ${missing[*]}"
    root_command >/dev/null ||
        give_up "to install what is missing, paste: sudo apt-get install -y --no-install-recommends ${missing[*]}"
    say "installing system packages the build needs: ${missing[*]}"
    apt_install "${missing[@]}" ||
        give_up "apt could not install them; try: sudo apt-get install -y --no-install-recommends ${missing[*]}"
    require_python
    mapfile -t missing < <(missing_packages)
    [[ ${#missing[@]} == 0 ]] ||
        give_up "still missing after the installation, perhaps because this system's are too old: ${missing[*]}"
}

# A Python from elsewhere (pyenv, conda) does not gain headers from a system package.
require_python() {
    [[ -z $(missing_python_packages) ]] ||
        give_up "$(find_python) lacks C headers or ensurepip; try: HEDDLE_PYTHON=/usr/bin/python3 make"
}

# --- .venv ----------------------------------------------------------------------------------------

# The virtual environment bears absolute paths, so a moved or copied one is of no use.
venv_identity() { printf '%s %s\n' "$venv" "$("$1" --version)"; }

venv_is_ours() {
    "$venv/bin/python" -c '' 2>/dev/null && [[ -f $venv/heddle.identity ]] &&
        [[ $(venv_identity "$1") == "$(<"$venv/heddle.identity")" ]]
}

create_venv() {
    local python=$1
    venv_is_ours "$python" && return
    say "creating .venv with $python, for everything that is Python here"
    "$python" -m venv --clear "$venv"
    venv_identity "$python" >"$venv/heddle.identity"
}

# The installation is current as long as the files that decide it are the same.
venv_key() { cat pyproject.toml CMakeLists.txt tools/bootstrap.sh | sha256sum; }

build_requirements() {
    "$venv/bin/python" - <<'PY'
import re
text = open("pyproject.toml", encoding="utf-8").read()
table = re.search(r"^\[build-system\](.*?)^\[", text, re.M | re.S).group(1)
requires = re.search(r"^requires = \[(.*?)\]", table, re.M | re.S).group(1)
print("\n".join(re.findall(r'"([^"]+)"', requires)))
PY
}

pip_install() {
    "$venv/bin/python" -m pip --disable-pip-version-check -qq install "$@" ||
        give_up "pip could not install from the Python package index; the lines above say why"
}

setup_python() {
    local python
    python=$(find_python)
    [[ -n $python ]] || give_up "Python 3.10 or later is needed; name one: HEDDLE_PYTHON=/path/to/python3 make"
    create_venv "$python"
    [[ -f $venv/heddle.key && $(venv_key) == "$(<"$venv/heddle.key")" ]] && return
    say "installing the Python packages that heddle and its tests use into .venv (a minute or two)"
    local requirements
    mapfile -t requirements < <(build_requirements)
    pip_install "${requirements[@]}"
    # The package stays in python/heddle: its extension comes from the same build tree as the tests.
    HEDDLE_PACKAGE_IN_TREE=1 pip_install --no-build-isolation '.[dev]'
    echo "$root/python" >"$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/heddle.pth"
    venv_key >"$venv/heddle.key"
}

# --- build/PRESET ---------------------------------------------------------------------------------

# One compiler for each core, as long as each has 1.5 GB.
jobs() {
    local cores memory
    cores=$(getconf _NPROCESSORS_ONLN)
    memory=$(awk '/MemAvailable/ { print int($2 / 1500000) }' /proc/meminfo 2>/dev/null || true)
    memory=$((${memory:-$cores} > 0 ? ${memory:-$cores} : 1))
    echo "${HEDDLE_JOBS:-$((cores < memory ? cores : memory))}"
}

drop_tree_of_another_place() {
    local cache=build/$1/CMakeCache.txt
    if [[ -f $cache ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache"; then
        say "removing build/$1, which was configured in another place"
        rm -rf "build/${1:?}"
    fi
}

setup_build() {
    local preset=${1:-dev}
    setup_system
    setup_python
    drop_tree_of_another_place "$preset"
    say "building with the preset $preset: library, tests, Python extension"
    cmake --preset "$preset" --log-level=WARNING -D HEDDLE_BUILD_PYTHON=ON \
        -D Python_EXECUTABLE="$venv/bin/python" >/dev/null
    cmake --build --preset "$preset" --parallel "$(jobs)"
}

# --- browser --------------------------------------------------------------------------------------

# Ubuntu's chromium-browser may be a stub that only says to install a snap: it has to run.
find_browser() {
    local name
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        "$name" --version >/dev/null 2>&1 && command -v "$name" && return
    done
    return 0
}

setup_browser() {
    [[ -n $(find_browser) ]] && return
    if grep -qx ID=debian /etc/os-release 2>/dev/null && root_command >/dev/null; then
        say "installing Chromium, in which a test opens the report"
        apt_install chromium fonts-dejavu-core || true
    fi
    [[ -n $(find_browser) ]] || say "note: no Chromium here, so the test that opens the report in one is skipped"
}

# --- PyTorch --------------------------------------------------------------------------------------

has_torch() {
    "$venv/bin/python" -c 'import importlib.util as u, sys; sys.exit(not (u.find_spec("torch") and u.find_spec("peft")))'
}

# Without the CUDA libraries, which are ten times as large: on Linux from PyTorch's own index.
install_torch() {
    local torch=torch==2.13.0 pip=("$venv/bin/python" -m pip --disable-pip-version-check -qq)
    if [[ $(uname) == Linux ]]; then
        torch+=+cpu
        "${pip[@]}" install --retries 1 --no-deps --extra-index-url https://download.pytorch.org/whl/cpu "$torch" || return
    fi
    "${pip[@]}" install "$torch" 'peft>=0.17'
}

setup_torch() {
    [[ ${HEDDLE_TORCH:-1} == 0 ]] || has_torch && return
    say "installing PyTorch for CPUs and PEFT, which some tests compare with (200 MB)"
    install_torch >/dev/null 2>&1 || say "note: no PyTorch here, so the tests that compare with it are skipped"
}

# --- doctor ---------------------------------------------------------------------------------------

report() { printf '%-5s %-22s %s\n' "$@"; }

check() {
    local name=$1 text
    shift
    if text=$("$@" 2>&1); then
        report PASS "$name" "${text%%$'\n'*}"
    else
        report FAIL "$name" "${text##*$'\n'}"
        failures=$((failures + 1))
    fi
}

nothing_missing() {
    local missing
    missing=$(missing_packages | xargs)
    [[ -z $missing ]] && echo "all there" || { echo "missing: $missing" && false; }
}

# Which OpenBLAS the build found, on which kind of core, on which threads.
describe_blas() {
    "${venv}/bin/python" - "$(sed -n 's/^HEDDLE_OPENBLAS_LIBRARY:[A-Z]*=//p' build/dev/CMakeCache.txt)" <<'PY'
import ctypes, sys
path = sys.argv[1]
if not path or path.endswith("NOTFOUND"):
    sys.exit("no OpenBLAS: the build uses another LAPACK, slower and with other bits")
blas = ctypes.CDLL(path)
for name in ("openblas_get_config", "openblas_get_corename"):
    getattr(blas, name).restype = ctypes.c_char_p
if blas.openblas_get_parallel() == 2:
    sys.exit(path + " runs on OpenMP, which hangs after a fork; install libopenblas-pthread-dev")
print(blas.openblas_get_config().decode().split(" USE")[0], "core", blas.openblas_get_corename().decode(),
      "on", blas.openblas_get_num_threads(), "threads,", path)
PY
}

describe_package() {
    "$venv/bin/python" -c 'import heddle, importlib.metadata as m; print(m.version("heddle"), heddle.__file__)'
}

doctor() {
    failures=0
    check "system packages" nothing_missing
    check "C++20 compiler" "${CXX:-c++}" --version
    check "CMake" cmake --version
    check "Ninja" ninja --version
    check "Python in .venv" "$venv/bin/python" --version
    check "BLAS and LAPACK" describe_blas
    check "library and extension" describe_package
    report "$(has_torch && echo PASS || echo NOTE)" "PyTorch and PEFT" "for the tests that compare with them"
    report "$([[ -n $(find_browser) ]] && echo PASS || echo NOTE)" "Chromium" \
        "$(find_browser)"
    [[ $failures == 0 ]] || give_up "$failures of these fail; make test sets up what it can"
}

# --------------------------------------------------------------------------------------------------

case ${1:-} in
    system) setup_system ;;
    python) setup_python ;;
    build) setup_build "${2:-dev}" ;;
    browser) setup_browser ;;
    torch) setup_torch ;;
    doctor) doctor ;;
    *) give_up "unknown step '${1:-}'; one of system, python, build, browser, torch, doctor" ;;
esac
