# Set-up, build and the first things to do. `make run` and `make test` are all that a fresh Debian 12 machine needs.

# What the program builds with and calls, by Debian's package names.
PACKAGES = g++ cmake ninja-build \
  libsimgrid-dev libhdf5-dev libzstd-dev liblzma-dev zlib1g-dev libbz2-dev libgcrypt20-dev libxxhash-dev libfmt-dev libutf8proc-dev \
  libboost-dev libboost-context-dev liburing-dev libarchive-dev libisal-dev nbdkit nbdkit-plugin-dev libeigen3-dev linux-libc-dev pybind11-dev python3-dev nlohmann-json3-dev libcli11-dev doctest-dev libvalijson-dev libbenchmark-dev \
  gnuplot-nox fonts-dejavu-core
# What only tests call: the tools that exports are held against, and file systems to import.
TEST_PACKAGES = valgrind btrfs-progs zstd blktrace fio pajeng time libxml2-utils cmark-gfm libnbd-bin fuse3 jq man-db pkg-config python3
# What packs Debian's packages of what was built.
DEB_PACKAGES = dpkg-dev file
# A compiler with sanitizers that costs half of what g++'s do to build, and has a fuzzer.
SANITIZER_PACKAGES = clang-16 libclang-rt-16-dev

BUILD = build
HEADWAY = $(BUILD)/sim/headway
FIRST = scenarios/first-look.json
OUT = out/first-look

.PHONY: published published-table run test build build-tests deb configure setup setup-test setup-sanitizers setup-deb debug asan mutants fuzz fuzz-readers fuzz-scenarios scale validate bench live-test schemas clean

run: build
	$(HEADWAY) run $(FIRST) -o $(OUT) --trace
	$(HEADWAY) plot $(OUT) --kind offset-time -o $(OUT)/offset-time.pdf
	$(HEADWAY) plot $(OUT) --kind offset-time -o $(OUT)/offset-time.png
	@echo "Results: $(OUT)/results.json   Figure: $(OUT)/offset-time.pdf and .png"

test: setup-test build-tests
	ctest --preset release

# The program alone, as users have it; the tests are built when they are wanted.
build: setup configure
	cmake --build --preset release --target headway

build-tests: setup configure
	cmake --build --preset release --target headway tests

# Debian's packages, in build/packages, of a commit always the same; held against Debian's rules where lintian is installed.
deb: setup-deb build
	rm -rf $(BUILD)/packages
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct 2>/dev/null || date +%s) cpack --config $(BUILD)/CPackConfig.cmake
	@if command -v lintian >/dev/null; then lintian --allow-root --fail-on error $(BUILD)/packages/*.deb; \
	  else echo "Not held against Debian's rules: lintian is not installed"; fi

configure: setup
	@test -f $(BUILD)/build.ninja || cmake --preset release

setup:
	@.ci/install-packages $(PACKAGES)

setup-test: setup
	@.ci/install-packages $(TEST_PACKAGES)

# All tests with assertions.
debug: setup-test
	cmake --preset debug && cmake --build --preset debug --target headway tests && ctest --preset debug

# All unit tests with assertions, sanitizers and a checking standard library: a tenth of the random cases, since each
# takes several times as long, but 100 random scenarios.
asan: setup-sanitizers
	cmake --preset asan+ubsan && cmake --build --preset asan+ubsan
	HEADWAY_CASES=50 ctest --preset asan+ubsan

setup-sanitizers: setup-test
	@.ci/install-packages $(SANITIZER_PACKAGES)

setup-deb: setup
	@.ci/install-packages $(DEB_PACKAGES)

# Breaks one line after the other and says which test turned red: all, or those of which ONLY names a part.
mutants: setup-test
	.ci/mutants-run $(ONLY)

# Each reader of layouts and traces on hostile input, for FUZZ_SECONDS each. CI does it shortly, on what `make asan` built.
FUZZ_SECONDS = 600
fuzz-readers: setup-sanitizers
	cmake --preset fuzz && cmake --build --preset fuzz
	.ci/fuzz build-fuzz $(FUZZ_SECONDS)

# Random valid scenarios, for so many seconds: another SCENARIO_SEED makes others.
SCENARIO_SECONDS = 3600
SCENARIO_SEED = 1
fuzz-scenarios: build-tests
	HEADWAY_SECONDS=$(SCENARIO_SECONDS) HEADWAY_SEED=$(SCENARIO_SEED) $(BUILD)/sim/sim_test --test-case='random scenarios*'

# The readers, an hour of random scenarios, 10,000 random cases of the engine against its plain twin, and as many of the
# bound against every way to read a few blocks.
fuzz: fuzz-readers fuzz-scenarios
	HEADWAY_CASES=10000 $(BUILD)/core/core_test --test-case='*plain twin*'
	HEADWAY_CASES=10000 $(BUILD)/sim/sim_test --test-case='a few blocks*'

# Makers' figures against ours, and every yardstick of results/validation with its bound.
validate: build-tests
	$(HEADWAY) drive list --sheet
	$(BUILD)/models/models_test --test-case='*yardstick*'

# Ten million blocks, grown, written, read and simulated: seconds a stage and memory.
scale: build
	mkdir -p out/scale
	/usr/bin/time -f 'grow: %e s, %M KiB' $(HEADWAY) layout grow scenarios/grow/ten-million.json -o out/scale/ten-million.layout.h5
	/usr/bin/time -f 'info: %e s, %M KiB' $(HEADWAY) layout info out/scale/ten-million.layout.h5
	/usr/bin/time -f 'run: %e s, %M KiB' $(HEADWAY) run scenarios/bench/ten-million.json -o out/scale

# Every benchmark five times, ratios between them, and the targets. Wants an otherwise idle machine.
bench: build
	cmake --build $(BUILD) --target headway_bench
	mkdir -p out/bench
	$(BUILD)/sim/headway_bench --benchmark_out=out/bench/bench.json --benchmark_out_format=json

# The scenarios that publish something, and those that they are relative to.
PUBLISHING = $(wildcard scenarios/published/*.json scenarios/claims/*.json)

# Whether the ranges that scenarios state of published figures are what their sweeps find: some minutes.
published: build
	$(HEADWAY) published ranges $(PUBLISHING) -o out/ranges

# The table of published figures in scenarios/published/README.md, of their runs.
published-table: build
	rm -rf out/published
	$(HEADWAY) run $(PUBLISHING) -o out/published
	$(HEADWAY) published table out/published --update scenarios/published/README.md

# A file system on emulated drives, imported, simulated, read live, and by the running kernel. Needs root, FUSE and loop
# devices; says so and does nothing without.
live-test: setup-test build
	@sim/emulate/loop_test.sh $(HEADWAY) || { code=$$?; [ $$code = 77 ] || exit $$code; }

# The JSON Schemas beside the files that they describe, from the program's tables.
schemas: build
	sed -n 's/.*{"\([a-z]*\)", "\([^"]*\.schema\.json\)".*/\1 \2/p' sim/cli/schemas.cpp | \
	  while read -r kind file; do $(HEADWAY) schema $$kind > $$file; done

clean:
	rm -rf build build-debug build-asan build-mutants build-fuzz out
