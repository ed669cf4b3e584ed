#!/usr/bin/env bash
# plugins_test.sh HEADWAY SOURCE PLUGINS: policies from outside as a user has them, and what is wrong with them.
set -euo pipefail
headway=$1
source=$2
plugins=$3
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"
cp "$plugins"/{elevator,faults,pranks,undefined}.so .

fail() { echo "FAILED: $*" >&2; exit 1; }

# `refused WORDS COMMAND...`: ends with 2, one line on the standard error that has WORDS, no other output.
refused() {
  local words=$1 code=0
  shift
  "$@" > out.txt 2> said.txt || code=$?
  [[ $code = 2 && ! -s out.txt && $(grep -v '^a.* word on the standard output$' said.txt) == "headway: "*"$words"* ]] ||
    { cat said.txt >&2; fail "code $code, or not \"$words\": ${*}"; }
}
list() { refused "$1" "$headway" policy list --plugin "${@:2}"; }
prank() { HEADWAY_PRANK=$1 refused "$2" "$headway" policy list --plugin ./pranks.so; }

list 'nowhere.so: expected a plug-in of policies, found no such file' nowhere.so
list 'did you mean "elevator.so"' ./elevatr.so
list 'found a directory' .
echo 'int main() {}' > text.so
list 'found text, no shared object' text.so
: > empty.so
list 'found an empty file' empty.so
mkfifo pipe.so
list 'found a device or a pipe' ./pipe.so
ln -s circle.so circle.so
list 'found Too many levels of symbolic links' ./circle.so
! grep -q 'circle.so"' said.txt || fail "a file that is not readable is proposed in its own place"
head -c 6000 elevator.so > cut.so
list 'cut.so: expected a plug-in' cut.so
cp "$(ldd "$headway" | awk '/libfmt/ {print $3}')" other.so
list 'a shared object without HEADWAY_PLUGIN' other.so
at=$(grep -abo 'headway plug-in:' elevator.so | head -1 | cut -d: -f1)
change() { cp elevator.so "$3"; printf "$2" | dd of="$3" bs=1 seek=$((at + $1)) conv=notrunc status=none; }
change 16 '\x09' version.so
list 'version 9 of the interface' version.so
change 20 'zz' headers.so
list 'built against other headers (zz' headers.so
list 'nobody_has_this' undefined.so
prank exit 'one whose loading is ended with code 0'
prank abort 'one whose loading is ended by signal 6'
prank throw 'one that throws while it is loaded: not today'
prank name-taken 'a policy walk, a name that a policy of headway has'
prank wild-name 'a policy "../walk\n", a name of other letters'
prank no-sentence 'policy prank: no sentence'
prank no-make 'policy prank: no `make`'
prank wild-default 'parameter depth: a default, 9, that it does not take itself'
prank strategy 'a parameter "strategy"'
prank twice 'two parameters depth'
cp elevator.so another.so
printf ' ' >> another.so
list 'a policy elevator, a name that one of ./elevator.so has' ./elevator.so --plugin another.so
HEADWAY_PRANK=print "$headway" policy list --plugin ./pranks.so > out.txt 2> said.txt
! grep -q 'word on' out.txt || fail "a plug-in's words among the results"
grep -q 'a word on' said.txt || fail "a plug-in's words are lost"

scenario() {  # $1: more keys, $2: policies
  cat <<JSON
{ "schema_version": 1, "name": "own", "seed": 1, $1
  "layout": {"file": "$source/scenarios/captures/umlr1x2.layout.h5"},
  "devices": [{"drive": "seagate-constellation2-1tb", "count": 2, "queue": {"discipline": "sptf", "depth": 32}}],
  "workload": [{"name": "files", "kind": "enumerate", "tree": "fs"}],
  "policies": {"walk": {}, $2} }
JSON
}
mkdir deep
scenario '"plugins": ["../elevator.so"],' '"elevator": {"max_in_flight": 3}' > deep/named.json
scenario '' '"elevator": {"max_in_flight": 3}' > deep/bare.json

