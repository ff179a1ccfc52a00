#!/usr/bin/env bash
# The same work by ssi, Python and R in one run, each on one core; prints a Markdown table and writes
# beside.csv and curve.csv. Needs R with boot (and pcaPP), Python with numpy and scipy:
#
#     PYTHON=python3 tests/benches/beside.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 LC_ALL=C
python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cargo bench --quiet --locked -p ssi-tests --bench beside -- --data "$work" >"$work/ssi"
"$python" tests/benches/beside.py "$work" >"$work/python"
Rscript --vanilla tests/benches/beside.R "$work" >"$work/r"
cargo bench --quiet --locked -p ssi-tests --bench beside -- --curve >tests/benches/curve.csv

# Joins the three by task and n; a task that a program can't do stays empty.
awk -F, '
  /^#/ { print substr($0, 3) > "/dev/stderr"; next }
  FNR == 1 { file++; next }
  { key = $1 "," $2; if (!(key in seen)) { seen[key] = 1; order[++count] = key }; s[file, key] = $3 }
  END {
    print "task,n,ssi,python,r"
    for (i = 1; i <= count; i++) { k = order[i]; print k "," s[1, k] "," s[2, k] "," s[3, k] }
  }' "$work/ssi" "$work/python" "$work/r" >tests/benches/beside.csv

awk -F, '
  function times(other) { return other == "" ? "–" : sprintf("%.3g", other / $3) }
  NR == 1 { print "| task | n | ssi, ms | Python / ssi | R / ssi |\n|---|---:|---:|---:|---:|"; next }
  { printf "| %s | %d | %.3g | %s | %s |\n", $1, $2, $3 * 1000, times($4), times($5) }
' tests/benches/beside.csv
