#!/bin/sh
# Makes .venv with exactly what uv.lock says.
set -eu
cd "$(dirname "$0")/.."
python=$(command -v python3.11 || command -v python3)
[ -x .venv/bin/pip ] || "$python" -m venv .venv
[ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
VIRTUAL_ENV="$PWD/.venv" .venv/bin/uv sync --frozen --quiet --inexact
touch .venv/ready
