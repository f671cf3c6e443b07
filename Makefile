# The commands of this repository. What CI runs is what a person runs.

PORT ?= 8080
DATA ?=
export PORT DATA

# A first use of the SDK neither greets nor installs a development certificate.
export DOTNET_NOLOGO = 1
export DOTNET_GENERATE_ASPNET_CERTIFICATE = false

test_packages = dotnet-sdk postgresql python3-aiosmtpd nodejs npm chromium fonts-noto-core

.PHONY: help run build test test-fast coverage bench format

help:
	@echo 'make run        build and serve on http://localhost:$(PORT); Ctrl-C stops it'
	@echo '                PORT=8081 and DATA=/some/folder serve elsewhere than on 8080 and from .data'
	@echo 'make test       run all tests'
	@echo 'make test-fast  run all but the slow tests (at most 90 seconds)'
	@echo 'make coverage   run all tests and print the share of lines that they execute'
	@echo 'make bench      measure the server against ceilings of the same run; BENCH_QUICK=1 for a rough look'
	@echo 'make build      compile everything, warnings being errors'
	@echo 'make format     put the code into the form that the build asks for'

run:
	@exec deploy/serve-development

build:
	@deploy/install-packages dotnet-sdk
	dotnet build Gatehouse.slnx --configuration Release

test:
	@deploy/install-packages $(test_packages)
	@exec tests/run

test-fast:
	@deploy/install-packages $(test_packages)
	@exec tests/run --filter 'Speed!=Slow'

coverage:
	@deploy/install-packages $(test_packages)
	@exec tests/coverage

bench:
	@exec tests/bench

format:
	@deploy/install-packages dotnet-sdk
	dotnet format Gatehouse.slnx
