#!/usr/bin/env bash
# left_out_test.sh HEADWAY: what a policy did not do is said wherever its figures are read: under the table, in
# results.json, beside a figure, in the report and by a sweep, also by one that finds its runs in the cache.
set -euo pipefail
headway=$1
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

fail() { echo "FAILED: $*" >&2; exit 1; }
holds() { tr -s ' \n' ' ' < "$1" | grep -q "$2" || { head -c 4000 "$1"; fail "$1 has no \"$2\""; }; }

cat > s.json <<'JSON'
{ "schema_version": 1, "name": "dup", "replicates": 2,
  "layout": {"synthetic": {"devices": [{"bytes": 1073741824}], "metadata_profile": "DUP", "placement": "random",
                           "trees": [{"tree": "fs", "leaves": 100}, {"tree": "extent", "leaves": 1}]}},
  "devices": [{"drive": "seagate-constellation2-1tb"}],
  "workload": [{"name": "files", "kind": "enumerate", "tree": "fs"},
               {"name": "extents", "kind": "enumerate", "tree": "extent"}],
  "policies": {"walk": {}, "reada-2011": {}} }
JSON
"$headway" run s.json -o out --trace > table.txt 2> said.txt
holds said.txt 'note: workload "extents": the tree extent is its root alone'
holds table.txt 'reada-2011 with seed 1, and likewise with 1 other: it read nothing; '
holds table.txt 'both copies on one device (DUP)'
awk 'length > 100 {exit 1}' table.txt || { cat table.txt; fail "a table wider than 100 columns"; }
holds out/results.json '"notes": \[ "workload ."extents.": the tree extent is its root alone'
holds out/results.json '"seed": 2, "status": "ok", "message": "", "missing_digest": "[0-9a-f]*", "notes": \[ "it read nothing; '
"$headway" plot out --kind compare -o x.svg 2> said.txt
holds said.txt 'note: reada-2011 with seed 1, and likewise with 1 other: it read nothing; '
if "$headway" report out -o report.html 2> said.txt; then
  holds report.html 'the tree extent is its root alone[^]]*it read nothing; '
else
  holds said.txt 'Node'
fi

cat > sweep.json <<'JSON'
{ "schema_version": 1, "name": "s", "scenario": "s.json",
  "grid": [{"name": "dup", "pointer": "/policies/reada-2011/dup", "values": ["refuse", "first-copy"]}] }
JSON
for time in first again; do
  "$headway" sweep sweep.json -o swept > /dev/null 2> said.txt
  holds said.txt '(dup = refuse), reada-2011, seed 2: it read nothing; '
  ! grep -q 'first-copy), reada-2011' said.txt || fail "a policy that read all has a note"
done
grep -q 'first-copy' swept/sweep.json || fail "sweep.json has not the axes"
