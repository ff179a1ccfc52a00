#!/usr/bin/env bash
# The same work by ssi, Python and R in one run, turn by turn; the fastest turn of each counts. Writes
# beside.csv, curve.csv, models.csv and the figure of cost against n, and puts the tables into
# README.md. Needs R with boot (and pcaPP), Python with numpy, scipy and pandas, and for the models
# what models.R and models.py name; some fifteen minutes after the build, or with one part of it less:
#
#     PYTHON=python3 tests/benches/beside.sh [estimators|models]
set -euo pipefail
cd "$(dirname "$0")/../.."
export LC_ALL=C
python=${PYTHON:-python3}
turns=${TURNS:-3}
part=${1:-all}
here=tests/benches
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ "$part" != models ]; then
  cargo build --quiet --locked --release -p ssi-cli
  cargo build --quiet --locked -p ssi-figure --example cost
fi
ssi=${CARGO_TARGET_DIR:-target}/release/ssi
bench() { cargo bench --quiet --locked -p ssi-infer --bench beside -- "$@"; }
one_core() { OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 "$@"; }
# The whole program, start included, in the form that the others print.
read_and_correlate() {
  local start end
  start=$(date +%s%N)
  "$ssi" cor "$work/table.csv" --format csv --threads 1 >/dev/null
  end=$(date +%s%N)
  echo "csv_cor_3,1000000,$(((end - start) / 1000))e-6"
}

bench write "$work"
for turn in $(seq "$turns"); do
  echo "turn $turn of $turns" >&2
  case $part in estimators) modes="table curve" ;; models) modes=models ;; *) modes="table curve models" ;; esac
  for mode in $modes; do
    bench "$mode" >>"$work/$mode.ssi"
    one_core "$python" "$here/beside.py" "$mode" "$work" >>"$work/$mode.python"
    one_core Rscript --vanilla "$here/beside.R" "$mode" "$work" >>"$work/$mode.r"
  done
  [ "$part" != models ] || continue
  bench cores >>"$work/table.ssi"
  "$python" "$here/beside.py" cores "$work" >>"$work/table.python"
  Rscript --vanilla "$here/beside.R" cores "$work" >>"$work/table.r"
  read_and_correlate >>"$work/table.ssi"
  one_core "$python" "$here/beside.py" csv "$work" >>"$work/table.python"
  one_core Rscript --vanilla "$here/beside.R" csv "$work" >>"$work/table.r"
done

# Joins the three by task and n, the fastest turn of each; a task that a program can't do stays empty.
joined() {
  awk -F, '
    FNR == 1 { file++ }
    /^#/ || /^task/ { next }
    {
      key = $1 "," $2
      if (!(key in seen)) { seen[key] = 1; order[++count] = key }
      at = file SUBSEP key
      if (!(at in best) || $3 + 0 < best[at] + 0) best[at] = $3
    }
    END {
      print "task,n,ssi,python,r"
      for (i = 1; i <= count; i++) {
        k = order[i]
        print k "," best[1 SUBSEP k] "," best[2 SUBSEP k] "," best[3 SUBSEP k]
      }
    }' "$1.ssi" "$1.python" "$1.r"
}

# The table and the versions of one mode, between its marks in README.md.
written() {
  {
    grep -h '^#' "$work/$1.python" "$work/$1.r" | sort -u | sed 's/^# //' | paste -sd ';' | sed 's/;/; /g; s/$/./'
    echo
    awk -F, '
      function ms(s) { return s == "" ? "–" : sprintf("%.3g", s * 1000) }
      function times(other) { return other == "" ? "–" : sprintf("%.2g", other / $3) }
      NR == 1 { print "| task | n | ssi, ms | Python, ms | R, ms | Python / ssi | R / ssi |\n|---|---:|---:|---:|---:|---:|---:|"; next }
      { printf "| %s | %d | %s | %s | %s | %s | %s |\n", $1, $2, ms($3), ms($4), ms($5), times($4), times($5) }
    ' "$2"
  } >"$work/measured"
  awk -v measured="$work/measured" -v mark="<!-- $3 -->" '
    $0 == mark { print; print ""; while ((getline line < measured) > 0) print line; print ""; skip = 1; next }
    /^<!-- end -->/ { skip = 0 }
    !skip { print }
  ' "$here/README.md" >"$work/readme"
  cp "$work/readme" "$here/README.md"
  cat "$work/measured"
}
if [ "$part" != models ]; then
  joined "$work/table" >"$here/beside.csv"
  joined "$work/curve" >"$here/curve.csv"
  cargo run --quiet --locked -p ssi-figure --example cost
  written table "$here/beside.csv" measured
fi
if [ "$part" != estimators ]; then
  joined "$work/models" >"$here/models.csv"
  written models "$here/models.csv" models
fi
