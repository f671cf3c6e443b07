# The commands of this repository. CI runs the same commands as developers.

PORT ?= 8080
DATA ?=
SPLIT ?=
export PORT DATA

# On first use the SDK prints no greeting and installs no development certificate.
export DOTNET_NOLOGO = 1
export DOTNET_GENERATE_ASPNET_CERTIFICATE = false

test_packages = dotnet-sdk postgresql python3-aiosmtpd nodejs npm chromium-headless-shell fonts-noto-core redis-server docker-compose python3-grpcio

.PHONY: help run examples build test test-fast coverage bench format

help:
	@echo 'make run        build and start the server on http://localhost:$(PORT); Ctrl-C stops it'
	@echo '                PORT=8081 and DATA=/some/folder change the port and the data folder;'
	@echo '                SPLIT=1 runs a user service and a notification service with a broker between them'
	@echo 'make examples   run it with the roles of a food-delivery system and the adapter for its older services beside it'
	@echo 'make test       run all tests'
	@echo 'make test-fast  run all but the slow tests'
	@echo 'make coverage   run all tests and print the share of lines that they execute'
	@echo 'make bench      benchmark the server; BENCH_QUICK=1 for a quick run,'
	@echo '                BENCH_BASELINE=a commit to measure that build in turn with this one'
	@echo 'make build      compile everything; warnings are errors'
	@echo 'make format     format the code'

run:
	@exec deploy/$(if $(SPLIT),serve-split,serve-development)

examples:
	@exec examples/serve

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
	dotnet tool restore --verbosity quiet
	dotnet csharpier format .
