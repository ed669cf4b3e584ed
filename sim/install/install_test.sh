#!/usr/bin/env bash
# What `cmake --install` leaves: the whole list, found wherever it is moved to, a manual that man takes, completions
# that complete, headers that stand alone, and one version everywhere. Takes the build directory and the sources.
set -euo pipefail
build=$(realpath "$1") sources=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }

# A place that cannot be written is named. Root may write everywhere: a file stands where a folder should be.
touch "$work/in-the-way"
if cmake --install "$build" --prefix "$work/in-the-way/usr" > "$work/said" 2>&1; then fail "installed below a file"; fi
grep -q "$work/in-the-way" "$work/said" || fail "the place that cannot be written is not named: $(cat "$work/said")"

cmake --install "$build" --prefix "$work/first" > /dev/null
mv "$work/first" "$work/moved"
prefix=$work/moved
headway=$prefix/bin/headway

# The list, without what there are many of.
(cd "$prefix" && find . -type f -o -type l) | sed 's|^\./||' | sort > "$work/files"
for file in bin/headway include/headway/core/strategy.h lib/cmake/headway/headwayConfig.cmake \
            lib/cmake/headway/headwayConfigVersion.cmake share/pkgconfig/headway.pc share/man/man1/headway.1 \
            share/man/man1/headway-run.1 share/man/man1/headway-layout.1 share/doc/headway/{README.md,LICENSE} \
            share/doc/headway/{CHANGELOG.md,CITATION.cff} share/bash-completion/completions/headway \
            share/zsh/site-functions/_headway share/fish/vendor_completions.d/headway.fish \
            share/headway/scenarios/first-look.json share/headway/scenarios/captures/r10x4.layout.h5 \
            share/headway/drives/seagate-constellation2-1tb.json \
            share/headway/schemas/{scenario,sweep,grow,drive}.schema.json; do
  grep -qx "$file" "$work/files" || fail "$file is not installed"
done
for built in "$build"/sim/headway-*.so; do  # as far as it was built
  grep -qx "lib/headway/${built##*/}" "$work/files" || fail "${built##*/} is not installed"
done
others=$(grep -vE -e '^bin/headway$' -e '^lib/(headway|cmake/headway)/' -e '^include/headway/core/' \
  -e '^share/(headway|doc/headway|pkgconfig|bash-completion|zsh|fish)/' -e '^share/man/man1/headway' \
  "$work/files" || true)
[ -z "$others" ] || fail "installed elsewhere: $others"
# The repository of one's own is there to be copied, with all that is in it.
if grep -v '/own-policy/' "$work/files" | grep -E '(_test\.|/testing/|CMakeLists)'; then fail "that is for those who build headway"; fi

# Nothing remembers where it was built or first installed.
if grep -rlF -e "$build" -e "$work/first" "$prefix" --include=*.cmake --include=*.pc; then
  fail "that remembers its place"
fi
for binary in "$headway" "$prefix"/lib/headway/*.so*; do
  paths=$(readelf -d "$binary" | sed -n 's/.*R\(UN\)\?PATH).*\[\(.*\)\]/\2/p')
  case $paths in '' | '$ORIGIN' | '$ORIGIN/../lib/headway') ;; *) fail "$binary looks into $paths" ;; esac
done

# From where it lies now, called from anywhere.
cd "$work"
version=$(sed -n 's/^project(headway VERSION \([0-9.]*\).*/\1/p' "$sources/CMakeLists.txt")
"$headway" --version > versions
[ "$(head -1 versions)" = "headway $version" ] || fail "version $(head -1 versions), not $version"
for fact in 'commit [0-9a-f]{7,}|commit unknown' 'SimGrid [0-9]+\.[0-9]+\.[0-9]+' 'schema of scenario [0-9]+' \
            'schema of results\.json [0-9]+' 'schema of layout\.h5 [0-9]+' 'schema of trace\.h5 [0-9]+'; do
  grep -qxE "$fact" versions || fail "--version does not say $fact"
done
grep -qx "version: $version" "$sources/CITATION.cff" || fail "CITATION.cff is of another version than $version"
for key in cff-version message title authors; do
  grep -q "^$key:" "$sources/CITATION.cff" || fail "CITATION.cff lacks $key"
done
grep -qE "^## \[(Unreleased|$version)\]" "$sources/CHANGELOG.md" || fail "CHANGELOG.md has nothing of $version"
"$headway" run "$prefix/share/headway/scenarios/first-look.json" --policy reada-2011 -o out > /dev/null
grep -q '"schema_version": 1' out/results.json

# Headers by themselves, as pkg-config has them found.
if command -v pkg-config > /dev/null; then
  export PKG_CONFIG_PATH=$prefix/share/pkgconfig
  [ "$(pkg-config --modversion headway)" = "$version" ] || fail "pkg-config's version"
  [ "$(realpath "$(pkg-config --variable=program headway)")" = "$headway" ] || fail "pkg-config's program"
  flags=$(pkg-config --cflags headway)
else
  flags=-I$prefix/include/headway
fi
(cd "$prefix/include/headway" && find core -name '*.h' | sort | sed 's/.*/#include "&"/') > all_headers.cpp
${CXX:-c++} -std=c++20 $flags -fsyntax-only -Wall -Wextra -Werror all_headers.cpp || fail "the headers are not whole"

# The CMake package, of this version and no other. Without a compiler: what is found is all that is asked.
cat > CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(consumer LANGUAGES NONE)
find_package(headway ${wanted} REQUIRED)
get_target_property(program headway::headway LOCATION)
get_target_property(includes headway::core HEADER_DIRS)
message(STATUS "found ${program} ${includes} ${headway_DATA_DIR}")
END
cmake -B consumer -DCMAKE_PREFIX_PATH="$prefix" -Dwanted="${version%.*}" > said 2>&1 || fail "$(cat said)"
grep -qxF -- "-- found $headway $prefix/include/headway $prefix/share/headway" said || fail "$(cat said)"
if cmake -B consumer -DCMAKE_PREFIX_PATH="$prefix" -Dwanted=9.9 > said 2>&1; then fail "a version of another kind"; fi
grep -q "version: $version" said || fail "$(cat said)"

"$sources/sim/install/manual_test.sh" "$headway"
"$sources/sim/install/completion_test.sh" "$headway"

# A release's notes: of a tag that is what all files say, and of no other.
mkdir -p release/.ci
cp "$sources"/{CMakeLists.txt,CITATION.cff,CHANGELOG.md} release
cp "$sources/.ci/release-notes" release/.ci
sed -i "s/^## \[Unreleased\]/## [$version] - 2026-12-01/" release/CHANGELOG.md
release/.ci/release-notes "v$version" | grep -qx '### Added' || fail "a release has no notes"
if release/.ci/release-notes v9.9.9 > said 2>&1; then fail "notes of a version that is none"; fi
grep -q 'CMakeLists.txt is not of version 9.9.9' said || fail "$(cat said)"
