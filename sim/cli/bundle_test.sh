#!/usr/bin/env bash
# bundle_test.sh HEADWAY SOURCE: a bundle holds all that its experiments read and all that came out, is the same bytes from
# wherever it is made, comes out again elsewhere after everything else is gone, and what does not is named.
set -euo pipefail
headway=$1
source=$2
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

fail() { echo "FAILED: $*" >&2; exit 1; }
said() { grep -q -- "$1" said.txt || { cat said.txt; fail "not said: $1"; }; }
# The exit code of a command: expect CODE COMMAND...
expect() {
  local code=0
  "${@:2}" > said.txt 2>&1 || code=$?
  [ "$code" = "$1" ] || { cat said.txt; fail "exit code $code, not $1: ${*:2}"; }
}

mkdir -p lab/scenarios lab/inputs "lab/own drives"
cp "$source/scenarios/captures/umlr1x2.layout.h5" lab/inputs/x.layout.h5
printf '0.0,0,0,4096,R\n' > lab/unused.csv
cat > "lab/own drives/d.json" <<'JSON'
{ "drive": "own", "kind": "constant", "capacity_bytes": 1000204886016, "latency_ms": 1, "bytes_per_s": 100000000 }
JSON
cat > lab/scenarios/s.json <<'JSON'
{ "schema_version": 1, "name": "lab", "layout": {"file": "../inputs/x.layout.h5"},
  "devices": [{"drive": "../own drives/d.json"}, {"drive": "seagate-constellation2-1tb"}],
  "workload": [{"name": "files", "kind": "enumerate", "tree": "fs"}],
  "policies": {"walk": {}, "reada-2011": {}},
  "expect": [{"metric": "elapsed_s", "policy": "reada-2011", "relative_to": "walk", "max": 1}] }
JSON
cat > lab/sweep.json <<'JSON'
{ "schema_version": 1, "name": "s", "scenario": "scenarios/s.json",
  "grid": [{"pointer": "/policies/reada-2011/max_in_flight", "values": [1, 2]},
           {"pointer": "/devices/0/drive", "values": ["../own drives/d.json", "constant"]}] }
JSON
"$headway" bundle lab/scenarios/s.json lab/sweep.json --set seed=3 -o paper.tar.zst > said.txt
said 'paper.tar.zst: 2 experiments, '
tar --zstd -tf paper.tar.zst > names.txt
[ "$(head -1 names.txt)" = bundle.json ] || fail "the first member is $(head -1 names.txt)"
for name in files/scenarios/s.json files/sweep.json files/inputs/x.layout.h5 'files/own drives/d.json' \
            results/scenarios/s/results.json results/scenarios/s/table.txt results/scenarios/s/compare.svg \
            results/scenarios/s/walk.3.intervals.h5 results/sweep/sweep.csv results/sweep/sweep.json results/sweep/sweep.svg; do
  grep -qx "$name" names.txt || { cat names.txt; fail "no member $name"; }
done
! grep -E 'unused|timing|cells' names.txt || fail "a member that is none of the bundle's"
tar --zstd -xOf paper.tar.zst results/scenarios/s/table.txt | grep -q '^lab with /seed=3$' || fail "no table of the run"
mkdir elsewhere
(cd elsewhere && "$headway" bundle ../lab/scenarios/s.json ../lab/sweep.json --set seed=3 -o p > /dev/null)
cmp paper.tar.zst elsewhere/p

# Elsewhere, without anything else.
mv lab gone
mkdir reader
mv paper.tar.zst reader
cd reader
cp ../said.txt .
"$headway" verify paper.tar.zst > said.txt
said '^paper.tar.zst: made by headway '
said '^same     files/scenarios/s.json: '
said '^same     files/sweep.json: 3 of 3 files'
said ' files came out byte for byte the same$'
! grep -q 'this is another' said.txt || fail "the same program is called another"
[ "$(ls)" = "$(printf 'paper.tar.zst\nsaid.txt')" ] || fail "verify leaves files"
expect 2 "$headway" verify paper.tar.zst -o ../gone
said 'expected an empty directory'
"$headway" verify paper.tar.zst -o out > /dev/null
diff -r out/results/scenarios/s out/again/scenarios/s

