#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The same recordings measured by gcc -O0, gcc -O2 and clang -O2 here and by gcc -O2 for aarch64 (under qemu): the output
# must be the same, byte for byte. usage: portable.sh BUILD_FOLDER [DATA_FOLDER]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
out=$1/portable # BUILD_FOLDER is built: the table of fields is generated there
data=("$root/tests/data")
[ -d "${2:-}" ] && data+=("$2")
mkdir -p "$out"

sources=("$root"/clinical-rules/{ecg,ctg}/*.c "$root"/devices/replay/*.c "$root/protocol/src/field.c"
         "$root/protocol/src/status.c" "$1/protocol/field_table.c" "$root/tests/portable/measure_all.c")
flags=(-std=c17 -D_GNU_SOURCE -static -I"$root/protocol/include" -I"$root/protocol/src" -I"$root/clinical-rules/include"
       -I"$root/devices/replay")

mapfile -t recordings < <(find "${data[@]}" \( -name '*.hea' -o -name 'ctu_*.csv' -o -name 'fhrma_*.csv' \) ! -name '*outcomes*' | sort)
[ ${#recordings[@]} -gt 0 ] || { echo "portable: no recordings below ${data[*]}" >&2; exit 70; }

measure() { # name, compiler and flags ..., then "--" and what runs it
  local name=$1 compiler=() runner=()
  shift
  while [ "$1" != -- ]; do compiler+=("$1"); shift; done
  shift
  runner=("$@")
  "${compiler[@]}" "${flags[@]}" "${sources[@]}" -lm -o "$out/$name"
  "${runner[@]}" "$out/$name" "${recordings[@]}" > "$out/$name.txt"
}

measure gcc-O2 gcc -O2 --
measure gcc-O0 gcc -O0 --
measure clang-O2 clang -O2 --
measure aarch64-O2 aarch64-linux-gnu-gcc -O2 -- qemu-aarch64

for name in gcc-O0 clang-O2 aarch64-O2; do
  cmp "$out/gcc-O2.txt" "$out/$name.txt" || { echo "portable: $name differs from gcc-O2; compare the two files" >&2; exit 1; }
done
measured=$(grep -c '=' "$out/gcc-O2.txt")
echo "${#recordings[@]} recordings, $measured of them gave numbers: the same from gcc -O0, gcc -O2, clang -O2 and aarch64"
