#!/usr/bin/env bash
# stand_alone_test.sh HEADWAY SOURCE: results stand alone. Whatever is drawn, checked or reported of them is the same
# from any working directory, after the results have been moved and after all files that they are of are gone; and what
# has changed since is said.
set -euo pipefail
headway=$1
source=$2
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

fail() { echo "FAILED: $*" >&2; exit 1; }
said() { grep -q "$1" said.txt || { cat said.txt; fail "${2:-not said}: $1"; }; }
quiet() { [ ! -s said.txt ] || { cat said.txt; fail "said: $*"; }; }

mkdir -p lab/inputs out
cp "$source/scenarios/captures/umlr1x2.layout.h5" lab/inputs/x.layout.h5
printf '1,0,0,4096,R\n' > lab/inputs/unused.csv
cat > lab/own-drive.json <<'JSON'
{ "drive": "own", "kind": "constant", "capacity_bytes": 1000204886016, "latency_ms": 1, "bytes_per_s": 100000000 }
JSON
cat > lab/s.json <<'JSON'
{ "schema_version": 1, "name": "lab", "layout": {"file": "inputs/x.layout.h5"},
  "devices": [{"drive": "./own-drive.json"}, {"drive": "seagate-constellation2-1tb"}],
  "workload": [{"name": "files", "kind": "enumerate", "tree": "fs"}],
  "policies": {"walk": {}, "reada-2011": {}} }
JSON
"$headway" run lab/s.json --trace -o out/r > /dev/null 2> said.txt
quiet a run

# Everything of the results in DIR into TO; what is said, into said.txt.
everything() {
  mkdir -p "$2"
  : > said.txt
  for kind in offset-time layout seek-cdf latency-cdf throughput time-breakdown gap compare; do
    "$headway" plot "$1" --kind $kind -o "$2/$kind.svg" --keep "$2/$kind" 2>> said.txt
  done
  "$headway" check "$1" --against "$directory/baseline.json" > "$2/check.txt" 2>> said.txt
  for of in summary intervals; do "$headway" table "$1" --of $of > "$2/$of.csv" 2>> said.txt; done
  if grep -q 'report: left out' "$directory/no-report" 2> /dev/null; then return; fi
  "$headway" report "$1" -o "$2/report.html" 2>> said.txt
}
"$headway" report out/r -o try.html 2> try.txt || { grep -q Node try.txt; echo 'report: left out' > no-report; }
"$headway" check out/r --update --against baseline.json > /dev/null

