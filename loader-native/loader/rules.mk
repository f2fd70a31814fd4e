# libffi_polyglot.so and its tests; included by ../Makefile, which sets BUILD, ALL_CFLAGS, SHARED.

LIBRARIES += $(BUILD)/libffi_polyglot.so
TESTS += $(BUILD)/test/loader_unit_test $(BUILD)/test/loader_boot_test

LOADER_JAVA_HOME := $(or $(JAVA_HOME),$(shell ../scripts/find-jdk))
LOADER_OBJECTS := $(patsubst loader/%.c,$(BUILD)/loader/%.o,$(wildcard loader/*.c))
LOADER_CFLAGS := $(ALL_CFLAGS) -Iloader -isystem $(LOADER_JAVA_HOME)/include \
	-isystem $(LOADER_JAVA_HOME)/include/linux

$(BUILD)/libffi_polyglot.so: $(LOADER_OBJECTS) loader
	@echo "  LD $@"
	@$(CC) $(SHARED) -o $@ $(LOADER_OBJECTS) -ldl

$(BUILD)/loader/%.o: loader/%.c Makefile loader/rules.mk
	@mkdir -p $(@D)
	@echo "  CC $@"
	@$(CC) $(LOADER_CFLAGS) -c -o $@ $<

# ---- tests: each program takes part of a case's name, to run these cases only ------------------

# Opened by the tests in processes that play nginx, a host, a JDK or an agent.
LOADER_TEST_FILES := $(BUILD)/libffi_polyglot.so \
	$(patsubst %,$(BUILD)/test/libloader_%.so,agent fake_extension fake_jvm fake_nginx old_jvm) \
	$(patsubst %,$(BUILD)/test/loader_%.jar,boot agent empty) \
	$(BUILD)/test/jdk $(BUILD)/test/jvm.options

.SECONDARY: $(patsubst test/%.c,$(BUILD)/test/%.o,$(wildcard test/loader_*.c) test/stub_host.c)

$(BUILD)/test/loader_%.o: test/loader_%.c Makefile loader/rules.mk
	@mkdir -p $(@D)
	@echo "  CC $@"
	@$(CC) $(LOADER_CFLAGS) -fvisibility=default -c -o $@ $<

$(BUILD)/test/stub_host.o: test/stub_host.c Makefile
	@mkdir -p $(@D)
	@echo "  CC $@"
	@$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/test/loader_unit_test: $(BUILD)/test/loader_unit_test.o $(BUILD)/test/loader_test.o \
		$(LOADER_OBJECTS) | $(LOADER_TEST_FILES)
	@echo "  LD $@"
	@$(CC) $(SANITIZE) -pthread -o $@ $^ -ldl

$(BUILD)/test/loader_boot_test: $(BUILD)/test/loader_boot_test.o $(BUILD)/test/loader_test.o \
		$(BUILD)/test/stub_host.o | $(LOADER_TEST_FILES)
	@echo "  LD $@"
	@$(CC) $(SANITIZE) -pthread -rdynamic -o $@ $^ -ldl

$(BUILD)/test/libloader_%.so: $(BUILD)/test/loader_%.o
	@echo "  LD $@"
	@$(CC) $(SANITIZE) -shared -o $@ $^ -ldl

$(BUILD)/test/jdk:
	@mkdir -p $(@D)
	@ln -sfn $(LOADER_JAVA_HOME) $@

$(BUILD)/test/jvm.options: ../packaging/conf/jvm.options
	@mkdir -p $(@D)
	@cp $< $@

$(BUILD)/test/loader_boot.jar: $(wildcard test/java/org/restypolyglot/core/*.java)
	@mkdir -p $(@D)/loader_boot
	@echo "  JAVAC $@"
	@$(LOADER_JAVA_HOME)/bin/javac -d $(@D)/loader_boot $^
	@$(LOADER_JAVA_HOME)/bin/jar --create --file $@ -C $(@D)/loader_boot .

$(BUILD)/test/loader_agent.jar: test/java/exiting/Agent.java
	@mkdir -p $(@D)/loader_agent
	@echo "Premain-Class: exiting.Agent" > $(@D)/loader_agent/manifest
	@echo "  JAVAC $@"
	@$(LOADER_JAVA_HOME)/bin/javac -d $(@D)/loader_agent $^
	@$(LOADER_JAVA_HOME)/bin/jar --create --file $@ --manifest $(@D)/loader_agent/manifest \
		-C $(@D)/loader_agent exiting

$(BUILD)/test/loader_empty.jar:
	@mkdir -p $(@D)/loader_empty
	@$(LOADER_JAVA_HOME)/bin/jar --create --file $@ -C $(@D)/loader_empty .
