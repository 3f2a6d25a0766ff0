#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# pure.sh ARCHIVE: the measurement may use nothing but memory copies. Sanitizers bring symbols of their own; anything
# else (allocation, files, clocks, libm, the compiler's floating-point helpers) fails.
set -eu
archive=$1
[ -n "$(nm "$archive" | grep ' T jz_ctg_measure')" ] || { echo "no measurement in $archive"; exit 1; }
bad=0
for symbol in $(nm -u "$archive" | awk 'NF == 2 && $1 == "U" {print $2}' | sort -u); do
    case $symbol in
    memcpy | memset | memmove | __stack_chk_fail | _GLOBAL_OFFSET_TABLE_) ;;
    __memcpy_chk | __memset_chk | __memmove_chk) ;;
    jz_ctg_* | ctg_*) ;;
    __asan_* | __ubsan_* | __tsan_* | __gcov_* | __sanitizer_* | __llvm_*) ;;
    *) echo "not pure: $symbol"; bad=1 ;;
    esac
done
exit $bad
