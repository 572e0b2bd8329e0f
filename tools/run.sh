#!/bin/sh
# Prepares the database and serves the house with its clock in one process.
set -eu
cd "$(dirname "$0")/.."
.venv/bin/tracker db upgrade
if [ "${DEMO:-1}" != 0 ]; then
    export TRACKER_WEB_DEMO=1
    .venv/bin/tracker demo load
fi
exec .venv/bin/tracker serve
