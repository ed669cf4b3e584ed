#!/usr/bin/env bash
# live_test.sh HEADWAY PLUGINS: `headway live` and `compare` as a user has them, on an image file that mkfs.btrfs has
# filled.
set -euo pipefail
headway=$1
plugins=$2
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"
fail() { echo "FAILED: $*"; exit 1; }

command -v mkfs.btrfs > /dev/null || { echo "skipped: no mkfs.btrfs (btrfs-progs)"; exit 77; }
mkdir files
mkdir files/{1..40}
touch files/{1..40}/a-file-of-a-name-that-takes-some-room-{1..50}
truncate -s 200M disk.img
mkfs.btrfs -q -n 4096 -m single -d single --rootdir files disk.img > mkfs.txt 2>&1

cat > scenario.json <<'END'
{"schema_version": 1, "name": "own-disk", "layout": {"file": "not-there.layout.h5"},
 "devices": [{"drive": "samsung-850-pro-1tb"}],
 "workload": [{"name": "files", "kind": "enumerate", "tree": "fs"}],
 "policies": {"walk": {}, "path-reada": {}, "reada-2011": {}}, "replicates": 2}
END
direct=
measure() { "$headway" live scenario.json --device 1=disk.img -o out --cool-mib 1 --check-decisions $direct > said 2> error; }
code=0
measure || code=$?
if grep -q 'O_DIRECT' error; then
  direct=--buffered code=0
  measure || code=$?
fi
if grep -q 'io_uring' error; then
  echo "skipped: $(cat error)"
  exit 77
fi
[ $code = 0 ] || fail "exit code $code: $(cat error)"
for words in 'measured: own-disk' 'as their twins have them' 'simulated / measured' 'us of CPU time a read' \
  'means of 2 seeds'; do
  grep -q "$words" said || fail "not said: $words"
done
sed 's/±/+/g' said | awk 'length > 100' | grep . && fail "lines of more than 100 letters"
grep -q '"measured": true' out/results.json || fail "results do not say that they were measured"
grep -q '"measured": false' out/simulated/results.json || fail "the prediction does not say that it was not"
grep -q '"kernel": "Linux ' out/timing.json || fail "timing.json has no kernel"
[ "$(grep -c '"seek_time_s": null' out/results.json)" -ge 6 ] || fail "seek times are not empty"

{ [ out/walk.1.trace.h5 -ot out/path-reada.1.trace.h5 ] && [ out/path-reada.2.trace.h5 -ot out/walk.2.trace.h5 ]; } ||
  fail "the policies do not take turns in going first"

"$headway" compare out out/simulated > compared 2> error
diff <(sed -n '/^policy.*simulated \/ measured/,$p' said) <(tail -n +2 compared) || fail "compare has another table"
"$headway" plot out out/simulated --kind overlay -o overlay.svg
grep -q measured overlay.svg || fail "no overlay"
"$headway" plot out --kind latency-cdf -o latency.svg
"$headway" trace info out/walk.1.trace.h5 > /dev/null
for form in perfetto paje fio-v3 csv; do
  "$headway" trace export out/reada-2011.1.trace.h5 --to $form -o trace.$form
  grep -qi 'nan' trace.$form && fail "$form: what a device does not tell is a number"
done
code=0
"$headway" plot out --kind time-breakdown -o none.svg 2> error || code=$?
{ [ $code = 2 ] && grep -q 'seek_time_s' error; } || fail "a breakdown of what is not known: exit code $code"
code=0
"$headway" plot out --kind gap -o none.svg 2> error || code=$?
{ [ $code = 2 ] && grep -q 'a measured drive does not tell' error; } || fail "a gap of what is not known: exit code $code"

# refused COMMAND...: exit code 2, nothing written.
refused() {
  local words=$1 code=0
  shift
  "$@" -o new $direct > refusal 2>&1 || code=$?
  { [ $code = 2 ] && [ ! -e new ] && grep -q -- "$words" refusal; } || fail "exit code $code: $* says $(cat refusal)"
}
refused 'DEVID=PATH' "$headway" live scenario.json --device disk.img
refused 'device 2 of its file system, found device 1' "$headway" live scenario.json --device 2=disk.img
refused 'No such file' "$headway" live scenario.json --device 1=nowhere.img
refused 'a block device or an image file, found neither' "$headway" live scenario.json --device 1=files
zstd -q disk.img -o disk.img.zst
refused 'a compressed one' "$headway" live scenario.json --device 1=disk.img.zst
sed 's/"devices": \[{/"devices": [{"count": 2, /' scenario.json > two.json
refused '1 drives, as many as' "$headway" live two.json --device 1=disk.img

# Ctrl-C in the middle: what had ended stays, and the exit code says that something has not.
sed 's/"kind": "enumerate", "tree": "fs"/"kind": "consume", "tree": "fs", "think_s": 0.1/' scenario.json > slow.json
"$headway" live slow.json --device 1=disk.img -o stopped --cool-mib 0 $direct > said 2>&1 &
for _ in $(seq 100); do [ ! -e stopped ] || break; sleep 0.1; done
sleep 0.3  # it is at it by then
kill -INT $!
code=0
wait $! || code=$?
[ $code = 3 ] || fail "Ctrl-C: exit code $code: $(cat said)"
grep -q 'stopped before' stopped/results.json || fail "Ctrl-C: results do not say it"
[ ! -e stopped/simulated ] || fail "Ctrl-C: the prediction was made all the same"

# What a plug-in breaks is its own row.
sed 's/"walk": {}.*}, "repl/"walk": {}, "sound": {}, "dies": {}, "throws-late": {}, "chatters": {}}, "repl/' scenario.json > plug-ins.json
code=0
"$headway" live plug-ins.json --plugin "$plugins/faults.so" --device 1=disk.img -o plugged --cool-mib 0 $direct \
  --check-decisions > plugged.txt 2> said || code=$?
[ $code = 3 ] || fail "a policy that dies: exit code $code: $(cat said plugged.txt)"
grep -q 'as their twins have them' plugged.txt || fail "decisions of the others are not checked: $(cat plugged.txt)"
[ "$(grep -c 'ended by signal 6' plugged/results.json)" = 2 ] || fail "no word of the policy that died"
[ "$(grep -c 'not another leaf' plugged/results.json)" = 2 ] || fail "no word of the policy that threw"
! grep -q 'a line on' plugged.txt || fail "a policy's words among the results"
[ "$(grep -c '"status": "ok"' plugged/results.json)" = 6 ] || fail "what others found is lost"

# A block that is not what it should be: leaves of the tree, on the only device, are overwritten.
cp --sparse=always disk.img bad.img
"$headway" trace export out/walk.1.trace.h5 --to csv -o walk.csv
for offset in $(awk -F, '$3 == "complete" && $11 == 0 {print $9}' walk.csv | head -3); do
  printf 'xxxx' | dd of=bad.img bs=1 seek=$((offset + 1000)) conv=notrunc status=none
done
code=0
"$headway" live scenario.json --device 1=bad.img -o bad --policy walk --cool-mib 0 --measure-only $direct \
  > said 2>&1 || code=$?
[ $code = 3 ] || fail "bad blocks: exit code $code: $(cat said)"
tr -s '\n ' ' ' < said | grep -q '3 blocks that are not what they should be' ||
  fail "bad blocks are not said: $(cat said)"
echo "live: all as it should be"
