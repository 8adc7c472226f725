# bedside: the front door. Each target works on a fresh Debian machine that has Rust, a C compiler and make; elsewhere
# it names the packages it would install. `make` alone tells what there is.

PREFIX  ?= /usr/local
DESTDIR ?=
CARGO   ?= cargo
INSTALL ?= install

# rustup puts cargo where a login shell finds it; make may have been started by another.
export PATH := $(PATH):$(HOME)/.cargo/bin

BINARIES = bedside bedside-call bedside-relay
TARGET   = $(or $(CARGO_TARGET_DIR),target)
BINDIR   = $(DESTDIR)$(PREFIX)/bin
MANDIR   = $(DESTDIR)$(PREFIX)/share/man
BASHDIR  = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
ZSHDIR   = $(DESTDIR)$(PREFIX)/share/zsh/site-functions
FISHDIR  = $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d

# What each is for: cmake builds libopus; libclang-dev reads the kernel's camera headers; the others are linked.
BUILD_PACKAGES = cmake libasound2-dev libclang-dev libvpx-dev pkg-config
# What the call window opens when it runs.
WINDOW_PACKAGES = libegl1 libgl1 libgl1-mesa-dri libxcursor1 libxi6 libxkbcommon-x11-0 libxkbcommon0
# The other end, the screens, the sound and the eyes of the tests.
TEST_PACKAGES = age at-spi2-core calcurse chromium dbus dbus-x11 emacs-nox espeak-ng fonts-dejavu-core git \
	imagemagick khal man-db nano neovim openssl pulseaudio pulseaudio-utils python3-icalendar python3-radicale sox strace tmux vim x11-utils xdotool xvfb $(if $(shell command -v npm),,npm)

# What the measures are made with, and beside.
BENCH_PACKAGES = age calcurse chromium khal pass python3-icalendar python3-venv strace xvfb

# The table to which every fault adds its row.
TORTURE_TABLE = @mkdir -p $(TARGET)/tmp && printf '%-44s%7s%14s%6s%9s%9s%10s\n' \
	fault rounds acknowledged lost 'exit 5' rebuilt time >$(TARGET)/tmp/torture.txt

# Installs what is lacking of $(1), where apt-get and the right to use it are there; else names it.
define install-packages
	@lacking=; for package in $(1); do \
		dpkg-query --show --showformat='$${Status}\n' $$package 2>/dev/null | grep -q 'ok installed' \
			|| lacking="$$lacking $$package"; \
	done; \
	if [ -z "$$lacking" ]; then exit 0; fi; \
	if ! command -v apt-get >/dev/null; then \
		echo "This needs what Debian calls:$$lacking"; exit 0; \
	elif [ "$$(id -u)" = 0 ]; then as=; \
	elif command -v sudo >/dev/null; then as=sudo; \
	else echo "Please have these installed first: apt-get install$$lacking"; exit 1; fi; \
	echo "Installing:$$lacking"; \
	$$as apt-get -qq update; \
	$$as env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends --yes $$lacking >/dev/null
endef