everything out/r one
quiet drawing
grep -q 'zone of a mirror peer' one/offset-time/*.gp || fail "no zones in offset-time"
# From elsewhere, by another way to it.
(cd lab/inputs && everything ../../out/r ../../two && quiet drawing from elsewhere)
diff -r one two
ln -s out/r link
everything link three
quiet drawing through a link
diff -r one three
# The baseline beside the scenario is found from elsewhere too, and called the same.
"$headway" check out/r --update > /dev/null
[ -f lab/baselines/s.json ] || fail "no baseline beside the scenario"
"$headway" check out/r > here.txt
(cd / && "$headway" check "$directory/out/r") > there.txt
diff here.txt there.txt

# Without anything else.
mv lab gone
mv out/r moved
everything moved four
for file in s.json inputs/x.layout.h5 ./own-drive.json; do said "lab/$file, which these results are of, is not there"; done
grep -q 'note: lab/s.json.*not there' four/check.txt || fail "check does not say what is gone"
grep -v ^note: four/check.txt | diff - one/check.txt
cp one/check.txt four/check.txt
diff -r one four
mv gone lab

# What they hold is the same experiment: the scenario from the results, the own drive from its parameters.
grep '^ \{4,6\}"file": ".*",$' moved/results.json | tr -d ' \n' > files.txt
[ "$(cat files.txt)" = '"file":"lab/s.json","file":"inputs/x.layout.h5","file":"./own-drive.json",' ] ||
  { cat files.txt; fail "the names of the files"; }
sed -n '/^    "in_full": {/,/^    }/p' moved/results.json | sed '1s/.*/{/' > lab/again.json
sed -n '/^    ".\/own-drive.json": {/,/^    }/p' moved/results.json | sed '1s/.*/{/; $s/,$//' > lab/own-drive.json
"$headway" run lab/again.json -o again > /dev/null
sed '/"runs"/,$!d' moved/results.json > runs.json
sed '/"runs"/,$!d' again/results.json | diff - runs.json

# What was changed since is said, whole or small.
"$headway" check moved --against baseline.json > check.txt 2> said.txt
said 'lab/./own-drive.json, which these results are of, has changed since'
printf ' ' >> lab/s.json
"$headway" plot moved --kind compare -o x.svg 2> said.txt
said 'lab/s.json, which these results are of, has changed since'
"$headway" check moved --against baseline.json --format json 2> /dev/null | grep -q 'lab/s.json.*has changed' ||
  fail "check says it nowhere but on stderr"

# Another run beside old traces: they are not its own.
"$headway" run lab/s.json -o moved > /dev/null
code=0
"$headway" plot moved --kind offset-time -o x.svg 2> said.txt || code=$?
[ $code = 2 ] || fail "exit code $code for traces of an earlier run"
said 'that of an earlier run'

# A layout or a trace that is lost.
"$headway" run lab/s.json --trace -o lost > /dev/null
cp "$source/scenarios/captures/r10x4.layout.h5" lost/layout.h5
code=0
"$headway" plot lost --kind offset-time -o x.svg 2> said.txt || code=$?
[ $code = 2 ] || fail "exit code $code for another layout"
said 'lost/layout.h5: devices: expected those of the run "walk", found others'
rm lost/layout.h5
"$headway" plot lost --kind offset-time -o x.svg 2> said.txt
said 'lost/layout.h5, which the run left beside its traces, is not there'
rm lost/walk.1.trace.h5
code=0
"$headway" plot lost --kind offset-time -o x.svg 2> said.txt || code=$?
[ $code = 2 ] || fail "exit code $code for a lost trace"
said 'lost/walk.1.trace.h5'

# Results of a headway that kept nothing: as it was, from where they were made.
"$headway" run lab/s.json --trace -o old > /dev/null
sed -i '/^    "in_full": {/,/^    }/d; /^  "inputs": \[/,/^  \],/d; /^  "drives": {/,/^  },/d; /^  "traced":/d
        /^    "set": \[\],/d
        /^      "notes": \[\],/d; s/\("file": "lab\/s.json"\),/\1/' old/results.json
rm old/layout.h5 old/timing.json
"$headway" plot old --kind offset-time -o x.svg --keep old-figure 2> said.txt
quiet drawing of old results
grep -q 'zone of a mirror peer' old-figure/*.gp || fail "no zones for old results"
mv lab gone
"$headway" plot old --kind offset-time -o x.svg 2> said.txt
said 'the scenario lab/s.json is not there as it ran'
mv gone lab

# Names that are no UTF-8.
mv lab $'l\xe4b'
"$headway" run $'l\xe4b/s.json' --trace -o $'\xe4' > /dev/null
"$headway" plot $'\xe4' --kind offset-time -o $'\xe4.svg' 2> said.txt
[ -s $'\xe4.svg' ] || fail "no figure of results with a name that is no UTF-8"
mv $'l\xe4b' lab

# A sweep's table: what it is of stands beside it, and what has changed since is said.
cat > sweep.json <<'JSON'
{ "schema_version": 1, "name": "s", "scenario": "lab/s.json",
  "grid": [{"pointer": "/policies/reada-2011/max_in_flight", "values": [1, 2]},
           {"pointer": "/devices/0/drive", "values": ["./own-drive.json", "constant"]}] }
JSON
"$headway" sweep sweep.json -o swept > /dev/null
cp swept/sweep.json first.json
"$headway" sweep sweep.json -o swept > /dev/null
cmp swept/sweep.json first.json
for drive in ./own-drive.json constant seagate-constellation2-1tb; do
  grep -q "^    \"$drive\": {" swept/sweep.json || fail "sweep.json has not the drive $drive"
done
"$headway" plot swept --kind sweep -o x.svg 2> said.txt
quiet drawing a sweep
printf ' ' >> lab/own-drive.json
(cd / && "$headway" plot "$directory/swept" --kind sweep -o "$directory/y.svg" 2> "$directory/said.txt")
said 'lab/./own-drive.json, which these results are of, has changed since'
cmp x.svg y.svg
printf ' ' >> sweep.json
"$headway" plot swept --kind sweep -o x.svg 2> said.txt
said 'sweep.json, which these results are of, has changed since'
rm swept/sweep.json
"$headway" plot swept --kind sweep -o x.svg 2> said.txt
quiet drawing an older sweep
