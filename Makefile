# The front door: everything else is behind these targets. See README.md.

SHELL := /bin/sh
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VERSION := $(shell sed -n 's:^  <version>\(.*\)</version>:\1:p' pom.xml)
DIST := dist
ARCHIVE := resty-polyglot-$(VERSION)-linux-x86_64

MVN := scripts/with-jdk mvn -B -ntp
DEMO_PORT ?=
export DEMO_PORT

# With the folders, as those become newer when a file in them goes away.
C_SOURCES := $(shell find loader-native/host loader-native/loader loader-native/include) \
	loader-native/Makefile
JAVA_SOURCES := pom.xml $(wildcard */pom.xml) $(shell find core/src/main guest-*/src/main packaging/src) \
	$(filter-out %/node_modules,$(wildcard guest-js/npm/*)) guest-js/npm/.npmrc
C_LIBRARIES := $(DIST)/lib/libresty_ffi.so $(DIST)/lib/libffi_polyglot.so
PLAIN_FILES := lualib/resty_ffi.lua conf/jvm.options bin/resty-polyglot bin/graalpy lib/java.sh \
	python/resty_ffi/__init__.py python/resty_ffi/__init__.pyi python/resty_ffi/py.typed \
	python/resty_http/__init__.pyi python/resty_http/py.typed \
	LICENSE $(patsubst packaging/%,%,$(wildcard packaging/licenses/*.txt))
EXAMPLES := examples/c/libffi_c_echo.so examples/go/libffi_go_echo.so

.PHONY: help setup build demo demo-check test test-c sanitize fuzz test-java test-nginx bench soak lint \
	fmt dist clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1|/p' $(firstword $(MAKEFILE_LIST)) | \
		awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

setup: ## Install the packages that are missing (Debian; as root or through sudo)
	@scripts/setup build

build: ## Build what is stale into dist/, and the examples
	@scripts/setup build
	@$(MAKE) everything

demo: build ## Run the examples in nginx until Ctrl-C (DEMO_PORT=8080)
	@scripts/with-java scripts/demo

demo-check: build ## As demo, but check the replies and stop
	@scripts/with-java scripts/demo --check

test: ## Run all tests: C, core, guests, lint, then the real nginx
	@scripts/setup build test lint
	@rm -rf */target/surefire-reports
	@$(MAKE) test-c
	@$(MAKE) test-java
	@$(MAKE) lint
	@$(MAKE) test-nginx
	@scripts/count-tests

test-c: ## Run the C host's and the loader's unit tests
	@scripts/with-jdk $(MAKE) -C loader-native test

sanitize: ## Run the C tests under the address, undefined-behaviour and thread sanitizers
	@scripts/setup build
	@scripts/with-jdk $(MAKE) -C loader-native test-asan test-tsan

fuzz: ## Fuzz the C host, the loader's parsers, Lua's edge (FUZZ_SECONDS=60 for each)
	@scripts/setup build fuzz
	@scripts/with-jdk $(MAKE) -C loader-native fuzz

test-java: ## Run the tests of core and the guests
	@scripts/setup build test
	@$(MVN) -fae -pl core,guest-js,guest-python verify

test-nginx: build ## Run the end-to-end tests on the real nginx
	@scripts/setup test
	@$(MVN) -pl t verify

bench: build ## Measure calls, JSON, first replies, reloads (BENCH="--rounds 9" for the calls)
	@scripts/setup bench
	@scripts/with-java bench/run $(BENCH)
	@scripts/with-java bench/footprint
	@scripts/with-java bench/coldstart
	@scripts/with-java bench/reload
	@scripts/with-java bench/json

soak: build ## Faults of all kinds under load, for minutes (SOAK="--minutes 60")
	@scripts/setup bench
	@scripts/with-java soak/run $(SOAK)

lint: ## Check formats, scripts, Lua, the examples' Python types
	@scripts/setup lint
	@scripts/lint

fmt: ## Format Java and C
	@scripts/setup fmt
	@$(MVN) -q spotless:apply
	@git ls-files -co --exclude-standard '*.[ch]' | xargs clang-format -i

dist: build ## Pack dist/ as build/resty-polyglot-<version>-linux-x86_64.tar.gz
	@scripts/pack $(ARCHIVE)

clean: ## Remove everything that was built
	@rm -rf build $(DIST) $(EXAMPLES) examples/run
	@$(MAKE) -C loader-native clean
	@$(MVN) -q clean

# Apart from "build", as the tools that find and compile the sources may not be there before set-up.
.PHONY: everything
everything: $(DIST)/.java $(DIST)/.java-runtime $(DIST)/licenses/JAVASCRIPT-LICENSES.txt $(C_LIBRARIES) $(PLAIN_FILES:%=$(DIST)/%) $(EXAMPLES)
	@rm -f $(STRAY)

# What an earlier version has put there; Maven keeps its own folders clean.
STRAY = $(filter-out $(C_LIBRARIES) $(PLAIN_FILES:%=$(DIST)/%) $(DIST)/licenses/THIRD-PARTY.txt \
	$(DIST)/licenses/JAVASCRIPT-LICENSES.txt, \
	$(shell find $(addprefix $(DIST)/,bin conf lib licenses lualib python) -type f))

# ---- the parts of dist/ ----------------------------------------------------------------------

# jars/, graal/, resources/, licenses/THIRD-PARTY.txt. A stamp, as Maven takes seconds to find nothing to do.
$(DIST)/.java: $(JAVA_SOURCES)
	@echo "==> Java: core, guests, dist/jars, dist/graal, dist/resources"
	@mkdir -p $(DIST)
	@$(MVN) -q -DskipTests -Dmaven.jar.forceCreation -pl packaging -am package
	@touch $@

# java/, for the jars that are there now.
$(DIST)/.java-runtime: $(DIST)/.java $(DIST)/lib/java.sh $(DIST)/conf/jvm.options \
		packaging/make-java packaging/src/MakeJava.java $(wildcard packaging/train/*)
	@echo "==> Java: dist/java"
	@scripts/with-jdk packaging/make-java $(DIST)
	@touch $@

$(DIST)/licenses/JAVASCRIPT-LICENSES.txt: $(DIST)/.java
	@install -m 644 guest-js/target/classes/META-INF/$(@F) $@

# "install" makes a new file: a running nginx keeps the one that it has mapped. Debugging information
# stays in loader-native/build, as it names this folder.
$(C_LIBRARIES) &: $(C_SOURCES)
	@echo "==> C: dist/lib"
	@scripts/with-jdk $(MAKE) -C loader-native
	@mkdir -p $(DIST)/lib
	@install -m 755 $(C_LIBRARIES:$(DIST)/lib/%=loader-native/build/%) $(DIST)/lib/
	@strip --strip-debug $(C_LIBRARIES)

$(DIST)/lualib/%: loader-native/lualib/%
	@mkdir -p $(@D)
	@install -m 644 $< $@

$(DIST)/conf/%: packaging/conf/%
	@mkdir -p $(@D)
	@install -m 644 $< $@

# The module that handlers import for their annotations, as any Python can import it, and its types.
$(DIST)/python/resty_ffi/__init__.py: guest-python/src/main/resources/org/restypolyglot/guest/python/resty_ffi.py
	@mkdir -p $(@D)
	@install -m 644 $< $@

$(DIST)/python/%: guest-python/src/main/python/%
	@mkdir -p $(@D)
	@install -m 644 $< $@

$(DIST)/lib/java.sh: packaging/lib/java.sh
	@mkdir -p $(@D)
	@install -m 644 $< $@

$(DIST)/licenses/%: packaging/licenses/%
	@mkdir -p $(@D)
	@install -m 644 $< $@

$(DIST)/LICENSE: LICENSE
	@mkdir -p $(@D)
	@install -m 644 $< $@

$(DIST)/bin/%: packaging/bin/%
	@mkdir -p $(@D)
	@install -m 755 $< $@

examples/c/libffi_c_echo.so: examples/c/echo.c examples/c/Makefile
	@echo "==> examples/c"
	@$(MAKE) -C examples/c

examples/go/libffi_go_echo.so: examples/go/echo.go examples/go/Makefile
	@echo "==> examples/go"
	@$(MAKE) -C examples/go
