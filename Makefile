# Every target sets up what it needs (tools/setup.sh) and re-uses what is there.
.DEFAULT_GOAL := help
.PHONY: help demo demo-s3 build test test-s3 test-faults test-s3-faults package check bench bench-quick bench-s3 bench-overwrite bench-inputs bench-micro bench-publish renew-bounds format clean

BIN := build/release/partita

# ccache works without a configuration file of its own.
export CCACHE_BASEDIR ?= $(CURDIR)
export CCACHE_SLOPPINESS ?= pch_defines,time_macros,include_file_mtime,include_file_ctime
export CCACHE_MAXSIZE ?= 5G

help:  ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

demo: build  ## generate data, crawl it, run the reference job, show the result
	@tools/demo.sh $(BIN)

demo-s3: build  ## the same from a bucket into a bucket, on a MinIO of its own
	@tools/setup.sh test
	@tools/servers.sh minio
	@.venv/bin/python tests/e2e/s3_servers.py --bucket demo tools/demo_s3.sh $(BIN)

build:  ## the release binary, build/release/partita
	@tools/setup.sh build
	@tools/build.sh release partita

test:  ## every test: style, ASan+UBSan unit tests, end-to-end tests of the release binary
	@tools/setup.sh test
	@tools/ci.sh test

test-s3: build  ## every test of S3, also those that make test leaves out: a second server, real Spark, each fault
	@tools/setup.sh test
	@tools/servers.sh minio versitygw toxiproxy duckdb
	@.venv/bin/python -m pytest tests/e2e/test_s3*.py -q -p no:cacheprovider

check:  ## make test, then ThreadSanitizer, clang-tidy, fuzzers and coverage
	@tools/setup.sh check
	@tools/ci.sh check

test-faults: build  ## every crash point of a commit, random kills of real jobs, racing writers; 20 to 60 minutes
	@tools/setup.sh check
	@tools/build.sh dev fault_test
	@tools/test_faults.sh

test-s3-faults: build  ## S3: kill -9 at every request of a job, racing writers, a bad network; an hour or so
	@tools/setup.sh test
	@tools/servers.sh minio toxiproxy
	@tools/test_s3_faults.sh

package: build  ## a tarball that runs without Python and without a compiler
	@tools/package.sh

bench: build  ## ours, the floor and eight other tools side by side, then the micro benchmarks; hours
	@tools/setup.sh test
	@bench/peers/setup.sh all
	@tools/build.sh bench
	@tools/bench.sh jobs
	@tools/bench.sh micro

bench-quick: build  ## a few cases of it at 1 M rows against three tools
	@tools/setup.sh test
	@bench/peers/setup.sh quick
	@tools/build.sh bench partita_floor
	@tools/bench.sh quick

bench-s3: build  ## jobs that write to MinIO against plain client threads making the same calls
	@tools/setup.sh test
	@tools/servers.sh minio
	@tools/build.sh bench partita_s3_floor
	@.venv/bin/python bench/s3/run.py

bench-overwrite: build  ## what an overwrite takes against a plain write, in pairs, on this disk and in memory
	@bench/overwrite/run.py disk memory

bench-inputs: build  ## 10,000 small compressed files beside DuckDB, and one big CSV file through a crawl
	@tools/setup.sh test
	@.venv/bin/python bench/inputs/run.py

bench-micro:  ## the micro benchmarks alone
	@tools/setup.sh test
	@tools/build.sh bench
	@tools/bench.sh micro

bench-publish:  ## put what make bench measured into docs/performance.md
	@tools/bench.sh publish

renew-bounds: build  ## store today's instruction counts as the bounds that make test keeps
	@tools/setup.sh test
	@tools/count_instructions.py --renew

format:  ## format the C++ sources
	@tools/setup.sh test
	@tools/check_style.sh --fix

clean:  ## remove what was built; .venv and the compiler cache stay
	rm -rf build
