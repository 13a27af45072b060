# The one door: every way to build, test and run Apus is a target here. `make` alone lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift

# A target that imports what it did not declare would build or not depending on the order of the build. Colours are a flag
# of the compiler, so a build on a terminal and one through a pipe would each undo the other.
STRICT := --explicit-target-dependency-import-check error --no-color-diagnostics
# A static executable has no library to look for at start-up; linking C libraries into one needs lld (docs/decisions/0003).
# Each function gets a section of its own, so that the linker can drop and move it, and nothing is kept for programs that
# would link against this one. ORDERED folds functions that are the same and lays side by side what a start needs.
# docs/decisions/0009 has the figures.
PARTED := -c release --static-swift-stdlib -Xswiftc -use-ld=lld \
  -Xswiftc -Xfrontend -Xswiftc -function-sections -Xswiftc -Xfrontend -Xswiftc -internalize-at-link
LINK_ORDER := $(abspath scripts/link-order.txt)
ORDERED := -Xlinker --icf=all -Xlinker --symbol-ordering-file=$(LINK_ORDER) -Xlinker --no-warn-symbol-ordering
# Looked through first: executables that load libraries, and so can't be static as a whole, still link these in.
STATIC := $(abspath .build/static)
RELEASE := $(PARTED) $(ORDERED) -Xlinker -L$(STATIC)
FORMATTED := $(wildcard Sources Functions Tests Benchmarks Snippets Package.swift)
BIN = $(abspath .build/release)
# Executables to install: products of type executable that are ours to ship. Functions are deployed, not installed.
INSTALLED := apus apus-gateway apus-watchdog

say = @printf '==> %s\n' "$(1)"

.PHONY: help up test soak chaos check build bench link-order install install-strip asan tsan format clean packages-build

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

packages-build:
	@scripts/install-packages build
	@scripts/pack-cascades

up: build ## build, then run Apus with the stack's functions in the foreground; Ctrl-C stops it
	$(call say,starting)
	@exec $(BIN)/apus up

# The executables keep their symbols: a crash report without function names helps nobody, and debug sections are never
# loaded, so they cost neither start-up time nor memory. `make install-strip` trades them for a smaller file.
build: packages-build ## release executables in .build/release
	$(call say,building for release)
	@scripts/static-libraries $(STATIC)
	@$(SWIFT) build $(RELEASE) $(STRICT)

# One test at a time: several suites count the process's descriptors or block on sockets of their own, and two cores gain
# nothing from running them side by side. As root the suites that a user's rights decide run as an ordinary user first; the
# last words are the whole run's.
AS_USER := ^EndToEndTests\.|^ApusLauncherTests\..*(solat|groups|resources)
TEST = $(SWIFT) test --disable-xctest --no-parallel --skip-build
test: packages-build ## build and run every test
	@scripts/install-packages test || echo "==> going on without what is missing"
	@scripts/test-systems
	$(call say,building the tests)
	@$(SWIFT) build --build-tests $(STRICT)
	@[ "$$(id -u)" -ne 0 ] || printf '==> running the gateway and isolation as an ordinary user\n'
	@scripts/test-as-user "$$($(SWIFT) build --show-bin-path)" '$(AS_USER)'
	$(call say,running the tests)
	@$(TEST)

# The suites that count what is left behind, with APUS_SOAK to make them long: 100,000 requests, 5,000 processes, 200 kills.
soak: packages-build ## the suites that look for leaks and losses, in their long form
	@scripts/install-packages test || echo "==> going on without what is missing"
	$(call say,building the tests)
	@$(SWIFT) build --build-tests $(STRICT)
	$(call say,running the long tests)
	@APUS_SOAK=1 $(TEST) --filter 'in the long run|Many children|killed at any instant'

# Each of these has a short form within `make test`.
chaos: packages-build ## kills, full disks, damaged files, peers that go away, changes under load: the long form
	@scripts/install-packages test || echo "==> going on without what is missing"
	$(call say,building the tests)
	@$(SWIFT) build --build-tests $(STRICT)
	$(call say,running the long tests)
	@APUS_SOAK=1 $(TEST) --filter 'killed at any instant|A gateway in trouble|A change under load|What a replica started'

