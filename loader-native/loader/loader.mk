# libffi_polyglot.so and its tests; included by ../Makefile, paths are relative to that.
#
#   $(LOADER_BUILD)/libffi_polyglot.so
#   test-loader        unit tests, and tests with a JVM, each case in a process of its own
#   test-loader-asan   the same under AddressSanitizer and UndefinedBehaviorSanitizer

LOADER_BUILD ?= build
LOADER_JAVA_HOME := $(or $(JAVA_HOME),$(shell ../scripts/find-jdk))
LOADER_SOURCES := $(wildcard loader/*.c)
LOADER_OBJECTS := $(LOADER_SOURCES:loader/%.c=$(LOADER_BUILD)/loader/%.o)
LOADER_CFLAGS := -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -O2 -g -fPIC -pthread -MMD -MP \
	-Iinclude -Iloader -Itest -isystem $(LOADER_JAVA_HOME)/include \
	-isystem $(LOADER_JAVA_HOME)/include/linux $(LOADER_SANITIZE)

$(LOADER_BUILD)/libffi_polyglot.so: $(LOADER_OBJECTS)
	$(CC) $(LOADER_SANITIZE) -shared -pthread -Wl,-z,nodelete -Wl,-Bsymbolic -Wl,-z,relro,-z,now \
		-o $@ $^ -ldl

$(LOADER_BUILD)/loader/%.o: loader/%.c
	@mkdir -p $(@D)
	$(CC) $(LOADER_CFLAGS) -fvisibility=hidden -c -o $@ $<

# ---- tests -----------------------------------------------------------------------------------

LOADER_TEST := $(LOADER_BUILD)/test
LOADER_TEST_OBJECTS := $(patsubst test/%.c,$(LOADER_TEST)/%.o,$(wildcard test/loader_*.c) test/stub_host.c)
LOADER_TEST_LIBRARIES := agent fake_extension fake_jvm fake_nginx old_jvm
LOADER_TEST_FILES := $(LOADER_BUILD)/libffi_polyglot.so $(LOADER_TEST)/boot.jar $(LOADER_TEST)/empty.jar \
	$(LOADER_TEST)/agent.jar $(LOADER_TEST_LIBRARIES:%=$(LOADER_TEST)/libloader_%.so)
LOADER_TEST_ENV = TEST_JDK=$(LOADER_JAVA_HOME) TEST_LOADER=$(LOADER_BUILD)/libffi_polyglot.so \
	TEST_BOOT_JAR=$(LOADER_TEST)/boot.jar TEST_EMPTY_JAR=$(LOADER_TEST)/empty.jar \
	TEST_JVM_OPTIONS=../packaging/conf/jvm.options TEST_AGENT_FOLDER=$(abspath $(LOADER_TEST)) \
	TEST_EXTENSION=$(LOADER_TEST)/libloader_fake_extension.so \
	TEST_NGINX=$(LOADER_TEST)/libloader_fake_nginx.so \
	TEST_FAKE_JVM=$(LOADER_TEST)/libloader_fake_jvm.so \
	TEST_OLD_JVM=$(LOADER_TEST)/libloader_old_jvm.so \
	TEST_NO_JVM=$(LOADER_TEST)/libloader_fake_nginx.so

# The JVM uses SIGSEGV itself, and never frees what lives as long as it does: no leaks are looked for
# where there is one.
LOADER_ASAN := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
LOADER_JVM_ENV := ASAN_OPTIONS=handle_segv=0:detect_leaks=0

.PHONY: test-loader test-loader-asan
.SECONDARY: $(LOADER_TEST_OBJECTS)

# CASE=part: only the cases whose names contain it.
test-loader: $(LOADER_TEST)/loader_unit_test $(LOADER_TEST)/loader_boot_test $(LOADER_TEST_FILES)
	@$(LOADER_TEST_ENV) $(LOADER_TEST)/loader_unit_test $(CASE)
	@$(LOADER_TEST_ENV) $(LOADER_JVM_ENV) $(LOADER_TEST)/loader_boot_test $(CASE)

test-loader-asan:
	$(MAKE) -f $(firstword $(MAKEFILE_LIST)) test-loader LOADER_BUILD=$(LOADER_BUILD)/asan \
		LOADER_SANITIZE="$(LOADER_ASAN)"

$(LOADER_TEST)/%.o: test/%.c
	@mkdir -p $(@D)
	$(CC) $(LOADER_CFLAGS) -c -o $@ $<

$(LOADER_TEST)/loader_unit_test: $(LOADER_TEST)/loader_unit_test.o $(LOADER_TEST)/loader_test.o $(LOADER_OBJECTS)
	$(CC) $(LOADER_SANITIZE) -pthread -o $@ $^ -ldl

$(LOADER_TEST)/loader_boot_test: $(LOADER_TEST)/loader_boot_test.o $(LOADER_TEST)/loader_test.o $(LOADER_TEST)/stub_host.o
	$(CC) $(LOADER_SANITIZE) -pthread -rdynamic -o $@ $^ -ldl

$(LOADER_TEST)/libloader_%.so: $(LOADER_TEST)/loader_%.o
	$(CC) $(LOADER_SANITIZE) -shared -o $@ $^ -ldl

$(LOADER_TEST)/boot.jar: $(wildcard test/java/org/restypolyglot/core/*.java)
	@mkdir -p $(@D)/boot
	$(LOADER_JAVA_HOME)/bin/javac -d $(@D)/boot $^
	$(LOADER_JAVA_HOME)/bin/jar --create --file $@ -C $(@D)/boot .

$(LOADER_TEST)/agent.jar: test/java/exiting/Agent.java
	@mkdir -p $(@D)/agent
	echo "Premain-Class: exiting.Agent" > $(@D)/agent.mf
	$(LOADER_JAVA_HOME)/bin/javac -d $(@D)/agent $^
	$(LOADER_JAVA_HOME)/bin/jar --create --file $@ --manifest $(@D)/agent.mf -C $(@D)/agent .

$(LOADER_TEST)/empty.jar:
	@mkdir -p $(@D)/empty
	$(LOADER_JAVA_HOME)/bin/jar --create --file $@ -C $(@D)/empty .

-include $(LOADER_OBJECTS:.o=.d) $(LOADER_TEST_OBJECTS:.o=.d)
