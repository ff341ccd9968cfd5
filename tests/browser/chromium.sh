#!/bin/sh
# The browser tests drive a real Chromium. Where there is none, it comes from the system's packages.
set -eu
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
echo "No Chromium found; installing it from the system's packages…"
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo"
export DEBIAN_FRONTEND=noninteractive
if command -v apt-get >/dev/null; then
  $as_root apt-get update -q >/dev/null && $as_root apt-get install -y -q --no-install-recommends chromium >/dev/null
fi
command -v chromium >/dev/null || { echo "The browser tests need Chromium, and none could be installed." >&2; exit 1; }
