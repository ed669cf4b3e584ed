#!/usr/bin/env bash
# mistakes_test.sh HEADWAY SOURCE: what people do wrong, a line each, and words that the answer must have. Every mistake
# ends with exit code 2 and one line on the standard error, and leaves no file.
set -euo pipefail
headway=$1
source=$2
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
chmod 755 "$directory"
cd "$directory"

count=0
failures=0
# `says WORDS COMMAND...`: WORDS is a glob for a part of the answer.
says() {
  local words=$1 code=0
  shift
  count=$((count + 1))
  "$@" > out.txt 2> said.txt < /dev/null || code=$?
  local said before
  said=$(grep -v "^headway: note: " said.txt || true)
  # shellcheck disable=SC2053  # a glob it is
  if [[ $code = 2 && $said == "headway: "* && $said != *$'\n'* && ! -s out.txt && ! -e new && $said == *$words* ]]; then
    return
  fi
  failures=$((failures + 1))
  rm -rf new
  printf 'FAILED, exit code %s: %s\n  wanted: %s\n  said:   %s\n' "$code" "${*#"$headway"}" "$words" "$said"
}
cli() { says "$1" "$headway" "${@:2}"; }
# `wrong KIND WORDS SED`: a sound file of that kind with something wrong in it, handed to its verb.
wrong() {
  local kind=$1 words=$2
  sed "${@:3}" "$kind.json" > bad.json
  cmp -s bad.json "$kind.json" && { echo "FAILED: nothing is wrong: ${*:3}"; failures=$((failures + 1)); }
  given "$kind" "$words"
}
# `given KIND WORDS`: the same for the file as it is.
given() {
  case $1 in
    scenario) cli "bad.json: $2" validate bad.json ;;
    drive) cli "bad.json: $2" drive describe ./bad.json ;;
    sweep) cli "bad.json: $2" sweep bad.json -o new ;;
    grow) cli "bad.json: $2" layout grow bad.json -o new ;;
  esac
}

cat > scenario.json <<JSON
{
  "schema_version": 1,
  "name": "sound",
  "seed": 1,
  "layout": {"file": "$source/scenarios/captures/umlr1x2.layout.h5"},
  "devices": [{"drive": "seagate-constellation2-1tb", "count": 2, "queue": {"discipline": "sptf", "depth": 32}}],
  "workload": [
    {"name": "files", "kind": "enumerate", "tree": "fs"},
    {"name": "load", "kind": "foreground", "depth": 1, "pattern": "random", "request_bytes": 4096}
  ],
  "faults": [{"kind": "slow", "device": 1, "from_s": 0, "to_s": 1, "factor": 2}],
  "buses": [{"name": "link", "bytes_per_s": 6e9, "devices": [1, 2]}],
  "policies": {
    "walk": {},
    "reada-2011": {"max_in_flight": 4},
    "free": {"strategy": "reada-2011", "peer_lock": false}
  },
  "baseline": "walk",
  "expect": [{"metric": "elapsed_s", "policy": "walk", "max": 100}]
}
JSON
cat > drive.json <<JSON
{
  "drive": "sound",
  "kind": "mechanical",
  "rpm": 7200,
  "surfaces": 4,
  "cylinders": 50000,
  "sectors": 200000000,
  "sector_bytes": 512,
  "zoning": {"zones": 8, "outer_to_inner": 2, "track_skew_turn": 0.05, "cylinder_skew_turn": 0.05},
  "head_switch_ms": 0.5,
  "seek_ms": {"track_to_track": 0.5, "average": 8, "full_stroke": 16},
  "origins": {"rpm": "maker: manual, page 1"}
}
JSON
cat > sweep.json <<JSON
{
  "schema_version": 1,
  "name": "sound",
  "scenario": "scenario.json",
  "grid": [{"name": "in flight", "pointer": "/policies/reada-2011/max_in_flight", "values": [1, 2]}]
}
JSON
cat > grow.json <<JSON
{
  "devices": [{"count": 2, "bytes": 10737418240}],
  "node_bytes": 16384,
  "metadata_profile": "RAID1",
  "trees": [{"tree": "fs"}, {"tree": "extent"}],
  "rounds": [{"commits": 2, "creates": 10}]
}
JSON
printf 'arrival_ms,sector,sectors\n0,2048,8\n5,4096,8\n' > reads.csv
"$headway" validate scenario.json > /dev/null
"$headway" layout grow grow.json -o sound.layout.h5
"$headway" run scenario.json --policy walk -o sound > /dev/null
"$headway" drive describe ./drive.json > /dev/null
mkdir empty
mkdir baselines

