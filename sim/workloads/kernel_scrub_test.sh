#!/usr/bin/env bash
# kernel_scrub_test.sh HEADWAY: the running kernel's `btrfs scrub` of a full file system on four loop devices, counted in
# /sys/block/loopN/stat, against the simulated scrub of the same file system: requests, bytes and joined requests of
# each device, to the last one. Only tree nodes that the kernel has dropped from memory meanwhile may come on top: requests
# of 16 KiB, said. Ends with 77 (skipped) and the reason where it cannot be done.
set -euo pipefail
headway=$1

skip() { echo "SKIPPED: $*"; exit 77; }
fail() { echo "FAILED: $*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || skip "loop devices need root"
for tool in mkfs.btrfs btrfs losetup mount umount truncate awk python3; do
  command -v "$tool" > /dev/null || skip "no $tool here"
done
[ -e /dev/loop-control ] || skip "no loop devices here"
grep -qw btrfs /proc/filesystems || modprobe btrfs 2> /dev/null || skip "no btrfs in this kernel"
version=$(uname -r)
[ "$(printf '%s\n6.6\n' "${version%%-*}" | sort -V | head -1)" = 6.6 ] || skip "Linux $version, whose scrub is not that of 6.6"

directory=$(mktemp -d)
loops=()
cleanup() {
  umount "$directory/mnt" 2> /dev/null || true
  for loop in "${loops[@]}"; do losetup -d "$loop" || true; done
  rm -rf "$directory"
}
trap cleanup EXIT
mkdir "$directory/mnt"
cd "$directory"
for i in 1 2 3 4; do
  truncate -s 128M "disk$i"
  loop=$(losetup -f --show "disk$i" 2> said.txt) || skip "no loop device: $(cat said.txt)"
  loops+=("$loop")
done
for loop in "${loops[@]}"; do
  [ -r "/sys/block/${loop##*/}/stat" ] || skip "no /sys/block/${loop##*/}/stat here"
  sectors=$(cat "/sys/block/${loop##*/}/queue/max_sectors_kb")
done

# Sectors, for a device counts from the machine's start, and awk prints what is no whole number to six digits.
stat_of() { for loop in "${loops[@]}"; do awk '{print $1, $2, $3}' "/sys/block/${loop##*/}/stat"; done; }

# Full to the last block: then every stripe of a data chunk has something in it, as the simulated scrub takes it.
scrub_for_real() {
  mkfs.btrfs -q -f -m raid1 -d "$1" "${loops[@]}" > said.txt 2>&1 || { cat said.txt; fail "mkfs.btrfs -d $1"; }
  mount "${loops[0]}" mnt || skip "no right to mount here"
  for block in 1M 64k 4k; do
    dd if=/dev/zero of="mnt/file$block" bs="$block" 2> said.txt && fail "no end of space"
    grep -q 'No space left' said.txt || { cat said.txt; fail "dd"; }
    sync
  done
  mount -o remount,ro mnt
  count_scrub
}

# Of what is mounted: read-only, so that nothing is committed meanwhile; and once before it counts, so that the trees are
# in memory.
count_scrub() {
  btrfs scrub start -B -r mnt > said.txt 2>&1 || { cat said.txt; fail "btrfs scrub"; }
  stat_of > before.txt
  btrfs scrub start -B -r mnt > said.txt 2>&1 || { cat said.txt; fail "btrfs scrub"; }
  stat_of > after.txt
  umount mnt
  paste before.txt after.txt | awk '{print $4 - $1, $5 - $2, ($6 - $3) / 2}' > kernel.txt
}

# One sector of file data that does not match its checksum, in what was last scrubbed: CORRUPT says where.
damage() {
  local extent place device i
  extent=$(btrfs inspect-internal dump-tree -t fs "${loops[0]}" | awk '/extent data disk byte [1-9]/ && !seen {print $5; seen = 1}')
  place=$(btrfs-map-logical -l "$extent" "${loops[0]}" | awk '$1 == "mirror" && $2 == 1 {print $6, $8}')
  device=0
  for i in 0 1 2 3; do [ "${loops[$i]}" = "${place#* }" ] && device=$((i + 1)); done
  [ "$device" != 0 ] || fail "no place of $extent: $place"
  dd if=/dev/urandom of="${place#* }" bs=4096 seek=$((${place% *} / 4096 + 1)) count=1 conv=notrunc oflag=direct 2> said.txt
  corrupt="{\"device\": $device, \"from_byte\": $((${place% *} + 4096)), \"to_byte\": $((${place% *} + 8192))}"
}

import_layout() {
  "$headway" layout import disk1 disk2 disk3 disk4 -o "$1.layout.h5" > said.txt 2>&1 || { cat said.txt; fail "import of $1"; }
}

# scrub_simulated LAYOUT CORRUPT
scrub_simulated() {
  cat > scenario.json <<JSON
{ "schema_version": 1, "name": "$1", "layout": {"file": "$1.layout.h5"}, "cache": {"warm_fraction": 1},
  "devices": [{"drive": "./drive.json", "count": 4, "max_sectors_kb": $sectors}],
  "workload": [{"name": "scrub", "kind": "scrub", "kernel": "6.6", "corrupt": [$2]}], "policies": {"walk": {}} }
JSON
  "$headway" run scenario.json -o "out-$1" > said.txt 2>&1 || { cat said.txt; fail "run of $1"; }
  python3 - "out-$1/results.json" > simulated.txt <<'PYTHON'
import json, sys
for device in json.load(open(sys.argv[1]))["runs"][0]["devices"]:
    m = device["metrics"]
    print(m["reads"], m["merged_reads"], m["bytes_read"] // 1024)
PYTHON
}

echo '{"drive": "d", "kind": "constant", "capacity_bytes": 134217728, "latency_ms": 0.05, "bytes_per_s": 1e9}' > drive.json
echo "Linux $version: requests, joined ones and KiB of each device; the kernel's|simulated"
differ=0
compare() {
  paste kernel.txt simulated.txt | awk -v profile="$1" '
    { nodes = $1 - $4; words = nodes == 0 ? "" : ", nodes read again: " nodes
      alike = nodes >= 0 && nodes <= 16 && $2 == $5 && $3 == $6 + 16 * nodes
      if (!alike) { words = ": DIFFERS"; failed = 1 }
      print profile ": " $1, $2, $3 "|" $4, $5, $6 words }
    END { exit failed }' || differ=1
}
for profile in single raid1 raid10 raid6 raid5; do
  scrub_for_real "$profile"
  import_layout "$profile"
  scrub_simulated "$profile" ""
  compare "$profile"
done
if command -v btrfs-map-logical > /dev/null; then
  damage
  mount -o ro "${loops[0]}" mnt
  count_scrub
  scrub_simulated raid5 "$corrupt"
  compare "raid5, one error"
else
  echo "no btrfs-map-logical here: no scrub of an error"
fi
exit "$differ"
