# flowfig: build, test, install.
#
#   make deps demo     install what is missing, build, draw the example figures into out/
#   make deps check    install what is missing, build, run the tests
#   make help          all targets
#
# BUILD=release (default), debug or asan: each has its own tree under out/.
# LZO=no leaves out LZO support, which is GPL code.

BUILD   ?= release
LZO     ?= yes
PREFIX  ?= /usr/local
DESTDIR ?=
VERSION := $(shell sed -n 's/^\#define FF_VERSION "\(.*\)"/\1/p' include/flowfig/base.h)
SOVER   := 0
O       := out/$(BUILD)
SHELL   := /bin/sh
empty   :=
space   := $(empty) $(empty)
# all processors, unless the user says otherwise
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 1)
endif

# ---- the house: one line a layer; arrows only point to what is named here ----
LAYERS         := base file flow geo table input select aggregate run canvas figure
DEPS_base      :=
DEPS_file      := base
DEPS_flow      := base
DEPS_geo       := base file
DEPS_table     := base
DEPS_input     := base file flow
DEPS_select    := base file flow geo
DEPS_aggregate := base file flow geo table
DEPS_run       := base file flow geo table input select aggregate
DEPS_canvas    := base
DEPS_figure    := base geo table canvas
DEPS_cli       := $(LAYERS)

# ---- flags: ours first, the user's last ----
OPT_release := -O2 -g
OPT_debug   := -O0 -g3 -DFF_TEST_ALLOC
OPT_asan    := -O1 -g -DFF_TEST_ALLOC -fno-omit-frame-pointer \
               -fsanitize=address,undefined -fno-sanitize-recover=all
WARN := -std=c11 -pedantic -Wall -Wextra -Wshadow -Wvla -Wstrict-prototypes \
        -Wmissing-prototypes -Wwrite-strings -Wformat=2
FF_CFLAGS   = $(WARN) -pthread -fPIC -fno-semantic-interposition $(OPT_$(BUILD)) $(CFLAGS)
FF_CPPFLAGS = -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -D_FILE_OFFSET_BITS=64 \
              -Iinclude -Isrc $(CODECS) \
              $(PKG_CFLAGS) -DFF_PALETTES='"$(PREFIX)/share/flowfig/palettes"' $(CPPFLAGS)
FF_LDFLAGS  = $(OPT_$(BUILD)) -pthread $(LDFLAGS)