# Verbs and options.
cli 'expected a verb of headway, found "rnu" (did you mean "run"?)' rnu scenario.json
cli 'expected a verb of headway, found "Validate" (did you mean "validate"?)' Validate scenario.json
cli 'expected a verb of headway, found none; known are run,*--help' 
cli 'expected a verb of headway, found "scenario.json"; known are run,' scenario.json
cli 'expected a verb of headway, found "rnu" (did you mean "run"?)' help rnu
cli 'expected a verb of headway layout, found "improt" (did you mean "import"?)' layout improt x
cli 'expected a verb of headway layout, found none; known are import, info' layout
cli 'expected a verb of headway drive, found "seagate-constellation2-1tb"; known are list,' drive seagate-constellation2-1tb
cli 'expected a verb of headway schema, found "scenarios" (did you mean "scenario"?)' schema scenarios
cli 'expected an option of headway run, found "--ouptut" (did you mean "--output"?)' run scenario.json --ouptut new
cli 'expected an option of headway layout import, found "--extens" (did you mean "--extents"?)' layout import x --extens
cli 'expected an option of headway layout import, found "--outptu" (did you mean "--output"?)' layout import x --outptu=new
cli 'expected an option of headway run, found "-trace" (did you mean "--trace"?)' run scenario.json -trace
cli 'expected an option of headway run, found "-x"; known are --help, -h, --output, -o, --set, --policy' run scenario.json -x
cli 'expected a verb of headway before its options, found "--policy"; known are --help, -h, --version' --policy walk run scenario.json
cli 'headway: run: expected SCENARIO (scenario files), found none' run
cli 'headway: plot: expected --kind (What to draw), found none' plot sound -o new
cli 'headway: report: expected --output (The page to write, .html), found none' report sound
cli 'headway: report: expected nothing more without --compare, found "other"' report sound other -o new
cli 'headway: table: --of: expected a kind of table, found "device"*devices' table sound --of device
cli '--policy: expected a policy of the results, found "wallk" (did you mean "walk"?)' table sound --policy wallk
cli 'headway: report: expected two results to --compare, found 1' report --compare sound -o new
cli 'headway: --seed: expected a seed of the results, found 77' report sound --seed 77 -o new
cli 'headway: run: --output: expected one value, found none' run scenario.json -o
cli 'headway: run: --seed: expected one value, found several' run scenario.json --seed 1 --seed 2 -o new
cli 'headway: run: --seed: expected a whole number, found "one"' run scenario.json --seed one -o new
cli 'headway: run: --seed: expected a whole number, found "-1"' run scenario.json --seed -1 -o new
cli 'headway: run: --seed: expected a whole number, found "18446744073709551616"' run scenario.json --seed 18446744073709551616 -o new
cli 'headway: run: --jobs: expected a whole number from 1 to 4096, found "0"' run scenario.json -j 0 -o new
cli 'headway: run: --jobs: expected a whole number*, found "two"' run scenario.json -j two -o new
cli 'headway: plot: --width: expected a number from 4 to 100, found "9cm"' plot sound --kind compare --width 9cm -o new
cli 'headway: sweep: expected one of --collect and --parts, found both' sweep sweep.json --collect --parts 2 -o new
cli 'headway: drive replay: --max-age-s: expected a number above 0, found "0"' drive replay seagate-constellation2-1tb reads.csv --max-age-s 0 -o new

# Names on the command line.
cli '--policy: scenario.json: expected a policy of the scenario, found "wakl" (did you mean "walk"?)' run scenario.json --policy wakl -o new
cli '--policy: scenario.json: expected a policy of the scenario, found "xfs-sibling"; known are walk, reada-2011, free' run scenario.json --policy xfs-sibling -o new
cli '--kind: expected a kind of figure, found "offset_time" (did you mean "offset-time"?)' plot sound --kind offset_time -o new.pdf
cli '--kind: expected a kind of figure, found "histogram"; known are offset-time, throughput' plot sound --kind histogram -o new.pdf
cli '--metric: expected a metric, found "elapsed" (did you mean "elapsed_s"?)' plot sound --kind compare --metric elapsed -o new.pdf
cli '--policy: expected what one of the runs has, found "wlak" (did you mean "walk"?)' plot sound --kind compare --policy wlak -o new.pdf
cli '--seed: expected a seed, or a range of seeds as 1..20, found "4..2"' plot sound --kind compare --seed 4..2 -o new.pdf
cli '--seed: expected what one of the runs has, found "77"' plot sound --kind compare --seed 77 -o new.pdf
cli '--device: expected a whole number, found "sda"' plot sound --kind compare --device sda -o new.pdf
cli '--workload: expected what one of the runs has, found "file" (did you mean "files"?)' plot sound --kind compare --workload file -o new.pdf
cli '--time: expected a range as 2..5, 2.. or ..5, the lower end first, found "5..2"' plot sound --kind throughput --time 5..2 -o new.pdf
cli '--offset: expected a kind of figure that takes it (offset-time, *), found "compare"' plot sound --kind compare --offset 1..2 -o new.pdf
cli '--facet workload: expected a kind of figure that takes it (*compare*), found "throughput"' plot sound --kind throughput --facet workload -o new.pdf
cli '--facet: expected policy, device, drive or workload, found "polcy" (did you mean "policy"?)' plot sound --kind throughput --facet polcy -o new.pdf
cli '--label: expected one for each of the 1 results, found 2' plot sound --kind compare --label a --label b -o new.pdf
cli 'expected results each of which is given once, found sound twice' plot sound sound --kind compare -o new.pdf
cli '--for: expected what figures are made for, found "acn" (did you mean "acm"?)' plot sound --kind compare --for acn -o new.pdf
cli '--height: expected at least *, found 2' plot sound --kind throughput --height 2 --font-size 16 -o new.pdf
cli '--x-range: expected a range from 0, for a bar*' plot sound --kind compare --x-range 1..2 -o new.pdf
cli 'empty: expected results, or directories with some, found neither' published table empty
cli 'nothing.json: expected a JSON file, found no such file' published ranges nothing.json -o new
cli 'expected one of --check and --update, found both' published table sound --check a --update b
cli '--metric: expected a metric, found "throughput" (did you mean "throughput_bytes_per_s"?)' check sound --metric throughput
cli '--tolerance: expected a metric, found "elapsde_s" (did you mean "elapsed_s"?)' check sound --tolerance elapsde_s=1%
cli '--tolerance: expected a share*or an amount*, found "1 percent"' check sound --tolerance '1 percent'
cli '--format: expected a format, found "msrc" (did you mean "msr"?)' trace info reads.csv --format msrc
cli '--to: expected a format, found "perfeto" (did you mean "perfetto"?)' trace export sound.layout.h5 --to perfeto -o new
cli '--to: expected a format, found "dump_tree" (did you mean "dump-tree"?)' layout export sound.layout.h5 --to dump_tree -o new
cli '--discipline: expected a discipline, found "stpf" (did you mean "sptf"?)' drive replay seagate-constellation2-1tb reads.csv --discipline stpf -o new
cli '--scheduler: expected a scheduler, found "cfq" (did you mean "bfq"?)' drive replay seagate-constellation2-1tb reads.csv --scheduler cfq -o new
cli 'found "seagate-constelation2-1tb" (did you mean "seagate-constellation2-1tb"?)' drive describe seagate-constelation2-1tb
cli 'found "Seagate" (did you mean "seagate-' drive describe Seagate
cli '--tree: expected a tree*, found "ext"' layout info sound.layout.h5 --tree ext
cli 'sound.layout.h5: expected the tree quota, found extent, fs' layout info sound.layout.h5 --tree quota
cli 'sound.layout.h5: trees: expected the tree quota, found extent, fs' layout import sound.layout.h5 --tree quota -o new
cli 'new.xyz: expected *.pdf, .svg, .png*, found ".xyz"' plot sound --kind compare -o new.xyz