check: packages-build ## format, warnings as errors, and the house rules
	$(call say,format)
	@$(SWIFT) format lint --strict --parallel --recursive --configuration .swift-format $(FORMATTED)
	$(call say,warnings)
	@$(SWIFT) build --build-tests $(STRICT)
	$(call say,house rules)
	@$(SWIFT) test --disable-xctest --skip-build --filter TidyTests

# Debian keeps this Go out of PATH. A peer that is missing makes a threshold unmeasured, and --strict counts that as a miss.
BENCH ?= all
bench: packages-build ## measure against nginx, Go and C; fails below a threshold (BENCH="server --rounds 9" for one)
	@scripts/install-packages bench
	@$(MAKE) build
	$(call say,measuring)
	@status=0; \
	[ '$(BENCH)' = accounts ] || PATH="$$PATH:/usr/lib/go-1.19/bin" $(BIN)/bench $(BENCH) --strict || status=$$?; \
	case '$(BENCH)' in all|accounts) python3 Benchmarks/accounts/accounts.py $(BIN) || status=$$?;; esac; \
	exit $$status

# hello is the program to follow: what it needs is what every function needs. The order matters to speed alone, so a list
# that is behind its sources costs a little of it and nothing else. A minute or two, for the stepping.
link-order: packages-build ## write scripts/link-order.txt anew: after the start-up path or the toolchain has changed
	$(call say,following hello from its start to its first answer)
	@$(SWIFT) build $(PARTED) $(STRICT) --product hello --scratch-path .build/link-order \
	  -Xlinker -Map=$(abspath .build/link-order.map) -Xlinker --no-demangle
	@scripts/link-order .build/link-order/release/hello .build/link-order.map $(LINK_ORDER)

install: build ## copy executables to PREFIX/bin and the SDK's sources to PREFIX/share/apus/sdk
	$(call say,installing to $(DESTDIR)$(PREFIX))
	@install -d "$(DESTDIR)$(PREFIX)/bin"
	@for name in $(INSTALLED); do \
	  [ -x "$(BIN)/$$name" ] || continue; \
	  install -m 755 $(STRIP) "$(BIN)/$$name" "$(DESTDIR)$(PREFIX)/bin/$$name"; \
	  echo "  $(DESTDIR)$(PREFIX)/bin/$$name"; \
	done
	@scripts/install-sdk "$(DESTDIR)$(PREFIX)/share/apus/sdk"
	@echo "  $(DESTDIR)$(PREFIX)/share/apus/sdk"

install-strip: ## the same, without symbols: smaller files, crash reports without names
	@$(MAKE) install STRIP=-s

# Sanitized code has another layout, so each keeps its own folder and an ordinary build stays quick.
asan: packages-build ## every test but those of the text under AddressSanitizer
	$(call say,building and running the tests under AddressSanitizer)
	@LSAN_OPTIONS=suppressions=$(abspath scripts/lsan-suppressions.txt):print_suppressions=0 \
	  $(SWIFT) test --disable-xctest --no-parallel --skip TidyTests --sanitize address --scratch-path .build/asan $(STRICT)

# Sources/CModules/CLinux/sanitizer.c says why these are wrapped.
MUTEX := $$s15Synchronization12_MutexHandleV
WRAPPED := $(foreach name,9_lockSlowyys6UInt32VF 12_tryLockSlowSbyF 11_unlockSlowyyF,-Xlinker '--wrap=$(MUTEX)$(name)')
tsan: packages-build ## every test but those of the text under ThreadSanitizer
	$(call say,building and running the tests under ThreadSanitizer)
	@rm -f .build/tsan/report.*
	@status=0; TSAN_OPTIONS=log_path=$(abspath .build/tsan/report) $(SWIFT) test --disable-xctest --no-parallel \
	  --skip TidyTests --sanitize thread --scratch-path .build/tsan $(WRAPPED) $(STRICT) || status=$$?; \
	  if cat .build/tsan/report.* 2>/dev/null; then status=1; fi; exit $$status

format: ## rewrite the sources as swift format wants them
	@$(SWIFT) format --in-place --parallel --recursive --configuration .swift-format $(FORMATTED)

clean: ## remove everything built
	@rm -rf .build
