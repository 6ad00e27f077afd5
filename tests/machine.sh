#!/bin/bash
# The programs that tests drive: installed where apt can, else named in one line.
set -u
declare -A packages=(
    [chromium]=chromium [ffmpeg]=ffmpeg [ffprobe]=ffmpeg [soffice]=libreoffice-calc
    [nginx]=nginx-light [openssl]=openssl [initdb]=postgresql [gcc]=build-essential [systemd-analyze]=systemd
)
export PATH="$PATH:/usr/sbin:/sbin"
have() {
    command -v "$1" >/dev/null || { [ "$1" = initdb ] && compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
}
missing=()
for program in "${!packages[@]}"; do
    have "$program" || missing+=("${packages[$program]}")
done
[ ${#missing[@]} -eq 0 ] && exit 0
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
if command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    "${as_root[@]}" apt-get update -qq >/dev/null 2>&1
    "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1
fi
for program in "${!packages[@]}"; do
    have "$program" || { echo "make test needs $program: install the package ${packages[$program]}, then try again" >&2; exit 1; }
done
