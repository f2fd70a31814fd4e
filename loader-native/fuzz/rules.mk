# The fuzz targets; included by ../Makefile. With clang, as they are libFuzzer's (Debian: clang,
# libclang-rt-dev).
#
#   make fuzz                       all of them, FUZZ_SECONDS=60 each; new inputs go to build/fuzz/corpus
#   build/fuzz/fuzz/fuzz_abi FILE   one input again, such as build/fuzz/crashes/abi-crash-...

FUZZ_SECONDS ?= 60
FUZZ_TARGETS := $(patsubst fuzz/fuzz_%.c,%,$(wildcard fuzz/fuzz_*.c))
FUZZ_SANITIZE := -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all
FUZZ_HOST_OBJECTS := $(HOST_TEST_OBJECTS) $(HOST_OBJECTS)
FUZZ_LOADER_OBJECTS := $(BUILD)/test/loader_test.o $(LOADER_OBJECTS)

.PHONY: fuzz run-fuzz
.SECONDARY: $(FUZZ_TARGETS:%=$(BUILD)/fuzz/fuzz_%.o)

fuzz:
	@$(MAKE) BUILD=$(BUILD)/fuzz CC=clang SANITIZE="$(FUZZ_SANITIZE)" run-fuzz

$(BUILD)/fuzz/fuzz_%.o: fuzz/fuzz_%.c fuzz/rules.mk Makefile
	@mkdir -p $(@D)
	@echo "  CC $@"
	@$(CC) $(LOADER_CFLAGS) -Ihost -DLOADER_NATIVE='"$(CURDIR)"' -fvisibility=default -c -o $@ $<

$(patsubst %,$(BUILD)/fuzz/fuzz_%,abi log): $(BUILD)/fuzz/%: $(BUILD)/fuzz/%.o \
		$(FUZZ_HOST_OBJECTS) | $(BUILD)/test/libhost_guest.so
	@echo "  LD $@"
	@$(CC) $(SANITIZE) -fsanitize=fuzzer -pthread -rdynamic -o $@ $^ -ldl

$(patsubst %,$(BUILD)/fuzz/fuzz_%,jdk_release jvm_options): $(BUILD)/fuzz/%: $(BUILD)/fuzz/%.o \
		$(FUZZ_LOADER_OBJECTS)
	@echo "  LD $@"
	@$(CC) $(SANITIZE) -fsanitize=fuzzer -pthread -o $@ $^ -ldl

# Nothing of the tests beside: host_fake_lua.o has names of LuaJIT's.
$(BUILD)/fuzz/fuzz_spec: $(BUILD)/fuzz/fuzz_spec.o $(BUILD)/test/loader_test.o
	@echo "  LD $@"
	@$(CC) $(SANITIZE) -fsanitize=fuzzer -o $@ $^ -ldl

# The first folder of a corpus is the one to which libFuzzer adds.
run-fuzz: $(FUZZ_TARGETS:%=$(BUILD)/fuzz/fuzz_%)
	@mkdir -p $(BUILD)/crashes
	@for target in $(FUZZ_TARGETS); do \
		echo "==> $$target: $(FUZZ_SECONDS) s"; \
		mkdir -p $(BUILD)/corpus/$$target; \
		$(BUILD)/fuzz/fuzz_$$target -max_total_time=$(FUZZ_SECONDS) -max_len=8000 -timeout=60 \
			-rss_limit_mb=4096 -print_final_stats=1 -verbosity=0 \
			-artifact_prefix=$(BUILD)/crashes/$$target- \
			$(BUILD)/corpus/$$target fuzz/corpus/$$target || exit 1; \
	done
