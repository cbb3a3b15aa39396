# Read by the other commands of this folder: makes .venv and installs what a lock file pins, only when it changed.
# Sets $root. Asks nothing of the machine but bash and Python 3.11 or later.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

stop() {
  echo "$1" >&2
  exit 1
}

note() {
  if [ "${quiet:-no}" = no ] || [ -t 2 ]; then
    echo "$1" >&2
  fi
}

find_python() {
  local name
  for name in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  stop "Python 3.11 or later is needed: apt-get install python3 python3-venv"
}

# venv_package PYTHON: the Debian package that holds what makes its environments
venv_package() {
  echo "$(basename "$1")-venv"
}

# Makes .venv where there is none. One that lacks pip is made anew only when it was made here: a link, or what other tools made, stays.
make_environment() {
  local venv="$root/.venv" python
  if "$venv/bin/python" -c 'import pip' 2>/dev/null; then
    return
  fi
  if [ -L "$venv" ] || { [ -e "$venv" ] && [ ! -e "$venv/.made-here" ]; }; then
    stop "$venv cannot be used (no pip in it) and was not made by this command, so it is left as it is: mv $venv $venv-old and start again"
  fi
  python=$(find_python) || exit 1
  "$python" -c 'import ensurepip, venv' 2>/dev/null || stop "Python's venv is missing: apt-get install $(venv_package "$python")"
  note "making .venv …"
  mkdir -p "$venv"
  touch "$venv/.made-here" # first: what is cut off here can be made anew
  "$python" -m venv "$venv" >&2
}

# install_locked requirements.txt: does nothing when this very file was installed before
install_locked() {
  make_environment
  local lock="$root/$1" installed="$root/.venv/.installed-$1"
  if cmp -s "$lock" "$installed"; then
    return
  fi
  note "installing $1 …"
  "$root/.venv/bin/python" -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r "$lock" >&2
  cp "$lock" "$installed"
}
