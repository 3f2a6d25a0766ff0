#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What an engineer types: check.sh JINGZHU JINGZHUD SOURCE_DIR
set -eu
jingzhu=$1 jingzhud=$2 source=$3
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() { echo "FAILED: $1"; exit 1; }

# decode prints every golden frame exactly as its file says
frames=0
for file in "$source"/tests/golden/frames/*.hex; do
  hex=$(sed -n 's/^[^#:]*: *\([0-9a-f ]*\)$/\1/p' "$file" | head -n 1)
  diag=$(sed -n 's/^ *\({.*}\) *$/\1/p' "$file" | head -n 1)
  [ -n "$hex" ] && [ -n "$diag" ] || continue
  "$jingzhu" decode "$hex" > "$dir/out" || true
  grep -qF -- "$diag" "$dir/out" || fail "decode of $file printed $(cat "$dir/out")"
  frames=$((frames + 1))
done
[ "$frames" -ge 10 ] || fail "only $frames golden frames were looked at"

# decode says what is wrong and where
if "$jingzhu" decode "a1" > "$dir/out"; then fail "a truncated frame was accepted"; fi
grep -q "JZ_E_TRUNCATED" "$dir/out" || fail "decode of a truncated frame printed $(cat "$dir/out")"

# a bad setting, a bad pack and a missing journal are named with their place
printf 'device_port = many\n' > "$dir/conf"
if "$jingzhud" --config "$dir/conf" 2> "$dir/out"; then fail "a bad setting was accepted"; fi
grep -q "conf:1: 'many'" "$dir/out" || fail "a bad setting gave: $(cat "$dir/out")"
cp -r "$source/clinical-rules/packs" "$dir/packs"
"$jingzhu" rules check "$dir/packs" > "$dir/out" || fail "the packs of the tree were refused: $(cat "$dir/out")"
grep -q "all passed" "$dir/out" || fail "rules check printed $(cat "$dir/out")"
sed -i 's/sbp/sbq/' "$dir/packs/general/news2.yaml"
if "$jingzhu" rules check "$dir/packs" 2> "$dir/out"; then fail "a pack with an unknown input was accepted"; fi
grep -Eq "general/news2.yaml:[0-9]+:[0-9]+: " "$dir/out" || fail "a bad pack gave: $(cat "$dir/out")"

# a look at a journal that is not there fails and makes nothing
mkdir "$dir/empty"
if "$jingzhu" journal verify "$dir/empty" > "$dir/out" 2>&1; then fail "an empty folder was verified: $(cat "$dir/out")"; fi
[ -z "$(ls "$dir/empty")" ] || fail "journal verify made $(ls "$dir/empty")"

# a log-in is added once and replaced, never doubled
echo "correct horse battery" | "$jingzhu" user add --file "$dir/users" --name 李医生 --role receiving --facility gy-2
if echo "correct horse stapler" | "$jingzhu" user add --file "$dir/users" --name 李医生 --role dispatcher 2> "$dir/out"; then
  fail "an existing log-in was replaced without being asked to"
fi
grep -q -- "--replace" "$dir/out" || fail "an existing name gave: $(cat "$dir/out")"
echo "correct horse stapler" | "$jingzhu" user add --file "$dir/users" --name 李医生 --role receiving --facility gy-3 --replace
[ "$(grep -c 李医生 "$dir/users")" = 1 ] || fail "the user file holds: $(cat "$dir/users")"
if echo "long enough" | "$jingzhu" user add --file "$dir/users" --name x --role surgeon 2>/dev/null; then
  fail "an unknown role was accepted"
fi
echo "tools: $frames frames decoded, bad inputs named"
