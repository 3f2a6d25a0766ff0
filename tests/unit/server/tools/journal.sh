#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `jingzhu journal export`, `journal replay` and `report` on a journal made for them: journal.sh JINGZHU MAKE_JOURNAL SOURCE_DIR
set -eu
jingzhu=$1 make_journal=$2 source=$3
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() { echo "FAILED: $1"; [ ! -e "$dir/out" ] || sed 's/^/  /' "$dir/out" | head -n 20; exit 1; }

# run CODE ARGUMENT...: the exit code is what it should be; what is printed is in $dir/out
run() {
  expected=$1; shift
  code=0
  "$jingzhu" "$@" > "$dir/out" 2>&1 < /dev/null || code=$?
  [ "$code" = "$expected" ] || fail "$* exited with $code, expected $expected"
}
has() { grep -qF -- "$1" "$dir/out" || fail "missing: $1"; }
lacks() { if grep -qF -- "$1" "$dir/out"; then fail "should not be there: $1"; fi; }
count() { [ "$(grep -cF -- "$2" "$dir/out")" = "$1" ] || fail "not $1 times: $2"; }

mkdir "$dir/journal"
"$make_journal" "$dir/journal" "$source/clinical-rules/packs" "$source/server/routing/data/guiyang-directory.yaml" cases
"$jingzhu" journal verify "$dir/journal" > "$dir/out" 2>&1 || fail "the journal made for these tests"
before=$(cksum < "$dir/journal/journal.db")
j=$dir/journal

# used wrongly: 64, with the usage; nothing there: 70; no such patient: 1
for wrong in "journal export $j" "journal replay $j" "report" "report $j --month 2026" "report $j --from 2026-02-30" \
  "report $j --month 2026-01 --to 2026-01-31" "report $j --from 2026-02-01 --to 2026-01-31" "report $j --lang fr" \
  "journal export $j a1010" "journal export $j a1010x" "journal replay $j a10102 --at noon" \
  "journal replay $j a10102 --every 1" "journal replay $j a10102 --at 2026-01-31T20:10:00 --every 1s" \
  "journal replay $j a10102 --from 2026-01-31T20:10:01 --to 2026-01-31T20:10:00"; do run 64 $wrong; done
for look in "journal export $dir/nowhere a10102" "journal replay $dir/nowhere a10102" "report $dir/nowhere"; do
  run 70 $look
  has "no journal that can be read"
done
run 1 journal export "$j" ffffff
has "no patient's id in it begins with 'ffffff'"

# export: everything of one patient, each record once, and nothing of anybody else
run 0 journal export "$j" A10102
grep -q "^3 2026-01-31T20:10:00.000+08:00 (sender's clock 2026-01-31T20:09:59.750+08:00) device 急救07: encounter opened: complaint: chest pain sha256 [0-9a-f]\{64\}$" \
  "$dir/out" || fail "the opening"
has "vitals: readings: (hr: 140 /min, sbp: 70 mmHg)"
has "used: [(field: hr, value: 140 /min, age_s: 0.000 s, reason: yes), (field: sbp, value: 70 mmHg"
has "person 李医生 receiving"
has "alert answered: alert: 1, to: accepted"
has "why: lacks, capability: "
[ "$(cut -d' ' -f1 "$dir/out" | sort -n -u | wc -l)" = "$(wc -l < "$dir/out")" ] || fail "a record stands there twice"
[ "$(cut -d' ' -f1 "$dir/out" | sort -n | head -n 1)" = 3 ] || fail "the first record"
cp "$dir/out" "$dir/text"
run 0 journal export "$j" a10102 --json
[ "$(wc -l < "$dir/out")" = "$(wc -l < "$dir/text")" ] || fail "JSON and text have other records"
has '"who":{"kind":"person","name":"李医生","role":"receiving","facility":"'
has '"clock_offset_ms":250'
if grep -qv '^{"offset":[0-9]*,"server_time":"2026-01-31T.*,"sha256":"[0-9a-f]\{64\}"}$' "$dir/out"; then fail "a line of JSON"; fi
run 0 journal export "$j" a20102
has "person 王调度 dispatcher: action: action: set priority, value: 1"
has "decided because of"
has ": action: action: set priority, person: 王调度"
lines=0
for id in a10102 a20102 a30102 a40102 a50102 a60102 a70102 a80102 a90102 \
  aa010200000000000000000000000000 aa010200000000000000000000000001; do
  run 0 journal export "$j" "$id"
  [ "$id" = a10102 ] || lacks "李医生"
  lines=$((lines + $(wc -l < "$dir/out")))
