#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compares the undefined symbols of pure archives with an allow list: usage: check.sh ARCHIVE...
# What the archives define for each other is allowed; everything else must be on the list.
set -eu
# memory and string functions without I/O, clock, allocation, locale or global state; libcbor's streaming decoder and
# encoder; assertion, compiler and sanitizer run time.
allowed='^(mem(cpy|set|cmp|move|chr)|str(len|nlen|cmp|ncmp)|__mem(cpy|set|move)_chk|__stack_chk_fail|__assert_fail
|cbor_stream_decode|cbor_empty_callbacks|cbor_encode_.*|_cbor_.*|__(asan|ubsan|tsan|sanitizer|gcov)_.*|__llvm_.*|_GLOBAL_OFFSET_TABLE_|__popcountdi2)$'
allowed=$(printf %s "$allowed" | tr -d '\n')
defined=$(nm --defined-only -g "$@" 2>/dev/null | awk 'NF == 3 { print $3 }' | sort -u)
bad=$(nm --undefined-only "$@" 2>/dev/null | awk '$1 == "U" { print $2 }' | sort -u |
  grep -vE "$allowed" | while read -r name; do
    printf '%s\n' "$defined" | grep -qxF -- "$name" || echo "$name"
  done)
if [ -n "$bad" ]; then
  echo "not pure, these archives call:"; echo "$bad"
  exit 1
fi
count=$(printf '%s\n' "$defined" | wc -l)
[ "$count" -gt 50 ] || { echo "looked at only $count symbols: wrong archives?"; exit 1; }
echo "pure: $count defined symbols, every undefined one is allowed"