# --set. What the value makes of the scenario its reader judges, and says where it came from.
set_() { cli "$1" validate scenario.json --set "$2"; }
set_ '--set: scenario.json: expected PLACE=VALUE, such as *, found "max_in_flight": none' max_in_flight
set_ '--set: scenario.json: expected PLACE=VALUE, such as *, found "": nothing' ''
set_ '--set: scenario.json: expected PLACE=VALUE*found "=4": none' =4
set_ '"/policies/fre/peer_lock=true": no "fre" (did you mean "free"?) in /policies' /policies/fre/peer_lock=true
set_ '"devices.2.count=8": no "2"; known are 0 in /devices' devices.2.count=8
set_ '"workload.fils.tree=fs": no "fils" (did you mean "files"?) in /workload' workload.fils.tree=fs
set_ '"/seed/x=1": no "x", for nothing is there in /seed' /seed/x=1
set_ 'expected ~0 or ~1 behind each ~' /policies/a~2=1
set_ '--set: line 1, column 2: expected JSON' 'devices={'
set_ 'expected text in UTF-8' $'name=\xe4'
set_ 'scenario.json with --set /policies/free/max_in_fligth=4: /policies/free: expected a known key*(did you mean "max_in_flight"?)' policies.free.max_in_fligth=4
set_ 'scenario.json with --set /polices/free/max_in_flight=4: /: expected a known key*(did you mean "policies"?)' /polices/free/max_in_flight=4
set_ 'with --set /devices/0/count=3: /devices: expected*2' devices.0.count=3
set_ 'with --set /policies/free/max_in_flight="many": /policies/free/max_in_flight: expected a whole number' policies.free.max_in_flight=many
cli '--set: sweep.json: expected a place that no axis sets, found "/policies/reada-2011/max_in_flight" beside' sweep sweep.json -o new --set policies.reada-2011.max_in_flight=3
cli '--set: scenario.json: expected a place in*(did you mean "load"?)' run scenario.json -o new --set workload.laod.depth=3
cli '--set: scenario.json: expected a place in*(did you mean "load"?)' emulate scenario.json --image 1=a --set workload.laod.depth=3
cli 'headway: run: --set: expected one value, found none' run scenario.json -o new --set

# Bundles.
cli 'headway: bundle: expected --output (the bundle to write, .tar.zst), found none' bundle scenario.json
cli '--figure: expected a kind of figure, found "compar" (did you mean "compare"?)' bundle scenario.json -o new --figure compar
cli 'expected each scenario once, found it twice' bundle scenario.json ./scenario.json -o new
cli 'drive.json: expected a scenario, found a drive' bundle drive.json -o new
cli 'scenario.json: expected a bundle (`headway bundle` writes them), found text' verify scenario.json
cli 'sound: expected a bundle (`headway bundle` writes them), found a directory' verify sound
cli 'sound.layout.h5: expected a bundle (`headway bundle` writes them), found an HDF5 file' verify sound.layout.h5
cli 'nowhere: expected a bundle (`headway bundle` writes them), found no such file' verify nowhere

