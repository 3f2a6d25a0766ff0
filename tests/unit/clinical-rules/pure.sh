#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# pure.sh ARCHIVE [ENTRY]: the evaluator, or the library that has the function ENTRY, may use nothing but memory copies, the
# protocol's field table and assertions.
# Sanitizers bring symbols of their own; anything else (allocation, files, clocks) fails.
set -eu
archive=$1 entry=${2:-jz_rule_evaluate}
found=$(nm -u "$archive" | awk 'NF == 2 && $1 == "U" {print $2}' | sort -u)
[ -n "$(nm "$archive" | grep " T $entry$")" ] || { echo "no $entry in $archive"; exit 1; }
bad=0
for symbol in $found; do
    case $symbol in
    memcpy | memset | memmove | memcmp | strcmp | __assert_fail | __stack_chk_fail | _GLOBAL_OFFSET_TABLE_) ;;
    __memcpy_chk | __memset_chk | __memmove_chk) ;;
    jz_*) ;;
    __asan_* | __ubsan_* | __tsan_* | __gcov_* | __sanitizer_* | __llvm_*) ;;
    *) echo "not pure: $symbol"; bad=1 ;;
    esac
done
exit $bad