done
# the packs, what they brought into force and the directory are of no patient
run 0 journal list "$j"
[ "$(wc -l < "$dir/out")" = $((lines + 3)) ] || fail "$lines lines for all patients"
for look in export replay; do
  run 1 journal "$look" "$j" aa0102
  has "aa010200000000000000000000000000"
  has "aa010200000000000000000000000001"
done

# replay: what was shown at one time, by whose record, and that it is as on record
run 0 journal replay "$j" a10102 --at 2026-01-31T20:10:01
count 1 "== 2026-01-31T20:10:01.000+08:00"
for word in "  priority: 1" "    sbp: (value: 70 mmHg, age_s: 0.000 s, validity: valid)" "level: severe" \
  "crew, directive:" "  what: destination" "  person: 李医生" "  state: accepted" "with the patient on its board" \
  "decisions of" "all are as on record"; do has "$word"; done
run 0 journal replay "$j" a10102 --at 2026-01-31T20:40:00
has "  phase: arrived"
has "    sbp: (value: 70 mmHg, age_s: 1799.000 s, validity: stale)"
run 0 journal replay "$j" a10102 --at 2026-01-31T20:09:59
has "nothing was shown of this patient then"
run 0 journal replay "$j" a10102
has "after record 3: encounter opened from 急救07"
has "crew, directive: as before"
run 0 journal replay "$j" a10102 --from 2026-01-31T20:14:00 --to 2026-01-31T20:14:59 --every 1s
has "== nothing new 59 times, to 2026-01-31T20:14:59.000+08:00"
count 1 "consoles, patient:"

# report: who counts, month by month by the clock in Guiyang, exactly the target in time
run 0 report "$j" --csv --lang en
[ "$(head -c 3 "$dir/out" | od -An -tx1 | tr -d ' \n')" = efbbbf ] || fail "no byte order mark"
[ "$(grep -c "$(printf '\r')$" "$dir/out")" = "$(wc -l < "$dir/out")" ] || fail "a line does not end in CR LF"
has "month,set,indicator,arrival,status,n,mean_min,median_min,p90_min,target_min,within_pct,share_goal_pct,share_met,mean_goal_min,mean_met,rising,missing,missing_pct,missing_met,running,invalid,unclear,with_arrest,from,to,title,source,mark,simulation"
has "2026-01,chest-pain,KPI-01,all,ok,6,7.17,6.00,10.02,10.00,83.3,>=75,yes,<10.00,yes,,1,12.5,no,1,1,0,0,fmc,ecg,first medical contact to first ECG,\"basic chest-pain-centre standard 2015; clinical-chest-pain 8.1, KPI-01 FMC2ECG\",S,yes"
has "2026-01,chest-pain,KPI-01,ambulance,ok,5,7.60,8.00,10.02,10.00,80.0,"
has "2026-01,chest-pain,KPI-01,self,insufficient,1,,,,10.00,,>=75,,<10.00,,,0,,,0,0,0,0,"
has "2026-02,chest-pain,KPI-01,all,insufficient,1,"
has ",maternal,OB-T-CS1,all,none,0,"
cp "$dir/out" "$dir/first"
run 0 report "$j" --csv --lang en
cmp -s "$dir/out" "$dir/first" || fail "the same journal gave other bytes"
run 0 report "$j" --csv --month 2026-02
lacks "2026-01,"
has "2026-02,chest-pain,KPI-01,all,insufficient,1,"
has "首次医疗接触至首份心电图"
run 0 report "$j" --csv --from 2026-01-31 --to 2026-01-31
has "2026-01,chest-pain,KPI-01,all,ok,6,"
lacks "2026-02,"
facility=$("$jingzhu" journal export "$j" a10102 | sed -n 's/.* 李医生 receiving \([^:]*\): .*/\1/p')
run 0 report "$j" --csv --facility "$facility"
has "2026-01,chest-pain,KPI-01,all,insufficient,1,"
run 0 report "$j" --csv --facility nobody
[ "$(wc -l < "$dir/out")" = 1 ] || fail "a hospital without patients has rows"
run 0 report "$j"
has "例数不足"
has "模拟数据"
run 0 report "$j" --lang en
has "11 patients"
has "insufficient"
has "no cases: "

# a decision on record that the core does not make is said, and nobody is told that all is as on record
mkdir "$dir/wrong"
"$make_journal" "$dir/wrong" "$source/tests/unit/server/tools/rules/packs" \
  "$source/server/routing/data/guiyang-directory.yaml" wrong
for look in "report $dir/wrong" "journal replay $dir/wrong 0100010000"; do
  run 1 $look
  has "the decision on record is not the one replay makes"
  lacks "as on record"
done

# nothing was changed
[ "$(cksum < "$dir/journal/journal.db")" = "$before" ] || fail "a look changed the journal"
echo "journal: export, replay and report of 11 patients"
