#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# mutation.sh JINGZHU PACKS: of all small errors put into the packs (a bound one off, an operator turned, points changed ...)
# at least 99 of 100 make a test of the packs fail.
set -eu
total=$("$1" rules test --mutate "$2" | awk '$1 == "total" { print $2, $4 }') || true
set -- $total
[ $# = 2 ] && [ "$2" -gt 0 ] || { echo "no mutation report"; exit 1; }
echo "$1 of $2 killed"
[ "$1" -lt "$2" ] || exit 0
[ $(($1 * 100)) -ge $(($2 * 99)) ] || { echo "fewer than 99 in 100"; exit 1; }
