#!/bin/sh
# Installs from this folder alone, nothing is fetched.  sudo sh install.sh [FOLDER, else /opt/gridbot]
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
there=${1:-/opt/gridbot}
python=${PYTHON:-python@python@}
command -v "$python" >/dev/null || python=python3

fail() { echo "$1" >&2; exit 2; }

[ "$(uname -m)" = "@machine@" ] || fail "@bundle_wrong_machine@"
[ "$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "@python@" ] || fail "@bundle_wrong_python@"
(cd "$here" && sha256sum --check --quiet SHA256SUMS) || fail "@bundle_broken@"

"$python" -m venv --without-pip "$there"
pip=$(echo "$here"/wheels/pip-*.whl)
"$there/bin/python" "$pip/pip" install --quiet --no-index --find-links "$here/wheels" \
    --require-hashes --requirement "$here/requirements.txt"
"$there/bin/gridbot" --version
echo "@bundle_installed@"