# Files that are not there, or no such.
for verb in validate run 'drive describe' sweep 'layout grow -o new' 'layout info' report plot check 'trace info'; do
  options=
  case $verb in run | sweep) options='-o new' ;; report) options='-o new.html' ;; plot) options='--kind compare -o new.pdf' ;; esac
  cli 'nowhere.json*: expected *, found no such file' $verb ./nowhere.json $options
  case $verb in
    report | plot | check) cli 'empty/results.json: expected results (`headway run*, found no such file' $verb empty $options ;;
    *) cli 'empty: expected *, found a directory' $verb ./empty $options ;;
  esac
done
cli 'nowhere.csv: expected *, found no such file' drive replay seagate-constellation2-1tb nowhere.csv -o new
cli 'nowhere.csv: expected *, found no such file' trace info nowhere.csv --format msr
cli 'nowhere.csv: expected *, found no such file' plot nowhere.csv --kind sweep -o new.pdf
cli 'baselines/scenario.json: expected a baseline (`headway check --update` writes one), found no such file' check sound
cli 'nowhere.json: expected a baseline*, found no such file' check sound --against nowhere.json
cli 'sound/walk.1.trace.h5: expected a trace (run with --trace to have one), found no such file' plot sound --kind offset-time -o new.pdf

# No right to read, as a user that is not root.
printf '{}' > secret.json
chmod 0 secret.json
mkdir closed
cp scenario.json closed
chmod 700 closed
nobody=()
[ "$(id -u)" != 0 ] || nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
if "${nobody[@]}" test -x "$headway" && ! "${nobody[@]}" test -r secret.json; then
  secret() { says 'expected *, found Permission denied' "${nobody[@]}" "$headway" "$@"; }
  for verb in validate 'drive describe' 'layout info' sweep check 'trace info' 'trace info --format msr'; do secret $verb ./secret.json; done
  secret report secret.json -o new.html
  secret drive replay seagate-constellation2-1tb ./secret.json
  [ "$(id -u)" != 0 ] || for verb in validate 'layout info' 'trace info' check; do secret $verb closed/scenario.json; done
fi

# Files of another kind.
: > bad.json
for kind in scenario drive sweep grow; do given $kind 'expected a JSON file, found an empty file'; done
cp sound.layout.h5 bad.json
for kind in scenario drive sweep grow; do given $kind 'expected a JSON file, found an HDF5 file'; done
printf '\x89PNG\r\n\x1a\n' > bad.json
given scenario 'expected a JSON file, found a PNG image'
printf '\xff\xfe{\0' > bad.json
given scenario 'expected a JSON file, found text in UTF-16'
{ printf '\xef\xbb\xbf'; sed 's/"walk": {}/"wakl": {}/' scenario.json; } > bad.json
given scenario '/policies/wakl: expected *, found "wakl" (did you mean "walk"?)'
cp drive.json bad.json
given scenario "expected a scenario, found a drive's parameters"
given sweep "expected a sweep, found a drive's parameters"
given grow "expected a layout to grow, found a drive's parameters"
cp scenario.json bad.json
given drive "expected a drive's parameters, found a scenario"
given sweep 'expected a sweep, found a scenario'
given grow 'expected a layout to grow, found a scenario'
cli 'bad.json: expected results*, found a scenario' report bad.json -o new.html
cli 'bad.json: expected results*, found a scenario' check bad.json
cp sweep.json bad.json
given scenario 'expected a scenario, found a sweep'
cp grow.json bad.json
given scenario 'expected a scenario, found a layout to grow'
cp sound/results.json bad.json
given scenario 'expected a scenario, found results'
given sweep 'expected a sweep, found results'
cp sound/timing.json bad.json
cli 'bad.json: expected results*, found the timing of runs' report bad.json -o new.html
printf '[1, 2]' > bad.json
for kind in scenario drive sweep grow; do given $kind '/: expected an object, found \[1,2\]'; done
cli 'sound.layout.h5: expected results*, found an HDF5 file' check sound.layout.h5
cli 'reads.csv: line 1, column 1: expected JSON, found arrival_ms, which is neither' report reads.csv -o new.html
cli 'scenario.json: *expected *, found a file that is not HDF5' trace info scenario.json
cli 'sound.layout.h5: *expected *headway trace*, found headway layout' trace info sound.layout.h5
cli 'drive.json: *expected *, found ' layout info drive.json
cli 'drive.json: line 1: expected a heading with "sector", a line of blkparse, *, found "{"' drive replay seagate-constellation2-1tb drive.json -o new

