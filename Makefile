# Set-up, build and the first things to do. `make run` and `make test` are all that a fresh Debian 12 machine needs.

# What the program builds with and calls, by Debian's package names.
PACKAGES = g++ cmake ninja-build \
  libsimgrid-dev libhdf5-dev libzstd-dev liblzma-dev zlib1g-dev libgcrypt20-dev libxxhash-dev libfmt-dev \
  libboost-dev nlohmann-json3-dev libcli11-dev doctest-dev libvalijson-dev libbenchmark-dev gnuplot-nox
# What only tests call.
TEST_PACKAGES = btrfs-progs zstd

BUILD = build
HEADWAY = $(BUILD)/sim/headway
FIRST = scenarios/first-look.json
OUT = out/first-look

.PHONY: run test build setup setup-test debug asan clean

run: build
	$(HEADWAY) run $(FIRST) -o $(OUT) --trace
	$(HEADWAY) plot $(OUT) --kind offset-time -o $(OUT)/offset-time.pdf
	$(HEADWAY) plot $(OUT) --kind offset-time -o $(OUT)/offset-time.png
	@echo "Results: $(OUT)/results.json   Figure: $(OUT)/offset-time.pdf and .png"

test: setup-test build
	ctest --preset release

build: setup
	@test -f $(BUILD)/build.ninja || cmake --preset release
	cmake --build --preset release

setup:
	@.ci/install-packages $(PACKAGES)

setup-test: setup
	@.ci/install-packages $(TEST_PACKAGES)

debug: setup-test
	cmake --preset debug && cmake --build --preset debug && ctest --preset debug

asan: setup-test
	cmake --preset asan+ubsan && cmake --build --preset asan+ubsan && ctest --preset asan+ubsan

clean:
	rm -rf build build-debug build-asan out
