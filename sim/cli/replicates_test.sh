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

# As many as it takes: the same however many go at once, no file of a seed that went beyond, the same again from what
# results say of themselves.
"$headway" run grown.json -o sure1 -j 1 --trace --until elapsed_s=4% > sure1.txt
"$headway" run grown.json -o sure5 -j 5 --trace --until elapsed_s=4% > sure5.txt
cmp sure1/results.json sure5/results.json
cmp sure1.txt sure5.txt
[ "$(ls sure1)" = "$(ls sure5)" ] || fail "files of seeds that were not needed"
jq -e '.until.reached and .until.replicates > 4 and .until.replicates < 100' sure1/results.json > /dev/null ||
  fail "not reached: $(jq -c .until sure1/results.json)"
grep -q "^elapsed_s less walk's is known to 4 % of walk's mean after [0-9]* replicates$" sure1.txt || { cat sure1.txt; fail "not said"; }
jq '.scenario.in_full' sure1/results.json > again.json
"$headway" run again.json -o again > again.txt
[ "$(jq -c .until again/results.json)" = "$(jq -c .until sure1/results.json)" ] || fail "in_full runs otherwise"
"$headway" run grown.json -o limit --until elapsed_s=0.1% --at-most 6 > limit.txt
tr '\n' ' ' < limit.txt | grep -q 'after 6 replicates it is known of reada-2011 to' || { cat limit.txt; fail "limit not said"; }
jq -e '.until.reached == false and (.runs | length) == 18' limit/results.json > /dev/null || fail "limit not kept"
"$headway" report sure1 -o sure.html && "$headway" check sure1 --against sure5/results.json > /dev/null || fail "report or check"