# JSON as other languages have it.
wrong scenario '/replicates/until/metric: expected a known name, found "elapsed" (did you mean "elapsed_s"?)' 's/"seed": 1,/"seed": 1, "replicates": {"until": {"metric": "elapsed", "half_width": 0.1}},/'
wrong scenario '/replicates/until/metric: expected a known name, found "reads"' 's/"seed": 1,/"seed": 1, "replicates": {"until": {"metric": "reads", "half_width": 0.1}},/'
wrong scenario '/replicates/until/half_width: expected' 's/"seed": 1,/"seed": 1, "replicates": {"until": {"metric": "elapsed_s", "half_width": 0}},/'
wrong scenario '/replicates/until/half_width: expected' 's/"seed": 1,/"seed": 1, "replicates": {"until": {"metric": "elapsed_s", "half_width": -1}},/'
wrong scenario '/replicates/at_most: expected' 's/"seed": 1,/"seed": 1, "replicates": {"until": {"metric": "elapsed_s", "half_width": 0.1}, "at_most": 1},/'
wrong scenario '/replicates/until/relative_to: expected' 's/"seed": 1,/"seed": 1, "replicates": {"until": {"metric": "elapsed_s", "half_width": 0.1, "relative_to": "wlak"}},/'
wrong scenario '/replicates: expected a number of runs, or an object with "until"' 's/"seed": 1,/"seed": 1, "replicates": "many",/'
cli '--until: expected METRIC=HALF-WIDTH' run scenario.json -o new --until elapsed_s
cli '--until: expected a half width above 0' run scenario.json -o new --until elapsed_s=0
cli '--until: /metric: expected' run scenario.json -o new --until elapsd_s=1%
cli 'two policies to compare' run scenario.json -o new --until elapsed_s=1% --policy walk
wrong scenario 'line 16, column 34: expected JSON, found a comma before the closing }' 's/"free": {.*/"free": {"strategy": "walk", }/'
wrong scenario 'line 19, column *: expected JSON, found a comma before the closing ]' 's/"max": 100}/"max": 100},/'
wrong scenario 'line 1, column 3: expected JSON, found a comment, which JSON has none of' '1s,$, // my scenario,'
wrong scenario 'line 4, column 3: expected JSON, found a comment, which JSON has none of' '4s/^/  # seed\n/'
wrong scenario 'line 3, column 11: expected JSON, found a single quote, where JSON has double ones' "s/\"sound\"/'sound'/"
wrong scenario 'line 3, column 11: expected JSON, found a typographic quote, where JSON has plain ones' 's/"sound"/“sound”/'
wrong scenario 'line 4, column 11: expected JSON, found NaN, which is neither in quotes nor a number' 's/"seed": 1/"seed": NaN/'
wrong scenario 'line 16, column 53: expected JSON, found True, which is neither in quotes nor a number, true*' 's/"peer_lock": false/"peer_lock": True/'
wrong scenario 'line 3, column 3: expected JSON, found name, which is neither in quotes' 's/"name": "sound"/name: "sound"/'
wrong scenario 'line 4, column *: expected JSON, found 1_000, which is neither' 's/"seed": 1/"seed": 1_000/'
wrong scenario 'line 4, column *: expected JSON, found no comma between two values' 's/"sound",/"sound"/'
wrong scenario 'line 20, column *: expected JSON, found unexpected end of input' '$d'
wrong scenario 'line 4, column *: expected a number of less than 1.8e308, found 1e999' 's/"seed": 1/"seed": 1e999/'
wrong scenario 'line 5, column 3: expected each key once, found "seed" twice in one object' '4p'
wrong drive 'line 5, column 3: expected each key once, found "rpm" twice in one object' '4p'

# Keys that are missing, unknown or too many.
wrong scenario '/: expected a known key, found "polices" (did you mean "policies"?)' 's/"policies"/"polices"/'
wrong scenario '/: expected an object with "policies", found none' '/"policies"/,/^  },/d'
wrong scenario '/: expected an object with "schema_version", found none' '/schema_version/d'
wrong scenario '/schema_version: expected 1, found 2' 's/_version": 1/_version": 2/'
wrong scenario '/layout: expected either "file" or "synthetic", found none of them' 's/"layout": {.*}/"layout": {}/'
wrong scenario '/devices/0: expected a known key, found "model"; known are drive, count, queue' 's/"drive":/"model":/'
wrong scenario '/devices/0/queue: expected a known key, found "Depth" (did you mean "depth"?)' 's/"depth": 32/"Depth": 32/'
wrong scenario '/workload/0: expected an object with "tree", found none' 's/, "tree": "fs"//'
wrong scenario '/workload/0: expected one of "count" and "keys", found none of them' 's/"enumerate"/"lookup"/'
wrong scenario '/workload/0/count: expected a whole number of look-ups from 1 to *, found 0' 's/"enumerate"/"lookup", "count": 0/'
wrong scenario '/workload/0/count: expected at most * look-ups, as many as there are items in * leaves of *, found 999999' 's/"enumerate"/"lookup", "count": 999999/'
wrong scenario '/workload/0/keys/1: expected a key from the tree*s first on, \[256, 1, 0\], found \[5, 1, 0\]' 's/"enumerate"/"lookup", "keys": [[300, 1, 0], [5, 1, 0]]/'
wrong scenario '/workload/0/tree: expected an object id or a tree*s name, found "block-groups" (did you mean "block-group"?)' 's/"enumerate", "tree": "fs"/"lookup", "count": 1, "tree": "block-groups"/'
wrong scenario '/workload/0/data_bytes_per_leaf: expected at most * bytes, which the data chunks of * have room for behind each of * leaves, found 1000000000' 's/"enumerate"/"send", "data_bytes_per_leaf": 1000000000/'
wrong scenario '/workload/1: expected one of "depth" (a closed loop), "rate_per_s"*, found none of them' 's/"depth": 1, //'
wrong scenario '/workload/1: expected one of "depth" (a closed loop), "rate_per_s"*, found "depth" and "rate_per_s"' 's/"depth": 1,/"depth": 1, "rate_per_s": 5,/'
wrong scenario '/policies/reada-2011: expected a known key, found "max-in-flight" (did you mean "max_in_flight"?)' 's/max_in_flight/max-in-flight/'
wrong scenario '/policies/walk: expected a known key, found "depth"; known are copy, *strategy' 's/"walk": {}/"walk": {"depth": 1}/'
wrong scenario '/expect/0: expected "min", "max" or both, or "equals", found none of them' 's/, "max": 100//'
wrong scenario '/expect/0: expected either bounds or "equals", found "max" and "equals"' 's/"max": 100/"max": 100, "equals": 5/'
wrong scenario '/faults/0: expected an object with "factor", found none' 's/, "factor": 2//'
wrong drive '/: expected a known key, found "rmp" (did you mean "rpm"?)' 's/"rpm": 7200/"rmp": 7200/'
wrong drive '/: expected an object with "sectors", found none' '/"sectors"/d'
wrong drive '/: expected one of "seek_curve_ms", "seek_ms" and "seek_two_piece", found none of them' '/"seek_ms"/d'
wrong drive '/: expected one of "seek_curve_ms", "seek_ms" and "seek_two_piece", found "seek_curve_ms" and "seek_ms"' '/"seek_ms"/s/^/"seek_curve_ms": [[1, 0.5], [49999, 16]],/'
wrong drive '/seek_ms: expected an object with "average", found none' 's/"average": 8, //'
wrong drive '/origins/rpms: expected the origin of a key of this file, found "rpms"' 's/"rpm": "maker/"rpms": "maker/'
wrong sweep '/: expected "grid", "list" or "random", found none of them' -e 's/"scenario.json",/"scenario.json"/' -e '/grid/d'
wrong sweep '/grid/0: expected an object with "values", found none' 's/, "values": \[1, 2\]//'
wrong sweep '/grid/0: expected a known key, found "path"; known are name, pointer, values' 's/"pointer"/"path"/'
wrong grow '/: expected a known key, found "metadata_profil" (did you mean "metadata_profile"?)' 's/metadata_profile/metadata_profil/'
wrong grow '/: expected an object with "devices", found none' '/devices/d'
wrong grow '/trees/0: expected a known key, found "dirs"' 's/"tree": "fs"/"tree": "fs", "dirs": 5/'

