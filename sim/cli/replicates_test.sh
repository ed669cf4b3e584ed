#!/usr/bin/env bash
# replicates_test.sh HEADWAY: a scenario with replicates on a grown layout. Each seed has a layout of its own, the same
# however many runs go at once and wherever the row of seeds begins.
set -euo pipefail
headway=$1
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

fail() { echo "FAILED: $*" >&2; exit 1; }

cat > grown.json <<'JSON'
{ "schema_version": 1, "name": "grown", "seed": 5, "replicates": 4,
  "layout": {"synthetic": {"devices": [{"count": 2, "bytes": 53687091200}], "placement": "random",
                           "trees": [{"tree": "fs", "leaves": 300}]}},
  "devices": [{"drive": "seagate-constellation2-1tb", "count": 2}],
  "workload": [{"name": "files", "kind": "enumerate", "tree": "fs"}],
  "policies": {"walk": {}, "same": {"strategy": "walk"}, "reada-2011": {}} }
JSON
"$headway" run grown.json -o one -j 1 > one.txt
"$headway" run grown.json -o five -j 5 > five.txt
cmp one/results.json five/results.json
cmp one.txt five.txt
grep -q '^same .* no difference$' one.txt || { cat one.txt; fail "the table sees a difference where there is none"; }
grep -q '^reada-2011 .*x ±[0-9.]*$' one.txt || { cat one.txt; fail "no speed-up with its interval"; }

# Tree search reads in key order, one block at a time: where its seeks lead follows from the layout alone.
runs() { sed '/^  "runs"/,$!d' "$1"; }
distance() {
  runs "$1" | awk -v seed="\"seed\": $2," '$0 ~ seed {on = 1} on && /seek_distance_bytes_mean/ && !said++ {print $2}'
}
[ "$(distance one/results.json 5)" != "$(distance one/results.json 6)" ] || fail "seeds 5 and 6 share a layout"
"$headway" run grown.json -o later --seed 7 --policy walk > /dev/null
[ "$(runs later/results.json | grep -c '"seed":')" = 4 ] || fail "not four runs"
for seed in 7 8; do
  [ "$(distance one/results.json $seed)" = "$(distance later/results.json $seed)" ] || fail "seed $seed is not itself"
done
[ "$(grep -c '"seed":' one/timing.json)" = 12 ] || fail "timing.json has not every run"
