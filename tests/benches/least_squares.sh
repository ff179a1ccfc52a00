#!/bin/sh
# Least squares in one run: this toolkit, R and numpy, one after the other. PYTHON names a Python
# that has numpy.
set -e
cd "$(dirname "$0")"
cargo bench -q -p ssi-infer --bench least_squares --locked
Rscript least_squares.R
"${PYTHON:-python3}" least_squares.py
