#!/bin/bash
# array_test.sh HEADWAY: an emulated array serves what its images hold, keeps them as they are, and leaves nothing
# behind, ended or killed. Ends with 77 where array.sh cannot work.
set -eu
headway=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
lacking=$("$here/array.sh" --check) || { echo "skipped: $lacking"; exit 77; }
lab=$(mktemp -d "${TMPDIR:-/tmp}/headway-array-test-XXXXXX")
trap 'rm -rf --one-file-system "$lab"' EXIT
cat > "$lab/two.json" << 'JSON'
{"schema_version": 1, "name": "two", "layout": {"file": "none.h5"}, "devices": [{"drive": "constant", "count": 2}],
 "workload": [{"name": "files", "kind": "enumerate", "tree": "5"}], "policies": {"walk": {}}}
JSON
for i in 1 2; do head -c 8M /dev/urandom > "$lab/$i.img"; cp "$lab/$i.img" "$lab/$i.before"; done
images=(--image "1=$lab/1.img" --image "2=$lab/2.img")

array=("$here/array.sh" --headway "$headway" "$lab/two.json" "${images[@]}" --speed 1000)
fail() { echo "FAILED: $*"; exit 1; }
# Whatever names an array's directory: mounts, loop devices, servers.
left() {
  grep -h "$1" /proc/mounts || true
  losetup -a | grep "$1" || true
  pgrep -af "$1" | grep -v "array_test" || true
  [ ! -e "$1" ] || echo "$1"
}

# shellcheck disable=SC2016  # the inner shell's own variables
"${array[@]}" --log "$lab" -- sh -c 'set -- "$0" $HEADWAY_DEVICES; cmp "$2" "$1/1.before"; cmp "$3" "$1/2.before"
  dd if=/dev/zero of="$3" bs=64k count=4 oflag=direct conv=notrunc 2> /dev/null
  cmp -n 262144 "$3" /dev/zero
  losetup -n -O BACK-FILE "$2" > "$1/place"' "$lab" || fail "reading and writing through the array"
cmp "$lab/2.img" "$lab/2.before" || fail "an image was written"
grep -q ',write,' "$lab/dev2.csv" || fail "the log has no write"
home=$(dirname "$(dirname "$(cat "$lab/place")")")
[ -z "$(left "$home")" ] || fail "left behind: $(left "$home")"

# shellcheck disable=SC2016
"${array[@]}" -- sh -c 'set -- "$0" $HEADWAY_DEVICES; losetup -n -O BACK-FILE "$2" > "$1/place.new"; mkfs.btrfs -q -f -M "$2"
  mkdir "$1/mounted"; mount "$2" "$1/mounted"; mv "$1/place.new" "$1/killed"; exec sleep 60.125' "$lab" > /dev/null 2>&1 &
for (( i = 0; i < 200; ++i )); do [ ! -e "$lab/killed" ] || break; sleep 0.1; done
[ -e "$lab/killed" ] || echo "no file system on it (mkfs or mount failed): killed all the same"
home=$(dirname "$(dirname "$(cat "$lab/killed" "$lab/place.new" 2> /dev/null | head -n 1)")")
kill -9 $!
for (( i = 0; i < 100; ++i )); do [ -n "$(left "$home")" ] || break; sleep 0.1; done
pkill -f "sleep 60.125" || true
[ -z "$(left "$home")" ] || fail "left behind by one that was killed: $(left "$home")"
! grep -q "$lab/mounted" /proc/mounts || fail "a file system is still mounted"
echo "an emulated array serves its images, keeps them, and leaves nothing behind"
