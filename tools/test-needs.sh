#!/bin/sh
# Installs from Debian what the tests need and the machine lacks.
set -eu
missing=""
[ -n "$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null)" ] || missing="$missing postgresql"
command -v chromium >/dev/null || missing="$missing chromium"
[ -n "$(ls /usr/share/fonts/truetype/noto/NotoSans-Regular.ttf 2>/dev/null)" ] || missing="$missing fonts-noto-core"
# LibreOffice opens the Word files that we write; bare, it is 15 seconds and 200 MB.
bare=""
command -v soffice >/dev/null || bare="$bare libreoffice-writer-nogui"
[ -n "$(fc-list :lang=vi:family="Liberation Serif" 2>/dev/null)" ] || bare="$bare fonts-liberation2"
[ -z "$missing$bare" ] && exit 0
become=""
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "Please install:$missing$bare" >&2; exit 1; }
    become=sudo
fi
echo "Installing for the tests:$missing$bare"
$become apt-get update -qq
export DEBIAN_FRONTEND=noninteractive
[ -z "$missing" ] || $become apt-get install -y -qq $missing >/dev/null
[ -z "$bare" ] || $become apt-get install -y -qq --no-install-recommends $bare >/dev/null
