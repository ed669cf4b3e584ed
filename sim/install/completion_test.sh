#!/usr/bin/env bash
# Completions: bash's complete what they should; zsh's and fish's where those are installed. Takes the program.
set -euo pipefail
headway=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }
cd "$work"
mkdir folder
touch scenario.json 'a file'
for shell in bash zsh fish; do
  "$headway" completion $shell > completions.$shell
done

bash -n completions.bash
source completions.bash
# What bash offers for the last of these words, a blank between any two.
offered() {
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
  _headway
  echo "${COMPREPLY[*]}"
}
expect() {
  local wanted=$1 got
  shift
  got=$(offered "$@")
  [ "$got" = "$wanted" ] || fail "bash offers '$got' for '$*', not '$wanted'"
}
expect 'layout' headway la
expect 'import info export grow' headway layout ''
expect '--output' headway layout import --o
expect 'throughput time-breakdown' headway plot out --kind t
expect 'throughput time-breakdown' headway plot out --kind = t
expect 'throughput' headway plot out --kind thr
expect 'elapsed_s' headway check --metric ela
expect '' headway run --seed ''
expect 'reada-2011 reada-5.16' headway run scenario.json --policy rea
expect 'samsung-850-pro-1tb samsung-970-evo-plus-1tb' headway drive describe sam
expect 'scenario.json' headway run s
expect 'a file' headway run a
expect 'folder' headway run -o f
expect 'bash' headway completion b
expect '--to' headway help trace export --t
for verb in $("$headway" --help | sed -n '/^Subcommands:/,$ s/^  \([a-z]*\) .*/\1/p'); do
  [[ " $(offered headway '') " == *" $verb "* ]] || fail "bash does not offer $verb"
done

if command -v zsh > /dev/null; then
  zsh -n completions.zsh
  # Each function as it is called, with what zsh's own would be given written down.
  zsh -f -c 'compdef() { : }; source completions.zsh; _arguments() { print -r -l -- "$@" }; _headway_plot' > specs
  grep -qF -- '--kind[What to draw:]:TEXT:(' specs || fail "zsh is not told the kinds of figures: $(cat specs)"
fi
if command -v fish > /dev/null; then
  offered_by_fish() {
    HOME=$work fish --no-config -c "source completions.fish; complete -C '$1'" | cut -f1 | tr '\n' ' '
  }
  [ "$(offered_by_fish 'headway la')" = 'layout ' ] || fail "fish offers $(offered_by_fish 'headway la')"
  [ "$(offered_by_fish 'headway plot out --kind thr')" = 'throughput ' ] || fail "fish does not know kinds of figures"
  [ "$(offered_by_fish 'headway layout ')" = 'export grow import info ' ] || fail "$(offered_by_fish 'headway layout ')"
fi