# A bundle of the same, in which what came out has been changed, and a program: repacked, since a byte would be seen.
cat > repack.py <<'PYTHON'
import hashlib, json, os, sys
root = sys.argv[1]
bundle = json.load(open(root + "/bundle.json"))
bundle["made_by"]["commit"] = "another"
for member in bundle["members"]:
    data = open(os.path.join(root, member["file"]), "rb").read()
    member["bytes"], member["sha256"] = len(data), hashlib.sha256(data).hexdigest()
json.dump(bundle, open(root + "/bundle.json", "w"))
for member in ["bundle.json"] + [member["file"] for member in bundle["members"]]: print(member)
PYTHON
# repack: `out` as a bundle, sealed.
repack() {
  python3 repack.py out > list.txt
  tar --zstd -cf changed.tar.zst -C out --verbatim-files-from -T list.txt
  printf '\x5e\x2a\x4d\x18\x4f\x00\x00\x00headway sha256 %s' "$(sha256sum changed.tar.zst | cut -c1-64)" >> changed.tar.zst
}
commit=$(sed -n 's/.*"commit": "\(.*\)"$/\1/p' out/results/scenarios/s/results.json)
sed -i "s/\"commit\": \"$commit\"/\"commit\": \"another\"/" out/results/*/results.json out/results/*/*/results.json out/results/sweep/sweep.json 2> /dev/null || true
repack
expect 0 "$headway" verify changed.tar.zst
said 'this is another: headway .*'"$commit"
said ', 2 but for the headway that they name$'
elapsed=$(grep -m1 '"elapsed_s": [0-9]' out/results/scenarios/s/results.json | tr -dc 0-9.)
sed -i "0,/\"elapsed_s\": $elapsed/s//\"elapsed_s\": 7/" out/results/scenarios/s/results.json
sed -i '2s/[0-9.]*$/5/' out/results/sweep/sweep.csv
rm out/results/scenarios/s/walk.3.intervals.h5
sed -i '/walk.3.intervals/d' list.txt
python3 - <<'PYTHON'
import json
bundle = json.load(open("out/bundle.json"))
bundle["members"] = [member for member in bundle["members"] if "walk.3.intervals" not in member["file"]]
json.dump(bundle, open("out/bundle.json", "w"))
PYTHON
repack
expect 1 "$headway" verify changed.tar.zst
said '^DIFFERS  files/scenarios/s.json: '
said "results.json: run walk, seed 3: /metrics/elapsed_s was 7, is $elapsed\$"
said 'walk.3.intervals.h5: not in the bundle'
said '^DIFFERS  files/sweep.json: '
said 'sweep.csv: line 2, '
said '; 3 did not$'

# What a bundle must not do: look outside, hold links, lie.
sed 's|../inputs/x.layout.h5|../../../../../../etc/passwd|' -i out/files/scenarios/s.json
repack
expect 2 "$headway" verify changed.tar.zst
rm out/files/scenarios/s.json
ln -s /etc/passwd out/files/scenarios/s.json
repack
expect 2 "$headway" verify changed.tar.zst
said 'files/scenarios/s.json: expected .*which is no regular file'

# What no bundle is made of.
mv ../gone lab
rm -rf out
expect 2 "$headway" bundle lab/scenarios/s.json lab/scenarios/s.json -o new
said 'expected each scenario once'
sed "s|\.\./inputs|$PWD/lab/inputs|" lab/scenarios/s.json > lab/scenarios/absolute.json
expect 2 "$headway" bundle lab/scenarios/absolute.json -o new
said 'files/scenarios/absolute.json: expected relative names of files'
expect 2 "$headway" bundle lab/inputs/x.layout.h5 -o new
said 'expected a JSON file, found an HDF5 file'
expect 2 "$headway" bundle lab/scenarios/s.json -o nowhere/new
expect 2 "$headway" bundle lab/scenarios/s.json --set nothing.x=1 -o new
expect 1 "$headway" bundle lab/scenarios/s.json --set expect.0.max=0 --no-figures -o broken.tar.zst
said 'an expectation is broken'
[ ! -e new ] || fail "a bundle of what was refused"
expect 0 "$headway" verify broken.tar.zst
