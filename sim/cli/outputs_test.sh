#!/usr/bin/env bash
# outputs_test.sh HEADWAY SOURCE: no verb's output destroys what it is pointed at, and none is lost without a word. Each
# verb that writes a file writes it to a FIFO, a device node, through a symbolic link, over a file with a mode of its own,
# to the standard output, to a full device and into a directory that is not there; each that prints, to a full device and
# to a closed standard output.
set -euo pipefail
headway=$1
source=$2
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"
capture=$source/scenarios/captures/umlr1x2.layout.h5

fail() { echo "FAILED: $*" >&2; exit 1; }
# The exit code of a command: expect CODES COMMAND..., CODES as "2|3".
expect() {
  local code=0
  "${@:2}" > said.txt 2>&1 || code=$?
  [[ "|$1|" == *"|$code|"* ]] || { cat said.txt; fail "exit code $code, not $1: ${*:2}"; }
}

"$headway" run "$source/scenarios/first-look.json" --policy reada-2011 --trace -o run > /dev/null
"$headway" run "$source/scenarios/claims/all-disks.json" -o publishing > /dev/null
trace=$(echo run/*.trace.h5)
printf 'arrival_ms,sector,sectors\n0,2048,8\n5,4096,8\n' > reads.csv
cat > sweep.json <<JSON
{ "schema_version": 1, "name": "s", "scenario": "$source/scenarios/first-look.json",
  "grid": [{"pointer": "/policies/reada-2011/max_in_flight", "values": [1, 2]}] }
JSON

# A verb and its words, without the option that names the file; the option; the file's ending.
try_file() {
  local option=$1 ending=$2 target whole
  shift 2
  "$headway" "$@" "$option" "whole$ending" > /dev/null
  whole=$(stat -c %s "whole$ending")
  [ "$whole" -gt 0 ] || fail "an empty file by $*"

  mkfifo "fifo$ending"
  wc -c < "fifo$ending" > count.txt &
  "$headway" "$@" "$option" "fifo$ending" > /dev/null
  wait $!
  [ -p "fifo$ending" ] || fail "the FIFO is none any more after $*"
  [ "$(cat count.txt)" = "$whole" ] || fail "a FIFO got $(cat count.txt) of $whole bytes of $*"

  mkdir -p elsewhere
  ln -s "elsewhere/file$ending" "link$ending"
  "$headway" "$@" "$option" "link$ending" > /dev/null
  [ -L "link$ending" ] || fail "the link is none any more after $*"
  cmp "whole$ending" "elsewhere/file$ending" || fail "another file through a link by $*"
  chmod 640 "elsewhere/file$ending"
  "$headway" "$@" "$option" "link$ending" > /dev/null
  [ "$(stat -c %a "elsewhere/file$ending")" = 640 ] || fail "another mode after $*"

  ln -s /dev/full "full$ending"
  expect '2|3' "$headway" "$@" "$option" "full$ending"
  grep -q 'No space left' said.txt || { cat said.txt; fail "a full device is not said to be one by $*"; }
  [ -c /dev/full ] || fail "/dev/full is no device any more after $*"
  ln -s /dev/null "null$ending"
  "$headway" "$@" "$option" "null$ending" > /dev/null
  [ -c /dev/null ] || fail "/dev/null is no device any more after $*"
  expect '2|3' "$headway" "$@" "$option" "nowhere/file$ending"
  [ "$(find . -name '.*' -type f)" = "" ] || fail "$(find . -name '.*' -type f) is left of $*"
  rm -rf "fifo$ending" "link$ending" "full$ending" "null$ending" "whole$ending" elsewhere
}

try_file -o .layout.h5 layout import "$capture"
try_file -o .layout.h5 layout grow "$source/scenarios/grow/n4k_r1x2.json"
try_file -o .txt layout export "$capture"
try_file -o .csv layout export --to csv "$capture"
try_file -o .csv drive replay seagate-constellation2-1tb reads.csv
try_file -o .json trace export "$trace" --to perfetto
try_file -o .html report run
try_file -o .html report --compare run run
for format in csv latex; do try_file -o .txt table run --format $format; done
for ending in .svg .png; do try_file -o $ending plot run --kind offset-time; done
try_file -o .tar.zst bundle "$source/scenarios/first-look.json" --no-figures
try_file --snakefile .smk sweep sweep.json -o swept
"$headway" check run --update --against baseline.json > /dev/null
for format in json junit markdown; do try_file --$format .txt check run --against baseline.json; done

# `-` and /dev/stdout are the standard output, wherever it leads.
"$headway" layout export "$capture" -o whole.txt
for name in - /dev/stdout; do
  "$headway" layout export "$capture" -o $name | cmp - whole.txt || fail "$name into a pipe"
  { echo before; "$headway" layout export "$capture" -o $name; echo after; } > all.txt
  { echo before; cat whole.txt; echo after; } | cmp - all.txt || fail "$name into a file"
done
"$headway" layout import "$capture" -o - > piped.layout.h5
"$headway" layout import "$capture" -o whole.layout.h5
cmp piped.layout.h5 whole.layout.h5

# What only prints.
for words in --version -V --help "layout --help" "layout info $capture" "layout export $capture" "drive list" \
  "drive describe seagate-constellation2-1tb" "drive replay seagate-constellation2-1tb reads.csv" "policy list" \
  "metric list" "schema scenario" "trace info $trace" "check run --against baseline.json" "compare run run" "table run --of devices" "published table publishing" \
  "run $source/scenarios/first-look.json --policy walk -o run2"; do
  code=0
  "$headway" $words > /dev/full 2> said.txt || code=$?
  [ $code = 2 ] || [ $code = 3 ] || fail "exit code $code of $words > /dev/full"
  grep -q '^headway: .*No space left' said.txt || { cat said.txt; fail "what $words > /dev/full says"; }
  code=0
  "$headway" $words >&- 2> said.txt || code=$?
  [ $code = 2 ] || [ $code = 3 ] || fail "exit code $code of $words with a closed standard output"
done
# Nor does what is printed end in a file that took the closed stream's number.
"$headway" run "$source/scenarios/first-look.json" --policy walk -o run3 > /dev/null
cmp run2/results.json run3/results.json
cmp run2/walk.1.intervals.h5 run3/walk.1.intervals.h5
# With nobody to tell, the exit code still tells.
code=0
"$headway" layout improt 2>&- || code=$?
[ $code = 2 ] || fail "exit code $code with a closed standard error"
