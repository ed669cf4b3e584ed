#!/usr/bin/env bash
# hostile_test.sh HEADWAY SOURCE: names, paths and values that steer terminals, end lines, are no UTF-8 or look like
# commands: they are shown escaped or refused, nothing of them is run, and what was computed is written.
set -euo pipefail
export LC_ALL=C
headway=$1
source=$2
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

fail() { echo "FAILED: $*" >&2; exit 1; }
# What a command prints, to either stream, holds no control character but line ends; its exit code is 0 or $code.
plain() {
  local found=0
  "$@" > said.txt 2>&1 || found=$?
  [ "$found" = "${code:-0}" ] || { cat -v said.txt; fail "exit code $found: $*"; }
  ! grep -qP '[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' said.txt || { cat -v said.txt; fail "control characters: $*"; }
}

scenario() {
  cat <<JSON
{"schema_version": 1, "name": "a\u001b[31mb\n", "seed": 1,
 "layout": {"file": "$source/scenarios/captures/umlr1x2.layout.h5"},
 "devices": [{"drive": "seagate-constellation2-1tb", "count": 2}],
 "workload": [{"name": "w\u001b]0;x\u0007", "kind": "consume", "tree": "csum"}],
 "policies": {"walk": {}, "<!--<script>\u009b31m": {"strategy": "reada-2011"}},
 "expect": [{"metric": "elapsed_s", "policy": "<!--<script>\u009b31m", "min": 0}]}
JSON
}
file=$(printf 'sc\xff\x1b[2J.json')
scenario > "$file"
plain "$headway" run "$file" --trace -o run
[ -s run/results.json ] || fail "nothing is written of a file whose name is no UTF-8"
grep -q '<!--<script>\\u{9b}31m' said.txt || fail "the policy is not shown"
for trace in run/*.trace.h5; do plain "$headway" trace info "$trace"; done
plain "$headway" validate "$file"
plain "$headway" check run --update --against "$(printf 'base\x1b[2J.json')"
for format in text markdown github; do plain "$headway" check run --against base*.json --format $format; done
code=2 plain "$headway" run "$(printf 'none\x1b[2J\n.json')"
code=2 plain "$headway" run "$file" --policy "$(printf '\x1b[2J')"
code=2 plain "$headway" "$(printf '\x1b[2J')"
code=2 plain "$headway" run "$file" "$(printf -- '--out\x1b[2J=x')"
printf '{"\x7f\\u001b": 1}' > bad.json
code=2 plain "$headway" run bad.json
code=2 plain "$headway" drive describe ./bad.json

# A sweep's name, axes and values, and a path that Snakemake, Python and shells would read as something else.
odd=$(printf 'a{b} "c" $(touch pwned) `touch pwned`\nx')
cat > sweep.json <<JSON
{"schema_version": 1, "name": "s\u001b[31m", "scenario": "good.json",
 "grid": [{"name": "n\u001b[31m", "pointer": "/name", "values": ["\u001b[31m", "50%"]}]}
JSON
scenario > good.json
plain "$headway" sweep sweep.json -o "$odd"
plain "$headway" sweep sweep.json -o "$odd" --snakefile Snakefile
grep -qF 'OUT = "a{b} \"c\" $(touch pwned) `touch pwned`\nx"' Snakefile || fail "the path is another in the Snakefile"
[ ! -e pwned ] || fail "a path was run"
