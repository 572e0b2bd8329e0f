#!/bin/sh
# Installs from Debian what the tests need and the machine lacks.
set -eu
missing=""
[ -n "$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null)" ] || missing="$missing postgresql"
command -v chromium >/dev/null || missing="$missing chromium"
[ -n "$(ls /usr/share/fonts/truetype/noto/NotoSans-Regular.ttf 2>/dev/null)" ] || missing="$missing fonts-noto-core"
# Opens the Word files that we write: 15 seconds and 200 MB without windows and without recommendations.
command -v soffice >/dev/null || missing="$missing libreoffice-writer-nogui"
[ -n "$(fc-list :lang=vi:family="Liberation Serif" 2>/dev/null)" ] || missing="$missing fonts-liberation2"
[ -z "$missing" ] && exit 0
become=""
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "Please install:$missing" >&2; exit 1; }
    become=sudo
fi
echo "Installing for the tests:$missing"
$become apt-get update -qq
DEBIAN_FRONTEND=noninteractive $become apt-get install -y -qq --no-install-recommends $missing >/dev/null
