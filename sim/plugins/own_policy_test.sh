#!/usr/bin/env bash
# own_policy_test.sh BUILD SOURCE: the example repository, copied elsewhere, built against headway as it is installed
# from BUILD into a prefix of its own, and run.
set -euo pipefail
build=$1
source=$2
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"
fail() { echo "FAILED: $*" >&2; exit 1; }

cmake --install "$build" --prefix "$directory/prefix" > install.txt
cp -r "$directory/prefix/share/headway/scenarios/own-policy" mine
cd mine
cmake -B build -DCMAKE_PREFIX_PATH="$directory/prefix" > cmake.txt
cmake --build build --verbose > build.txt 2>&1 || { cat build.txt >&2; fail "it does not build"; }
! grep -q "$source" build.txt || fail "it is built with files of ours"
PATH=$directory/prefix/bin:$PATH
headway run elevator.json -o results > out.txt || { cat out.txt >&2; fail "it does not run as expected"; }
grep -q '^elevator ' out.txt || fail "no row of its own"
ctest --test-dir build > ctest.txt || { cat ctest.txt >&2; fail "its tests fail"; }
grep -q '100% tests passed, 0 tests failed out of 2' ctest.txt || fail "not all of its tests ran"

# Without another word about it, a headway with other headers does not take it.
sed -i 's/HEADWAY_INTERFACE_DIGEST "./&x/' "$directory/prefix/include/headway/core/interface_digest.h"
cmake --build build > build.txt 2>&1
code=0
headway run elevator.json -o results > out.txt 2> said.txt || code=$?
[ "$code" = 2 ] && grep -q 'built against other headers' said.txt || { cat said.txt >&2; fail "code $code"; }
echo "the example repository: all is as it should be"