# Values of another type, in another unit, out of range.
wrong scenario '/seed: expected a whole number, 0 or more, found "1"' 's/"seed": 1/"seed": "1"/'
wrong scenario '/seed: expected a whole number, 0 or more, found -1' 's/"seed": 1/"seed": -1/'
wrong scenario '/seed: expected a whole number, 0 or more, found 1.5' 's/"seed": 1/"seed": 1.5/'
wrong scenario '/name: expected a name, found ""' 's/"sound"/""/'
wrong scenario '/devices: expected an array, found {"drive":' 's/"devices": \[\({.*}\)\],/"devices": \1,/'
wrong scenario '/devices/0/count: expected a whole number of drives from 1 to 65535, found 0' 's/"count": 2/"count": 0/'
wrong scenario '/devices/0/queue/depth: expected a whole number of commands from 1 to 65536, found 100000' 's/32/100000/'
wrong scenario '/workload/1/request_bytes: expected a whole number of bytes from 512 to *, found "4 KiB"' 's/4096/"4 KiB"/'
wrong scenario '/workload/1: expected "depth" beside "jobs", found none' 's/"depth": 1, /"rate_per_s": 5, "jobs": 2, /'
wrong scenario '/workload/1/jobs: expected at most 655 jobs of depth 100, found 1000' 's/"depth": 1, /"depth": 100, "jobs": 1000, /'
wrong scenario '/workload/1/align_bytes: expected no align_bytes: a sequential*' 's/"random"/"sequential", "align_bytes": 512/'
wrong scenario '/devices/0/queue/fifo_batch: expected no fifo_batch: only the scheduler mq-deadline has batches, found 4' \
  's/"depth": 32/"depth": 32, "fifo_batch": 4/'
