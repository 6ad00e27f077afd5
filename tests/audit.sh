#!/bin/bash
# Known holes in what we install. A hole fails; an unreachable list of holes is said aloud and does not.
# moviepy's cap on Pillow is lifted in requirements.txt, so the lists are read as they stand (--no-deps, nothing resolved).
set -u
bin=$1
out=$("$bin/pip-audit" --strict --no-deps --disable-pip --progress-spinner off --timeout 15 \
    -r requirements.txt -r requirements-dev.txt 2>&1)
status=$?
if [ $status -eq 0 ]; then
    echo "pip-audit: no known holes"
elif grep -qE '^Found [0-9]+ known vulnerabilit' <<<"$out"; then
    echo "$out"
    exit 1
else
    echo "*** pip-audit COULD NOT CHECK the packages: $(tail -n 1 <<<"$out" | cut -c 1-200) ***"
fi