FUZZ_SECONDS ?= 600
FUZZ_TARGETS ?= $(notdir $(wildcard tests/fuzz/corpus/*))

.PHONY: help demo test torture fuzz check page bench install uninstall bench-packages build-packages window-packages \
	test-packages

help: ## this list
	@echo "bedside: a clinician's console for the terminal"; echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 20

demo: build-packages window-packages ## open the console on a practice made up for trying, with a patient on this machine
	$(CARGO) build --locked --release --bins
	$(TARGET)/release/bedside demo

test: build-packages window-packages test-packages ## run everything: format, lints, unit tests, tests with the real programs
	$(CARGO) fmt --check
	$(CARGO) clippy --locked --all-targets -- -D warnings
# Each program alone, as `cargo install --no-default-features --features …` builds it.
	set -e; for program in console call relay; do \
		$(CARGO) check --locked --lib --bins --no-default-features --features $$program; done
	$(CARGO) build --locked --bins --example age-plugin-drawer
	$(CARGO) test --locked --no-fail-fast --lib --bins
	$(CARGO) test --locked --no-fail-fast --test main -- boundary:: checked_in_page
# Sound and picture keep real time: these have the machine to themselves.
	$(TORTURE_TABLE)
	$(CARGO) test --locked --no-fail-fast --test main -- --skip boundary:: --skip checked_in_page --test-threads 1
	@echo; cat $(TARGET)/tmp/torture.txt
	@echo; echo "Each promise and the tests that prove it:"; echo
	@grep -v '^#' tests/promises.txt

torture: build-packages test-packages ## thousands of faults against a practice that is written to, and one table of what was lost
	$(CARGO) build --locked --bins
	$(TORTURE_TABLE)
	BEDSIDE_TORTURE=full $(CARGO) test --locked --no-fail-fast --test main -- torture:: --test-threads 1; \
		held=$$?; echo; cat $(TARGET)/tmp/torture.txt; exit $$held

fuzz: build-packages ## throw FUZZ_SECONDS (600) of hostile bytes at everything that reads feeds (needs: cargo install cargo-fuzz)
	set -e; for target in $(FUZZ_TARGETS); do \
		mkdir -p $(TARGET)/fuzz/$$target; \
		RUSTC_BOOTSTRAP=1 $(CARGO) fuzz run --fuzz-dir tests/fuzz --target-dir $(TARGET)/fuzz $$target \
			$(TARGET)/fuzz/$$target tests/fuzz/corpus/$$target -- \
			-max_total_time=$(FUZZ_SECONDS) -max_len=65536 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1; \
	done

check: build-packages ## the quick part of the tests: format and lints
	$(CARGO) fmt --check
	$(CARGO) clippy --locked --all-targets -- -D warnings

page: ## build the patient's page anew (needs: rustup target add wasm32-unknown-unknown)
	src/page/build.sh

bench: build-packages window-packages bench-packages ## measure what this machine makes of it, beside floors and peers
	$(CARGO) build --locked --release --bins --example fill --example load --example parse
	test -x $(TARGET)/peers/bin/jrnl || { python3 -m venv $(TARGET)/peers && \
		$(TARGET)/peers/bin/pip install --quiet jrnl==4.6 keyrings.alt==5.0.2; }
	BEDSIDE_BENCH_PEERS=$(TARGET)/peers tests/bench/run $(TARGET)/release

install: build-packages ## build and install below PREFIX (/usr/local), within DESTDIR
	$(CARGO) build --locked --release --bins
	$(INSTALL) -d "$(BINDIR)"
	for binary in $(BINARIES); do $(INSTALL) -m 755 $(TARGET)/release/$$binary "$(BINDIR)"; done
	set -e; for page in $(wildcard man/*.1); do $(INSTALL) -D -m 644 -t "$(MANDIR)/man1" $$page; done
	set -e; for page in $(wildcard man/*.5); do $(INSTALL) -D -m 644 -t "$(MANDIR)/man5" $$page; done
	set -e; for file in $(wildcard completions/*.bash); do \
		$(INSTALL) -D -m 644 $$file "$(BASHDIR)/$$(basename $$file .bash)"; done
	set -e; for file in $(wildcard completions/_*); do $(INSTALL) -D -m 644 -t "$(ZSHDIR)" $$file; done
	set -e; for file in $(wildcard completions/*.fish); do $(INSTALL) -D -m 644 -t "$(FISHDIR)" $$file; done

uninstall: ## take away what install put there
	for binary in $(BINARIES); do rm -f "$(BINDIR)/$$binary"; done
	for page in $(notdir $(wildcard man/*.1)); do rm -f "$(MANDIR)/man1/$$page"; done
	for page in $(notdir $(wildcard man/*.5)); do rm -f "$(MANDIR)/man5/$$page"; done
	for file in $(notdir $(wildcard completions/*.bash)); do rm -f "$(BASHDIR)/$$(basename $$file .bash)"; done
	for file in $(notdir $(wildcard completions/_*)); do rm -f "$(ZSHDIR)/$$file"; done
	for file in $(notdir $(wildcard completions/*.fish)); do rm -f "$(FISHDIR)/$$file"; done

build-packages:
	@command -v $(CARGO) >/dev/null || { echo "This needs Rust: https://rustup.rs"; exit 1; }
	$(call install-packages,$(BUILD_PACKAGES))

window-packages:
	$(call install-packages,$(WINDOW_PACKAGES))

test-packages:
	$(call install-packages,$(TEST_PACKAGES))

bench-packages:
	$(call install-packages,$(BENCH_PACKAGES))
