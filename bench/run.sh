#!/usr/bin/env bash
# Runs every benchmark on one BLAS thread and names the machine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
grep -m1 'model name' /proc/cpuinfo | sed 's/.*: //' || true
echo "$(getconf _NPROCESSORS_ONLN) cores, $(uname -sr), $(c++ --version | head -n 1)"
for question in placement directions frontier large growth preparation safe_time eigen_update robust handwriting \
    robustness flow fixed_points smooth_fixed_points lyapunov training motif_library memory spiking mesoscopic siegert; do
    printf '\n== %s\n' "$question"
    python "$question.py"
done
printf '\n== adapters, on two BLAS threads\n'
OPENBLAS_NUM_THREADS=2 python adapters.py