wrong scenario '/workload/1/request_bytes: expected whole sectors of 512 bytes, found 4000' 's/4096/4000/'
wrong scenario '/workload: expected an array, found *' -e 's/"workload": \[/"workload": {"a": [/' -e 's/^  \],/  ]},/'
wrong scenario '/policies: expected an object, found \["walk"\]' '/"policies"/,/^  },/c "policies": ["walk"],'
wrong scenario '/policies: expected at least one policy, found {}' '/"policies"/,/^  },/c "policies": {},'
wrong scenario '/policies/reada-2011/max_in_flight: expected *number*, found "four"' 's/"max_in_flight": 4/"max_in_flight": "four"/'
wrong scenario '/policies/reada-2011/max_in_flight: expected *, found -4' 's/"max_in_flight": 4/"max_in_flight": -4/'
wrong scenario '/policies/free/peer_lock: expected *, found 0' 's/"peer_lock": false/"peer_lock": 0/'
wrong scenario '/faults/0/factor: expected a number of times the time from 1 to *, found 0.5' 's/"factor": 2/"factor": 0.5/'
wrong scenario '/faults/0/to_s: expected a date after from_s, found 1' 's/"from_s": 0/"from_s": 3/'
wrong scenario '/buses/0/bytes_per_s: expected a number of bytes per second from 1000 to *, found "6 GB/s"' 's,6e9,"6 GB/s",'
wrong scenario '/expect/0/max: expected a number, found "100 s"' 's/"max": 100/"max": "100 s"/'
wrong scenario '/expect/0: expected a min that is not above the max, found {*' 's/"max": 100/"max": 100, "min": 200/'
wrong drive '/rpm: expected a number of revolutions per minute from 100 to 100000, found "7200 rpm"' 's/7200/"7200 rpm"/'
wrong drive '/rpm: expected a number of revolutions per minute from 100 to *, found 0' 's/7200/0/'
wrong drive '/surfaces: expected a whole number*from 1 to 256, found 4.5' 's/"surfaces": 4/"surfaces": 4.5/'
wrong drive '/seek_ms/average: expected a number of milliseconds from track_to_track to full_stroke, found 18' 's/"average": 8/"average": 18/'
wrong drive '/origins/rpm: expected "ORIGIN: source" with ORIGIN one of maker, *, found "the manual"' 's/maker: manual, page 1/the manual/'
wrong drive '/seek_ms: expected an object, found 8' 's/"seek_ms": {.*}/"seek_ms": 8/'
wrong sweep '/grid/0/values: expected at least one value, found \[\]' 's/\[1, 2\]/[]/'
wrong sweep '/grid/0/values: expected an array, found "1, 2"' 's/\[1, 2\]/"1, 2"/'
wrong sweep '/grid: expected an array, found {' 's/"grid": \[\(.*\)\]$/"grid": \1/'
wrong sweep 'cell 1 (in flight = many): scenario.json: /policies/reada-2011/max_in_flight: expected *, found "many"' 's/\[1, 2\]/[1, "many"]/'
wrong grow '/devices/0/bytes: expected a whole number of bytes from *, found "10 GiB"' 's/10737418240/"10 GiB"/'
wrong grow '/devices/0/count: expected a whole number*, found 0' 's/"count": 2/"count": 0/'
wrong grow '/node_bytes: expected a power of two from 4096 to 65536, found 5000' 's/16384/5000/'
wrong grow '/rounds/0/creates: expected a number of files from 0 to *, found -10' 's/"creates": 10/"creates": -10/'

# Names within files, and what the layout has.
wrong scenario '/devices/0/drive: expected a library drive or a parameter file (\*.json), found "seagate-constelation2-1tb" (did you mean "seagate-constellation2-1tb"?)' 's/constellation2/constelation2/'
wrong scenario '/devices/0/drive: *nowhere.json: expected a JSON file, found no such file' 's/seagate-constellation2-1tb/nowhere.json/'
wrong scenario '/devices/0/queue/discipline: expected a known name, found "SSTF" (did you mean "sstf"?)' 's/sptf/SSTF/'
wrong scenario '/devices: expected 2 drives, as many as *umlr1x2.layout.h5 has devices, found 3' 's/"count": 2/"count": 3/'
wrong scenario '/layout/file: expected a file that can be read, found *nowhere.layout.h5: no such file' 's,umlr1x2,nowhere,'
wrong scenario '/workload/0/kind: expected a known name, found "enumarate" (did you mean "enumerate"?)' 's/"enumerate"/"enumarate"/'
wrong scenario '/workload/0/tree: expected an object id or a tree*, found "ext" (did you mean "extent"?)' 's/"tree": "fs"/"tree": "ext"/'
wrong scenario '/workload/0/tree: expected a tree of *umlr1x2.layout.h5, which has root, extent, chunk, dev, fs, csum, uuid, data-reloc, found quota' 's/"tree": "fs"/"tree": "quota"/'
wrong scenario '/workload/0/tree: expected a tree of *umlr1x2.layout.h5, which has *, found 300' 's/"tree": "fs"/"tree": 300/'
wrong scenario '/workload/0/key_start: expected a key, \[objectid, type, offset\], found "256 INODE_ITEM 0"' 's/"tree": "fs"/"tree": "fs", "key_start": "256 INODE_ITEM 0"/'
wrong scenario '/workload/0/key_start/1: expected a whole number from 0 to 255, found "INODE_ITEM"' 's/"tree": "fs"/"tree": "fs", "key_start": [256, "INODE_ITEM", 0]/'
wrong scenario '/workload/0/key_end: expected a key after key_start, found \[1,0,0\]' 's/"tree": "fs"/"tree": "fs", "key_start": [2, 0, 0], "key_end": [1, 0, 0]/'
wrong scenario '/workload/0/after: *found "load"; there is none to choose from' 's/"tree": "fs"/"tree": "fs", "after": "load"/'
wrong scenario '/workload/1/name: expected a name that no other workload has, found "files"' 's/"load"/"files"/'
wrong scenario '/workload/1/devices: expected *devices of *umlr1x2.layout.h5, which has 1 2, found 0' 's/"depth": 1,/"depth": 1, "devices": [0],/'
wrong scenario '/workload/1/pattern: expected a known name, found "rand" (did you mean "random"?)' 's/"random"/"rand"/'
wrong scenario '/faults/0/device: expected a device of *umlr1x2.layout.h5, which has 1 2, found 3' 's/"device": 1/"device": 3/'
wrong scenario '/faults/0/kind: expected a known name, found "broken"; known are *gone' 's/"slow"/"broken"/'
wrong scenario '/buses/0/devices: expected a device of *umlr1x2.layout.h5, which has 1 2, found 0' 's/\[1, 2\]/[0, 1]/'
wrong scenario '/buses/0/devices/1: expected each device once, found 1' 's/\[1, 2\]/[1, 1]/'
wrong scenario '/policies/wakl: expected the name of a policy*, found "wakl" (did you mean "walk"?)' 's/"walk": {}/"wakl": {}/'
wrong scenario '/policies/free/strategy: expected a known *, found "reada2011" (did you mean "reada-2011"?)' 's/"strategy": "reada-2011"/"strategy": "reada2011"/'
wrong scenario '/baseline: expected a known name, found "xfs"; known are walk, reada-2011, free' 's/"baseline": "walk"/"baseline": "xfs"/'
wrong scenario '/expect/0/policy: expected a known name, found "wlak" (did you mean "walk"?)' 's/"policy": "walk"/"policy": "wlak"/'
wrong scenario '/expect/0/metric: expected a known name, found "elapsed_ms" (did you mean "elapsed_s"?)' 's/elapsed_s/elapsed_ms/'
wrong drive '/kind: expected a known name, found "HDD"; known are mechanical, solid-state, constant' 's/mechanical/HDD/'
wrong sweep '/scenario: expected a scenario*, found nowhere.json: no such file' 's/scenario.json/nowhere.json/'
wrong sweep '/grid/0/pointer: expected a place in scenario.json*, found "/polices/walk": no "polices" (did you mean "policies"?)' 's,"/policies/.*flight","/polices/walk",'
wrong sweep '/grid/0/pointer: expected a JSON pointer, such as *, found "policies.walk"' 's,"/policies/.*flight","policies.walk",'
wrong sweep '/grid/0/pointer: expected a place in *, found "/devices/1/drive": no "1"; known are 0' 's,"/policies/.*flight","/devices/1/drive",'
wrong sweep '/grid/0/name: expected a name that no other column of the table has, found "seed"' 's/in flight/seed/'
wrong grow '/metadata_profile: expected a known name, found "raid-1" (did you mean "RAID1"?)' 's/"RAID1"/"raid-1"/'
wrong grow '/trees/1/tree: expected each tree once, found "fs"' 's/"extent"/"fs"/'
wrong grow '/trees/1/tree: expected an object id or a tree*, found "extents" (did you mean "extent"?)' 's/"extent"/"extents"/'
wrong grow '/devices: expected *RAID6*, found 2' 's/"RAID1"/"RAID6"/'

