#!/usr/bin/env bash
# python_test.sh HEADWAY SOURCE: policies in Python as a user has them, and what is wrong with them.
set -euo pipefail
headway=$1
source=$2
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"
cp "$source/scenarios/own-policy/elevator.py" .
fail() { echo "FAILED: $*" >&2; exit 1; }

# `list WORDS FILE`: the file is refused, in one line that has WORDS.
list() {
  local code=0
  "$headway" policy list --plugin "$2" > out.txt 2> said.txt || code=$?
  [[ $code = 2 && ! -s out.txt && $(cat said.txt) == "headway: $2: expected a plug-in of policies, found "*"$1"* ]] ||
    { cat said.txt >&2; fail "code $code, or not \"$1\": $2"; }
}
# `refuse WORDS TEXT`: so is a file of this text.
refuse() { printf "import headway\n$2\n" > refused.py; list "$1" refused.py; }
class='class X(headway.Policy):\n'
methods='    def add(self, handle, range): pass\n    def complete(self, read, error): pass\n'
refuse 'SyntaxError: invalid syntax (refused.py, line 2)' 'class X(:'
refuse 'no class that derives from headway.Policy' ''
refuse 'class X without a method complete(self, read, error)' "$class    'Does.'\n    def add(self, h, range): pass"
refuse 'class X without a docstring' "$class$methods"
refuse 'ZeroDivisionError: division by zero, at refused.py:2 in a, from :3 in <module>' 'def a(): 1 / 0\na()'
refuse "No module named 'elevator', at refused.py:2 in <module> (a policy is one file" 'import elevator'
refuse 'SystemExit: 0' 'import sys\nsys.exit(0)'
refuse 'one whose loading is ended with code 0' 'import os\nos._exit(0)'
refuse "default is True or False, a whole number, or a word" "$class    depth = headway.Parameter(6.5, 'How deep.')"
refuse 'parameter depth: a default, -1, that it does not take' \
  "$class    'Does.'\n    depth = headway.Parameter(-1, 'How deep.')\n$methods"
refuse 'parameter copy: a default, nearest, that it does not take' "$class    'Does.'\n    copy = 'nearest'\n$methods"
refuse 'class X whose name is 7, not a word' "$class    'Does.'\n    name = 7\n$methods"
refuse 'a policy walk, a name that a policy of headway has' "$class    'Does.'\n    name = 'walk'\n$methods"
head -c 3000 "$headway" > binary.py
list 'no Python' binary.py
list 'no such file (did you mean "elevator.py"?)' elevatr.py
mkdir bare
cp "$headway" bare
headway=$PWD/bare/headway list "no plug-in for (headway-python.so: Debian's package headway-python" elevator.py

"$headway" policy list --plugin elevator.py > out.txt
grep -q 'in Python 3[.0-9]*, where a decision takes' out.txt || fail "nobody says what Python costs"

# `fault NAME LINE`: the example, which does this as well when a leaf has come.
fault() {
  sed "s/\"elevator-py\"/\"$1\"/; s/^    def complete.*/&\n        if read.level == 0:\n            $2/" \
    elevator.py > "$1.py"
}
fault prints 'print("a line on the standard output")'
fault by-hash 'self.shafts[read.device].up = hash(str(read.block)) % 2 == 0'
fault raises 'raise KeyError(7)'
fault swallows 'exec("try: self.world.issue(read)\\nexcept Exception: pass")'
fault no-block 'self.world.issue(10**7)'
fault writes 'self.world.forest.logical[0] = 0'
fault exits 'raise SystemExit(0)'
fault loops 'exec("while True: pass")'
fault returns 'return self'
scenario() {  # $1...: policies, each a file
  cat <<JSON
{ "schema_version": 1, "name": "own", "seed": 1, "plugins": [$(printf '"%s.py",' "$@" | sed 's/,$//')],
  "layout": {"file": "umlr1x2.layout.h5"},
  "devices": [{"drive": "seagate-constellation2-1tb", "count": 2, "queue": {"discipline": "sptf", "depth": 32}}],
  "workload": [{"name": "files", "kind": "enumerate", "tree": "fs"}],
  "policies": {$(printf '"%s": {},' "$@" | sed 's/,$//; s/"elevator"/"elevator-py"/')} }
JSON
}
cp "$source/scenarios/captures/umlr1x2.layout.h5" .
scenario elevator prints by-hash raises swallows no-block writes exits loops returns > faults.json
code=0
"$headway" run faults.json -o first --timeout 2 > out.txt 2> said.txt || code=$?
[ "$code" = 3 ] || { cat out.txt said.txt >&2; fail "code $code of a run with broken policies"; }
for policy in elevator-py prints by-hash; do
  grep -Eq "^$policy +[0-9.]+ " out.txt || { cat out.txt; fail "no row of $policy"; }
done
! grep -q 'a line on' out.txt || fail "a policy's words among the results"
grep -q 'a line on' said.txt || fail "a policy's words are lost"
for words in 'KeyError: 7, at raises.py:[0-9]* in complete' 'block [0-9]* issued: it is in memory' \
             'IndexError: block 10000000: there are 1837, at no-block.py' 'cannot modify read-only memory' \
             'SystemExit: 0, at exits.py' 'took longer than 2 s' 'complete() returned <returns.py.Elevator object>:'; do
  grep -q "$words" first/results.json || { grep message first/results.json; fail "no word of \"$words\""; }
done

# The same bytes again, whatever the environment says; another file is another experiment.
scenario elevator by-hash > sound.json
"$headway" run sound.json -o first > out.txt
PYTHONHASHSEED=77 PYTHONPATH=$PWD PYTHONHOME=/nowhere "$headway" run sound.json -o again > again.txt
cmp first/results.json again/results.json
grep -q "\"$(sha256sum < elevator.py | cut -d' ' -f1)\"" first/results.json || fail "no digest of the file"
"$headway" bundle sound.json --no-figures -o sound.tar.zst > out.txt
mkdir elsewhere
mv sound.tar.zst elsewhere
rm elevator.py by-hash.py
(cd elsewhere && "$headway" verify sound.tar.zst) > out.txt 2> said.txt ||
  { cat out.txt; fail "it does not come out again"; }
grep -q 'files/elevator.py is code that the bundle brings' said.txt || fail "nobody says that a bundle brings code"

code=0
"$headway" policy check ./swallows.py --cases 100 > out.txt || code=$?
[ "$code" = 1 ] && grep -q '^BROKEN  not-in-memory in case ' out.txt || { cat out.txt; fail "no fault is found"; }
echo "policies in Python: all is as it should be"
