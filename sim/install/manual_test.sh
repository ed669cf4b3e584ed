#!/usr/bin/env bash
# The manual: a page a verb, which man takes without a warning. Takes the program.
set -euo pipefail
headway=$(realpath "$1")
pages=$(mktemp -d)
trap 'rm -rf "$pages"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }
"$headway" man -o "$pages"
verbs=$("$headway" --help | sed -n '/^Subcommands:/,$ s/^  \([a-z]*\) .*/\1/p')
[ -n "$verbs" ]
for verb in $verbs; do
  [ -s "$pages/headway-$verb.1" ] || fail "headway-$verb.1 is not written"
  grep -q "headway\\\\-$verb\\\\fR(1)" "$pages/headway.1" || fail "headway.1 does not name headway-$verb"
done
[ "$(ls "$pages" | wc -l)" = $(($(wc -w <<< "$verbs") + 1)) ] || fail "pages of no verb: $(ls "$pages")"
for option in output policy seed until at jobs trace; do
  grep -qF "\\-\\-$option" "$pages/headway-run.1" || fail "headway-run.1 does not have --$option"
done
if command -v man > /dev/null; then
  check() { LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$1" 2>&1 > /dev/null; }
elif command -v groff > /dev/null; then
  check() { groff -man -ww -Tutf8 -Z "$1" 2>&1 > /dev/null; }
else
  echo "The pages are not read: neither man-db nor groff is installed"
  exit 0
fi
for page in "$pages"/*.1; do
  warnings=$(check "$page")
  [ -z "$warnings" ] || fail "$page: $warnings"
done