# Tables.
printf 'time,sector,sectors\n0,1,8\n' > bad.csv
cli 'bad.csv: line 1: expected a column "arrival_ms", found "time,sector,sectors"' drive replay seagate-constellation2-1tb bad.csv -o new
printf 'arrival_ms,sector,sectors\n0,1,8\n1,eight,8\n' > bad.csv
cli 'bad.csv: line 3: expected a number in "sector", found "eight"' drive replay seagate-constellation2-1tb bad.csv -o new
printf 'arrival_ms,sector,sectors\n0,1\n' > bad.csv
cli 'bad.csv: line 2: expected 3 columns, found 2' drive replay seagate-constellation2-1tb bad.csv -o new
printf 'a,policy,seed,status,elapsed\n1,walk,1,ok,5\n' > bad.csv
cli 'bad.csv: line 1: expected *metric*, found "elapsed" (did you mean "elapsed_s"?)' plot bad.csv --kind sweep -o new.pdf
cli 'sound/results.json: expected the results of one sweep*, found those of a scenario' plot sound --kind sweep -o new.pdf

# Emulated drives, and drives that are measured.
truncate -s 1M small.img
cli '--image: expected one for each of 2 devices, found none for device 2' emulate scenario.json --image 1=small.img
cli '--image: expected DEVID=FILE, found "small.img"' emulate scenario.json --image small.img
cli '--image: expected a device from 1 to 2, as the scenario has them, found 3' emulate scenario.json --image 3=small.img
cli '--image: expected one image a device, found two for device 1' emulate scenario.json --image 1=small.img --image 1=small.img
cli 'none.img: expected an image that can be read, found No such file or directory' emulate scenario.json --image 1=none.img
cli 'empty: expected an image file or a block device, found something else' emulate scenario.json --image 1=empty
cli 'expected a fate of writes, found "away"; known are discard, keep' emulate scenario.json --image 1=small.img --writes away
cli '--speed' emulate scenario.json --image 1=small.img --speed 0
cli 'nowhere: expected a directory, found none' emulate scenario.json --image 1=small.img --image 2=small.img --log nowhere
cli 'reads.csv: expected a name for a socket that nobody has, found a file' emulate scenario.json --image 1=small.img \
  --image 2=small.img --socket reads.csv
cli 'nowhere: expected a block device or an image file, found No such file or directory' drive probe nowhere -o new
cli 'empty: expected a block device or an image file, found neither' drive probe empty -o new
cli 'small.img: expected ' drive probe small.img -o new
cli '--minutes' drive probe small.img -o new --minutes 0

echo "$count mistakes, $failures with another answer"
[ "$failures" = 0 ]
