#!/usr/bin/env bash
# Puts NEST, Brian2 and NNMT into a virtual environment of their own and prints its Python. The second call
# finds it there. HEDDLE_PEERS names another Python that has them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [[ -n ${HEDDLE_PEERS:-} ]]; then
    echo "$HEDDLE_PEERS"
    exit
fi
readonly venv=$PWD/build/peers
if ! "$venv/bin/python" -c 'import brian2, nest, nnmt' >/dev/null 2>&1; then
    echo "heddle: installing NEST, Brian2 and NNMT into build/peers (a minute or two)" >&2
    "${PYTHON:-python3}" -m venv --clear "$venv"
    "$venv/bin/python" -m pip --disable-pip-version-check -qq install nest-simulator brian2 nnmt setuptools \
        "numpy<2.4; python_version < '3.12'"
fi
echo "$venv/bin/python"
