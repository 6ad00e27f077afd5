#!/bin/sh
# `desk …` is `python -m core …` with the settings of the service: /usr/local/bin/desk, mode 0755. Run it as the user desk.
# DESK_ENV names another file of settings, DESK_CODE another place of the code.
set -eu
code=${DESK_CODE:-/srv/desk/code}
set -a
. "${DESK_ENV:-/etc/desk/desk.env}"
set +a
PYTHONPATH=$code exec "$code/.venv/bin/python" -m core "$@"