objs    = $(patsubst %.c,$(O)/%.o,$(sort $(wildcard src/$(1)/*.c)))
LIBOBJS := $(foreach l,$(LAYERS),$(call objs,$(l)))
CLIOBJS := $(call objs,cli)
# the release program and libraries also stand at out/ itself
ifeq ($(O),out/release)
ALL := out/flowfig out/libflowfig.a out/libflowfig.so.$(VERSION) out/flowfig.pc
else
ALL := $(O)/flowfig
endif

.PHONY: all deps demo check test check-asan check-layers check-headers check-style bench fuzz \
        golden-update install uninstall clean distcheck help FORCE
all: $(ALL)

# Libraries are found once, after `deps` when that is among the goals.
ifneq ($(filter-out clean deps help,$(or $(MAKECMDGOALS),all)),)
include $(O)/config.mk
endif
ifneq ($(filter deps,$(MAKECMDGOALS)),)
$(O)/config.mk: out/deps.stamp
endif
$(O)/config.mk: Makefile tools/config.sh
	@CC='$(CC)' LZO='$(LZO)' CPPFLAGS='$(CPPFLAGS)' tools/config.sh $@
deps: out/deps.stamp
out/deps.stamp: FORCE
	@tools/deps.sh $@

$(O)/libflowfig.a: $(LIBOBJS)
	@rm -f $@
	$(AR) rcs $@ $^
$(O)/flowfig: $(CLIOBJS) $(O)/libflowfig.a
	$(CC) $(FF_LDFLAGS) -o $@ $^ $(PKG_LIBS)
$(O)/%.o: %.c $(O)/config.mk
	@mkdir -p $(@D)
	$(CC) $(FF_CPPFLAGS) $(FF_CFLAGS) -MMD -MP -c -o $@ $<
-include $(shell find $(O) -name '*.d' 2>/dev/null)

out/flowfig: $(O)/flowfig
	cp $< $@
out/libflowfig.a: $(O)/libflowfig.a
	cp $< $@
out/libflowfig.so.$(VERSION): $(LIBOBJS) tools/libflowfig.map
	$(CC) -shared -Wl,-soname,libflowfig.so.$(SOVER) -Wl,--version-script=tools/libflowfig.map \
		$(FF_LDFLAGS) -o $@ $(LIBOBJS) $(PKG_LIBS)
	ln -sf libflowfig.so.$(VERSION) out/libflowfig.so.$(SOVER)
	ln -sf libflowfig.so.$(SOVER) out/libflowfig.so
out/flowfig.pc: tools/flowfig.pc.in Makefile include/flowfig/base.h $(O)/prefix.stamp $(O)/config.mk
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' -e 's|@LIBS@|$(PKG_LIBS)|' $< >$@
# what holds the prefix is made again for another one
$(O)/src/cli/main.o: $(O)/prefix.stamp
$(O)/prefix.stamp: FORCE
	@mkdir -p $(@D)
	@echo '$(PREFIX)' | cmp -s - $@ || echo '$(PREFIX)' >$@

# ---- examples ----
demo: all
	@FLOWFIG=out/flowfig FLOWFIG_PALETTES=palettes sh examples/demo.sh out

# ---- tests ----
UNITS     := $(patsubst %.c,$(O)/%,$(sort $(wildcard tests/unit/test_*.c)))
FUZZERS   := $(patsubst %.c,$(O)/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
CLITESTS  := $(sort $(wildcard tests/cli/*.sh))
TESTOBJS  := $(patsubst %.c,$(O)/%.o,$(sort $(wildcard tests/support/*.c))) \
             $(filter-out %/main.o,$(CLIOBJS))
$(O)/tests/%.o: FF_CPPFLAGS += -Itests
$(UNITS): $(O)/%: $(O)/%.o $(TESTOBJS) $(O)/libflowfig.a
	$(CC) $(FF_LDFLAGS) -o $@ $^ -lcmocka $(PKG_LIBS)
$(FUZZERS): $(O)/%: $(O)/%.o $(O)/tests/fuzz/driver.o $(O)/libflowfig.a
	$(CC) $(FF_LDFLAGS) -o $@ $^ $(PKG_LIBS)
.SECONDARY:

# unit tests, fuzz corpora and command-line tests of one BUILD
test: all $(UNITS) $(FUZZERS)
	@BUILD='$(BUILD)' O='$(O)' CC='$(CC)' sh tests/run.sh $(UNITS) $(FUZZERS) $(CLITESTS)
check-asan:
	@$(MAKE) --no-print-directory BUILD=asan test
check: check-headers check-layers
	@$(MAKE) --no-print-directory check-asan
	@$(MAKE) --no-print-directory test

check-headers: $(patsubst include/flowfig/%.h,hdr-%,$(wildcard include/flowfig/*.h))
hdr-%: $(O)/config.mk
	@echo '#include <flowfig/$*.h>' | $(CC) -D_POSIX_C_SOURCE=200809L -Iinclude $(WARN) -Werror -fsyntax-only -x c -
check-layers: $(addprefix layer-,$(LAYERS) cli)
	@echo "check-layers: all include arrows point down"
layer-%: $(O)/flowfig
	@bad=$$(cat $(O)/src/$*/*.d | tr ' ' '\n' | \
		sed -nE 's#^(src/([a-z]+)/.*\.h|include/flowfig/([a-z]+)\.h)$$#\2\3#p' | sort -u | \
		grep -vxE '$(subst $(space),|,$(strip $* $(DEPS_$*)))') || exit 0; \
		echo "check-layers: $* must not include:" $$bad; exit 1
check-style:
	clang-format --dry-run -Werror $$(git ls-files '*.c' '*.h')
golden-update: $(O)/flowfig $(O)/tests/unit/test_golden_png
	@FLOWFIG=$(O)/flowfig sh tests/golden/update.sh
	@FF_GOLDEN_UPDATE=1 FF_TMP=out FLOWFIG=$(O)/flowfig TZ=UTC $(O)/tests/unit/test_golden_png >/dev/null
bench: all
	@sh tests/bench/bench.sh
fuzz: FUZZ_SECONDS ?= 60
fuzz:
	@$(MAKE) --no-print-directory BUILD=asan all
	@sh tests/fuzz/fuzz.sh $(FUZZ_SECONDS)
distcheck:
	@sh tools/distcheck.sh

# ---- install ----
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/pkgconfig \
		$(DESTDIR)$(PREFIX)/include/flowfig $(DESTDIR)$(PREFIX)/share/man/man1 \
		$(DESTDIR)$(PREFIX)/share/flowfig/palettes
	install -m 755 out/flowfig $(DESTDIR)$(PREFIX)/bin/
	install -m 644 out/libflowfig.a $(DESTDIR)$(PREFIX)/lib/
	install -m 755 out/libflowfig.so.$(VERSION) $(DESTDIR)$(PREFIX)/lib/
	ln -sf libflowfig.so.$(VERSION) $(DESTDIR)$(PREFIX)/lib/libflowfig.so.$(SOVER)
	ln -sf libflowfig.so.$(SOVER) $(DESTDIR)$(PREFIX)/lib/libflowfig.so
	install -m 644 out/flowfig.pc $(DESTDIR)$(PREFIX)/lib/pkgconfig/
	install -m 644 include/flowfig/*.h $(DESTDIR)$(PREFIX)/include/flowfig/
	install -m 644 palettes/*.gpl $(DESTDIR)$(PREFIX)/share/flowfig/palettes/
	install -m 644 src/cli/flowfig.1 $(DESTDIR)$(PREFIX)/share/man/man1/
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/flowfig $(DESTDIR)$(PREFIX)/lib/libflowfig.* \
		$(DESTDIR)$(PREFIX)/lib/pkgconfig/flowfig.pc \
		$(DESTDIR)$(PREFIX)/share/man/man1/flowfig.1
	rm -rf $(DESTDIR)$(PREFIX)/include/flowfig $(DESTDIR)$(PREFIX)/share/flowfig
clean:
	rm -rf out/*
help:
	@sed -n '3,9s/^# \{0,1\}//p' Makefile
	@echo "  make check-asan, check-layers, check-headers, test, bench, fuzz, golden-update,"
	@echo "  make install PREFIX= DESTDIR=, uninstall, distcheck, clean"
