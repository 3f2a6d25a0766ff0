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

for folder in empty missing; do
  for look in verify list; do
    if "$jingzhu" journal "$look" "$dir/$folder" > "$dir/out" 2>&1; then fail "journal $look took a $folder folder"; fi
    grep -q "no journal" "$dir/out" || fail "journal $look of a $folder folder gave: $(cat "$dir/out")"
  done
done
[ -z "$(ls "$dir/empty")" ] && [ ! -e "$dir/missing" ] || fail "a look at a journal made something"

# a journal that another process holds is said to be so
mkdir "$dir/held"
: > "$dir/held/journal.db"
if flock "$dir/held/journal.db.lock" "$jingzhu" journal verify "$dir/held" > "$dir/out" 2>&1; then
  fail "a journal in use was verified"
fi
grep -q "another process" "$dir/out" || fail "a journal in use gave: $(cat "$dir/out")"

# a log-in is added once and replaced, never doubled
echo "correct horse battery" | "$jingzhu" user add --file "$dir/users" --name 李医生 --role receiving --facility gy-2
if echo "correct horse stapler" | "$jingzhu" user add --file "$dir/users" --name 李医生 --role dispatcher 2> "$dir/out"; then
  fail "an existing log-in was replaced without being asked to"
fi
grep -q -- "--replace" "$dir/out" || fail "an existing name gave: $(cat "$dir/out")"
echo "correct horse stapler" | "$jingzhu" user add --file "$dir/users" --name 李医生 --role receiving --facility gy-3 --replace
[ "$(grep -c 李医生 "$dir/users")" = 1 ] || fail "the user file holds: $(cat "$dir/users")"

# what cannot be a person is said by field; a file that is wrong somewhere is not added to
refused() { # WORD PASSWORD ARGUMENT...
  word=$1 password=$2; shift 2
  if echo "$password" | "$jingzhu" user add --file "$dir/users" "$@" 2> "$dir/out"; then fail "taken: $*"; fi
  grep -q "$word" "$dir/out" || fail "'$*' should name its $word and gave: $(cat "$dir/out")"
}
refused "the name" "long enough" --name 'a"b' --role auditor
refused "no such role" "long enough" --name x --role surgeon
refused "facility" "long enough" --name x --role receiving
refused "the password" "short" --name x --role auditor
cp "$dir/users" "$dir/users.good"
echo "not a line of a person" >> "$dir/users"
refused "users:2: " "long enough" --name x --role auditor
mv "$dir/users.good" "$dir/users"
"$jingzhu" 2> "$dir/out" || true
for role in paramedic dispatcher receiving consultant administrator auditor; do
  grep -q "$role" "$dir/out" || fail "the help text leaves out the role $role"
done
if echo "long enough" | "$jingzhu" user add --file "$dir/users" --name x --role surgeon 2>/dev/null; then
  fail "an unknown role was accepted"
fi

# the server says that it started, in simulation or not, and that it stopped; a second one on its journal says why not
mkdir "$dir/data" "$dir/console"
echo '<html></html>' > "$dir/console/index.html"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$dir/key.pem" -out "$dir/cert.pem" \
  -days 2 -subj /CN=localhost 2> /dev/null
mkfifo "$dir/ready"
for simulation in yes no; do
  cat > "$dir/conf" << END
data_dir = $dir/data
listen = 127.0.0.1
device_port = 0
console_port = 0
tls_cert = $dir/cert.pem
tls_key = $dir/key.pem
device_ca = $dir/cert.pem
users = $dir/users
directory = $source/server/routing/data/guiyang-directory.yaml
roads =
packs = $source/clinical-rules/packs
console_dir = $dir/console
simulation = $simulation
END
  "$jingzhud" --config "$dir/conf" > "$dir/ready" 2> "$dir/log" &
  pid=$!
  read -r ready < "$dir/ready" || fail "jingzhud did not start: $(cat "$dir/log")"
  if "$jingzhud" --config "$dir/conf" > "$dir/out" 2>&1; then fail "a second server ran on the same journal"; fi
  kill "$pid"
  wait "$pid" || fail "jingzhud stopped with $?"
  grep -q "another process" "$dir/out" || fail "a second server gave: $(cat "$dir/out")"
  for event in 1001 1002; do
    grep -q "\"event\":$event," "$dir/log" || fail "event $event is missing: $(cat "$dir/log")"
  done
  said=no
  if grep -q '"event":1006,"severity":"WARNING"' "$dir/log"; then said=yes; fi
  [ "$said" = "$simulation" ] || fail "simulation = $simulation, and event 1006: $said ($ready)"
done
echo "tools: $frames frames decoded, bad inputs named"
