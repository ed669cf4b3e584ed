#!/bin/bash
# A whole array of emulated drives as block devices, for as long as a command runs:
#
#   array.sh [--headway PROGRAM] SCENARIO [EMULATE'S OPTIONS] -- COMMAND ...
#
# serves the scenario's drives (`headway emulate`, with an --image each), makes a file of each (nbdfuse) and a block
# device of that (losetup --direct-io), and runs the command with HEADWAY_DEVICES="/dev/loop3 /dev/loop4" and
# HEADWAY_DEVICE_OPTIONS="--device 1=/dev/loop3 --device 2=/dev/loop4". Ends as the command ends. Whatever happens,
# kill -9 of this script among it, mounts of these devices, the devices and the servers are gone afterwards.
#
# Needs root, /dev/fuse, loop devices and Debian's nbdkit, libnbd-bin and fuse3; `--check` says what of it is missing.
set -eu

missing() {
  [ "$(id -u)" = 0 ] || echo "root"
  [ -c /dev/fuse ] || echo "/dev/fuse"
  [ -e /dev/loop-control ] || echo "loop devices"
  for program in nbdkit nbdfuse fusermount3 losetup; do command -v $program > /dev/null || echo "$program"; done
}

headway=headway
if [ "${1:-}" = --headway ]; then headway=$2; shift 2; fi
lacking=$(missing | paste -sd, | sed 's/,/, /g')
if [ "${1:-}" = --check ]; then
  [ -z "$lacking" ] || { echo "missing: $lacking"; exit 1; }
  exit 0
fi
[ -z "$lacking" ] || { echo "array.sh: expected what --check lists, missing: $lacking" >&2; exit 2; }
case "${1:-}" in ""|-*) echo "array.sh: expected SCENARIO [OPTIONS] -- COMMAND" >&2; exit 2;; esac
scenario=$1; shift
options=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=("$1"); shift; done
[ $# -gt 1 ] || { echo "array.sh: expected -- COMMAND behind emulate's options" >&2; exit 2; }
shift

home=$(mktemp -d "${TMPDIR:-/tmp}/headway-array-XXXXXX")
touch "$home/loops" "$home/fuses" "$home/pids"

# Takes down whatever stands, in the order in which it leans on each other; nothing twice hurts.
take_down() {
  local loop target mount pid try
  while read -r loop; do
    # As mountinfo names it: the file system that was mounted from the device, wherever.
    for try in 1 2 3 4 5; do
      findmnt -rno TARGET -S "$loop" > "$home/mounts" || break
      while read -r target; do umount -- "$target" || umount -l -- "$target" || true; done < "$home/mounts"
    done
    losetup -d "$loop" 2> /dev/null || true
  done < "$home/loops"
  while read -r mount; do fusermount3 -uq "$mount" || fusermount3 -uzq "$mount" || true; done < "$home/fuses"
  while read -r pid; do
    kill "$pid" 2> /dev/null || continue
    for try in {1..50}; do kill -0 "$pid" 2> /dev/null || break; sleep 0.1; done
    kill -9 "$pid" 2> /dev/null || true
  done < "$home/pids"
  rm -rf --one-file-system "$home"
}

# A watch that outlives this script: its end of the pipe ends when the script does, however that comes about. No child
# may hold the other end, so each is started with 9 closed.
mkfifo "$home/alive"
(
  trap '' INT TERM HUP
  exec < "$home/alive"
  cat > /dev/null
  [ ! -d "$home" ] || take_down
) > /dev/null 2>&1 &
watch=$!
exec 9> "$home/alive"
finish() { local code=$?; trap '' INT TERM HUP; exec 9>&-; wait "$watch" || true; exit $code; }
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Processors that fall asleep between two requests are late by up to half a millisecond.
if [ -w /dev/cpu_dma_latency ]; then
  exec 8<> /dev/cpu_dma_latency
  printf '\0\0\0\0' >&8
fi
# Ahead of whatever else wants the processor, as a drive's own would be.
ahead=()
! chrt --rr 1 true 2> /dev/null || ahead=(chrt --rr 1)

"${ahead[@]}" "$headway" emulate "$scenario" "${options[@]}" --socket "$home/socket" > "$home/served" 9>&- &
server=$!
echo $server >> "$home/pids"
for (( i = 0; i < 200; ++i )); do
  [ ! -S "$home/socket" ] || break
  kill -0 $server 2> /dev/null || { wait $server || exit $?; exit 3; }
  sleep 0.05
done

devices=()
device_options=()
mountpoint -q /sys/fs/fuse/connections || mount -t fusectl fusectl /sys/fs/fuse/connections
while read -r line; do
  devid=${line#device } devid=${devid%%:*}
  mkdir "$home/dev$devid"
  echo "$home/dev$devid" >> "$home/fuses"
  "${ahead[@]}" nbdfuse -C 16 "$home/dev$devid/disk" "nbd+unix:///$devid?socket=$home/socket" 9>&- &
  echo $! >> "$home/pids"
  for (( i = 0; i < 200; ++i )); do [ ! -e "$home/dev$devid/disk" ] || break; sleep 0.05; done
  # 12 requests in the background at a time, by default, would be the array's queue depth.
  echo 256 > "/sys/fs/fuse/connections/$(stat -c %Ld "$home/dev$devid")/max_background"
  loop=$(losetup --find --show --direct-io=on "$home/dev$devid/disk")
  echo "$loop" >> "$home/loops"
  case $line in *", rotational, "*) echo 1 > "/sys/block/${loop#/dev/}/queue/rotational";; esac
  devices+=("$loop")
  device_options+=("--device $devid=$loop")
done < "$home/served"

export HEADWAY_DEVICES="${devices[*]}" HEADWAY_DEVICE_OPTIONS="${device_options[*]}"
"$@" 9>&-
