#!/usr/bin/env bash
# published_test.sh HEADWAY SOURCE: what has been published, from the scenario to the table in a text, and the ranges that
# are stated held to what their sweep finds.
set -euo pipefail
headway=$1
source=$2
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

fail() { echo "FAILED: $*" >&2; exit 1; }
# The exit code of a command: expect CODE COMMAND...
expect() {
  local code=0
  "${@:2}" > said.txt 2>&1 || code=$?
  [ $code = "$1" ] || { cat said.txt; fail "exit code $code, not $1: ${*:2}"; }
}
says() { grep -qF "$1" said.txt || { cat said.txt; fail "not said: $1"; }; }

# scenario NAME VALUE LEAST MOST: tree search over readahead, and the reads of the run beside those of another scenario.
scenario() {
  jq --arg layout "$source/scenarios/captures/r10x4.layout.h5" --arg name "$1" --argjson value "$2" \
     --argjson least "$3" --argjson most "$4" '
    .name = $name | .layout.file = $layout | .expect = [] | del(.policies["no-peer-lock"]) | .published = [
      {what: "tree search over readahead", value: $value, metric: "elapsed_s", policy: "walk",
       relative_to: "reada-2011", source: "a letter", range: {sweep: "sweep.json", least: $least, most: $most}},
      {what: "as many reads", value: 1, metric: "reads", policy: "walk", relative_to_scenario: "other.json",
       source: "a letter"}]' "$source/scenarios/first-look.json"
}
cat > sweep.json <<JSON
{ "schema_version": 1, "name": "s", "scenario": "other.json",
  "grid": [{"pointer": "/policies/reada-2011/max_in_flight", "values": [1, 6]}] }
JSON
jq --arg layout "$source/scenarios/captures/r10x4.layout.h5" '.layout.file = $layout | .name = "other"' \
  "$source/scenarios/first-look.json" > other.json
scenario own 20 1 30 > own.json

"$headway" validate own.json > said.txt
says "2 published figures"
expect 0 "$headway" run own.json -o runs/own
says "published  tree search over readahead: 20.00, here 21.5"
says "inside the range (1.00 to 30.00)"
says "as many reads: 1.00, here -: to be had of both results"
[ "$(jq '.published | length' runs/own/results.json)" = 2 ] || fail "what results.json has"

# Of what --policy leaves out nothing was published.
expect 0 "$headway" run own.json --policy walk -o runs/own
says "as many reads"
[ "$(jq -c '[.published, .scenario.in_full.published | length]' runs/own/results.json)" = "[1,1]" ] || fail "--policy"
expect 0 "$headway" run own.json -o runs/own

# A figure without a value is missing; with the other results it is there.
expect 1 "$headway" published table runs/own
"$headway" run other.json -o runs/other > /dev/null
expect 0 "$headway" published table runs
says "| as many reads | 1.00 | 1.00 | equal | \`own\` | a letter |"
says "2 published figures: 1 inside the interval, equal or inside the span published, 1 inside the range, 0 outside."

printf 'before\n<!-- headway published table: begin -->\n<!-- headway published table: end -->\nafter\n' > README.md
expect 1 "$headway" published table runs --check README.md
says "its table is not that of these results"
expect 0 "$headway" published table runs --update README.md
expect 0 "$headway" published table runs --check README.md
[ "$(head -1 README.md) $(tail -1 README.md)" = "before after" ] || fail "what stood beside the table"
sed -i 's/inside the range/outside/' README.md
expect 1 "$headway" published table runs --check README.md

# An outside without a reason fails, one with a reason does not.
scenario own 40 1 30 > own.json
expect 0 "$headway" run own.json -o runs/own
says "no reason given"
expect 1 "$headway" published table runs
says "own.json: tree search over readahead: outside: no reason given"
jq '.published[0].outside = "for a reason"' own.json > reason.json && mv reason.json own.json
"$headway" run own.json -o runs/own > /dev/null
expect 0 "$headway" published table runs
says "outside (1.00 to 30.00): for a reason"

# Ranges: as the sweep's axes make them of this scenario.
expect 1 "$headway" published ranges own.json -o ranges
says "MOVED"
read -r least most < <(sed -n 's/.*readahead: \([0-9.]*\) to \([0-9.]*\) over 2.*/\1 \2/p' <(tr '\n' ' ' < said.txt | tr -s ' ')) || true
scenario own 20 "$least" "$most" > own.json
expect 0 "$headway" published ranges own.json -o ranges
says "stands"
