#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# pure.sh ARCHIVE...: statements and drawings may use nothing but memory, text of plain bytes and assertions. Sanitizers bring
# symbols of their own; anything else (allocation, files, clocks, locale, floating point) fails.
set -eu
bad=0
for archive in "$@"; do
    [ -n "$(nm "$archive" | grep ' T jz_')" ] || { echo "nothing in $archive"; exit 1; }
    for symbol in $(nm -u "$archive" | awk 'NF == 2 && $1 == "U" {print $2}' | sort -u); do
        case $symbol in
        memcpy | memset | memmove | memcmp | memchr | strlen | strcmp | strncmp | strchr | strrchr | strstr | strspn) ;;
        __assert_fail | __stack_chk_fail | _GLOBAL_OFFSET_TABLE_) ;;
        __memcpy_chk | __memset_chk | __memmove_chk) ;;
        jz_*) ;;
        __asan_* | __ubsan_* | __tsan_* | __gcov_* | __sanitizer_* | __llvm_*) ;;
        *) echo "not pure: $symbol in $archive"; bad=1 ;;
        esac
    done
done
exit $bad