# Named by the scenario or by the command: the same experiment.
"$headway" validate deep/named.json > out.txt
"$headway" run deep/named.json -o named > named.txt
"$headway" run deep/bare.json --plugin elevator.so -o bare > bare.txt
cmp named.txt bare.txt
sha=$(sha256sum < elevator.so | cut -d' ' -f1)
for run in named bare; do
  grep -q "\"$sha\"" $run/results.json || fail "no digest of the plug-in in $run/results.json"
  grep -q '"../elevator.so"' $run/results.json || fail "no name of the plug-in in $run/results.json"
done
(cd deep && "$headway" run bare.json --plugin ../elevator.so -o ../bare2 > /dev/null)
cmp <(grep -v '"file": "deep/bare.json"' bare/results.json) <(grep -v '"file": "bare.json"' bare2/results.json) ||
  fail "results depend on where the command was given"
refused '/policies/elevator: expected the name of a policy' "$headway" run deep/bare.json -o new
code=0
"$headway" validate deep/named.json deep/bare.json > out.txt 2> said.txt || code=$?
[ "$code" = 2 ] && grep -q '/policies/elevator: .*which is one of' said.txt ||
  fail "another scenario's plug-in is taken"
sed 's/elevator.so/elevatr.so/' deep/named.json > deep/wrong.json
refused '/plugins/0: ' "$headway" validate deep/wrong.json
sed 's/3}/0}/' deep/named.json > deep/wrong.json
refused 'expected a whole number' "$headway" validate deep/wrong.json
"$headway" schema scenario --plugin elevator.so > out.txt
grep -q '"policy-elevator"' out.txt || fail "no key of its own in the schema"

# What goes wrong in a run is that run's row.
scenario '"plugins": ["faults.so"],' '"sound": {}, "throws-at-once": {}, "dies": {}, "exits": {}, "loops": {},
  "chatters": {}, "never-ends": {}' > faults.json
code=0
"$headway" run faults.json -o faults --timeout 2 > out.txt 2> said.txt || code=$?
[ "$code" = 3 ] || { cat out.txt said.txt >&2; fail "code $code of a run with broken policies"; }
! grep -q 'a line on' out.txt || fail "a policy's words among the results"
for policy in sound chatters; do
  grep -Eq "^$policy +[0-9.]+ " out.txt || { cat out.txt; fail "no row of $policy"; }
done
for words in 'no such policy today' 'signal 6' 'ended with code 0 and no result' 'took longer than 2 s'; do
  grep -q "$words" out.txt faults/results.json || { cat out.txt; fail "no word of \"$words\""; }
done

# A sweep runs again what came from a plug-in that has changed, and nothing else.
cat > sweep.json <<JSON
{"schema_version": 1, "name": "s", "scenario": "deep/named.json",
  "grid": [{"name": "its seed", "pointer": "/seed", "values": [1, 2]}]}
JSON
"$headway" sweep sweep.json -o swept > /dev/null
"$headway" sweep sweep.json -o swept > out.txt
grep -q '4 of 4 were there' out.txt || fail "not all runs were there"
printf ' ' >> elevator.so
"$headway" sweep sweep.json -o swept > out.txt
grep -q '2 of 4 were there' out.txt || fail "the plug-in is no part of its runs, or of others"

# A bundle takes it along.
cp "$source/scenarios/captures/umlr1x2.layout.h5" deep
sed "s|$source/scenarios/captures/||" deep/named.json > deep/bundled.json
"$headway" bundle deep/bundled.json --no-figures -o bundled.tar.zst > out.txt
mkdir reader
(cd reader && "$headway" verify ../bundled.tar.zst) > out.txt || { cat out.txt; fail "a bundle without its plug-in"; }

# policy check.
"$headway" policy check ./elevator.so --cases 200 > out.txt || { cat out.txt; fail "the example is not sound"; }
"$headway" policy check reada-2011 --cases 50 > out.txt
grep -q '^reada-2011: 50 cases from seed 1' out.txt || fail "no heading"
code=0
"$headway" policy check looks-once sound --plugin faults.so --cases 100 > out.txt || code=$?
[ "$code" = 1 ] && grep -q '^BROKEN  not-in-memory in case ' out.txt || { cat out.txt; fail "no fault is found"; }
[ "$(awk '{if (length > 100) ++n} END {print n + 0}' out.txt)" = 0 ] || fail "lines of more than 100 columns"
refused 'did you mean "reada-2011"' "$headway" policy check reada-2012
echo "plug-ins: all is as it should be"
