#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The commands of `jingzhu ecg` and `jingzhu ctg` on recordings of the tree: signals.sh JINGZHU SOURCE_DIR
set -eu
jingzhu=$1 source=$2
data=$source/tests/data packs=$source/clinical-rules/packs
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() { echo "FAILED: $1"; [ ! -e "$dir/out" ] || cut -c1-400 "$dir/out" | head -n 20; exit 1; }

# run CODE ARGUMENT...: the exit code is what it should be; what is printed is in $dir/out
run() {
  expected=$1; shift
  code=0
  "$jingzhu" "$@" > "$dir/out" 2>&1 || code=$?
  [ "$code" = "$expected" ] || fail "$* exited with $code, expected $expected"
}
has() { grep -qF -- "$1" "$dir/out" || fail "missing: $1"; }
lacks() { if grep -qF -- "$1" "$dir/out"; then fail "should not be there: $1"; fi; }
ecg=$data/ecg/challenge/A0003
ctg=$data/ctg/ctu_1308_30min.csv

# used wrongly: 64, with the usage
run 64 ecg measure
has "usage: jingzhu ecg measure RECORD"
run 64 ecg measure "$ecg" --nonsense
has "'--nonsense' is no flag"
run 64 ecg measure "$ecg" --seconds 13
has "'13' of --seconds is no number from 0.100 to 12.000"
run 64 ecg measure "$ecg" --sex other
has "neither male nor female"
run 64 ecg measure "$ecg" --age 121
run 64 ecg measure "$ecg" --pain maybe
has "'maybe' of --pain is neither yes nor no"
run 64 ecg measure "$ecg" --draw "$dir/sheet.pdf"
has "ends neither in .svg nor in .png"
run 64 ecg beats "$ecg"
run 64 ctg analyse
run 64 ctg analyse "$ctg" --ga-days 400
run 64 ctg analyse "$ctg" --speed 4
run 64 ecg nonsense

# could not look: 70, with file, line and cure
run 70 ecg measure "$dir/nowhere" --packs "$packs"
has "$dir/nowhere.hea: there is no such header"
run 70 ecg measure "$data/ecg/SOURCES.md" --packs "$packs"
has "SOURCES.md: no WFDB record; name its header"
run 70 ecg measure "$ecg" --packs "$dir/nowhere"
has "$dir/nowhere"
run 70 ecg measure "$ecg" --packs "$packs" --from 11
has "ends before --from"
sed 's/16+24/80/' "$ecg.hea" > "$dir/a.hea"
run 70 ecg measure "$dir/a" --packs "$packs"
has "a.hea:2: a signal format that is not read; rewrite the record in format 16 or 212"
sed '3s,1000/mV,0,' "$ecg.hea" > "$dir/b.hea"
cp "$ecg.mat" "$dir/A0003.mat"
run 70 ecg measure "$dir/b" --packs "$packs"
has "b.hea: lead II has no gain in mV; write it in the header's third column as 1000(0)/mV"
sed '3s,1000/mV,1e-310/mV,' "$ecg.hea" > "$dir/e.hea"
run 70 ecg measure "$dir/e" --packs "$packs"
has "e.hea: lead II has no gain in mV"
head -c 9000 "$ecg.mat" > "$dir/A0003.mat"
cp "$ecg.hea" "$dir/c.hea"
run 70 ecg measure "$dir/c" --packs "$packs"
has "A0003.mat: missing or shorter than"
run 70 ecg beats "$ecg" --lead II,V9
has "no signal is named 'V9'"
run 70 ctg analyse "$dir/nowhere.csv" --packs "$packs"
has "nowhere.csv: cannot be read"
run 70 ctg analyse "$ecg.hea" --packs "$packs"
has "A0003.hea:1: the head line names no time_s and fhr_bpm"
run 70 ctg analyse "$ctg" --packs "$packs" --from 31
has "no sample from minute 31 on"

# an ECG: one line of JSON, with whom the header names, and both languages
run 0 ecg measure "$ecg" --packs "$packs" --json
[ "$(wc -l < "$dir/out")" = 1 ] || fail "one line of JSON"
has '"age_years":81,"sex":"female","samples":5000,"hz":500,'
has '"marks":{'
has '"leads":{"I":{"usable":true,"derived":false,"quality":'
has '"facts":{'
has '"rule":"ECG-STEMI-INF","status":'
has 'Not a diagnosis; needs a physician'
has '非诊断，须医师判读。'
lacks 'null'
lacks '-32768'
cp "$dir/out" "$dir/first"
run 0 ecg measure "$ecg.hea" --packs "$packs" --json --age 81 --sex female
sed 's/A0003.hea/A0003/' "$dir/out" | cmp -s - "$dir/first" || fail "the ending of the name changes the answer"

# the table is for people; what is too short to be read is told by the exit code and never called negative
run 0 ecg measure "$data/ecg/ptb/s0010_re" --packs "$packs" --from 5
has "rate 心率"
has "V6"
run 1 ecg measure "$ecg" --packs "$packs" --seconds 0.5
has "Cannot evaluate: "
has "too short"
lacks "egative"

# pain is the crew's to tell
run 0 ecg measure "$data/ecg/philips/129DYPRG" --packs "$packs"
has "Still to be told: Chest pain"
run 0 ecg measure "$data/ecg/philips/129DYPRG" --packs "$packs" --pain yes
lacks "Still to be told"

# an earlier ECG gives what changed
run 0 ecg measure "$ecg" --packs "$packs" --serial "$ecg" --json
has '"serial":{"record":"'
has '"st_j_change_uv":{"I":0,"II":0,'
run 0 ecg measure "$ecg" --packs "$packs" --serial "$ecg"
has "J since"

# beats of a running trace, at the record's own rate
run 0 ecg beats "$data/ecg/ptb/s0010_re" --lead ii --json
has '"hz":1000,"beats":['
[ "$(tr -cd , < "$dir/out" | wc -c)" -ge 15 ] || fail "20 s of heart have more beats"
run 0 ecg beats "$data/ecg/ptb/s0010_re" --lead ii,v2
[ "$(wc -l < "$dir/out")" -ge 15 ] || fail "20 s of heart have more beats"

# a cardiotocogram: at the end, and as it ran
run 0 ctg analyse "$ctg" --packs "$packs" --ga-days 280 --json
[ "$(wc -l < "$dir/out")" = 1 ] || fail "one line of JSON"
has '"samples":7200,"adequate":true,'
has '"minutes":[{'
has '"classes":{"figo":"'
has '"rule":"CTG-FIGO"'
has '非诊断，须医师判读。'
lacks 'null'
run 0 ctg analyse "$ctg" --packs "$packs" --every-minute --json
[ "$(wc -l < "$dir/out")" = 30 ] || fail "a line a minute"
has '{"minute":30,"adequate":true,'
head -n 2522 "$ctg" > "$dir/half.csv" # 10.5 min
run 1 ctg analyse "$dir/half.csv" --packs "$packs" --every-minute --json --minutes 2
run 0 ctg analyse "$dir/half.csv" --packs "$packs" --every-minute --json
[ "$(tail -n 1 "$dir/out" | cut -c1-13)" = '{"minute":11,' ] || fail "a minute begun is a minute of its own"
{ head -n 3841 "$ctg"; awk 'BEGIN { for (i = 3840; i < 7200; i++) printf "%.2f,0,1\n", i / 4 }'; } > "$dir/lost.csv"
run 1 ctg analyse "$dir/lost.csv" --packs "$packs"
has "No usable signal for the last 14 min. "
run 0 ctg analyse "$ctg" --packs "$packs" --from 5 --minutes 20
has "20 min 0 s"
has "baseline 基线"
run 1 ctg analyse "$ctg" --packs "$packs" --minutes 1
has "Cannot evaluate: "

# an answer that cannot be written is none
if [ -c /dev/full ]; then
  for what in "ecg measure $ecg" "ctg analyse $ctg"; do
    code=0
    # shellcheck disable=SC2086 # words
    "$jingzhu" $what --packs "$packs" > /dev/full 2> "$dir/out" || code=$?
    [ "$code" = 70 ] || fail "$what into a full disk exited with $code"
    has "standard output: cannot be written"
  done
fi

# drawings: SVG here, PNG by a converter that may be missing
run 0 ecg measure "$ecg" --packs "$packs" --draw "$dir/sheet.svg"
grep -q 'width="297mm" height="210mm"' "$dir/sheet.svg" || fail "the sheet is no A4"
grep -q '</svg>' "$dir/sheet.svg" || fail "the sheet is not whole"
run 0 ctg analyse "$ctg" --packs "$packs" --draw "$dir/strip.svg" --speed 3
grep -q '3 cm/min' "$dir/strip.svg" || fail "the strip does not say its speed"
code=0
PATH=$dir "$jingzhu" ecg measure "$ecg" --packs "$packs" --draw "$dir/sheet.png" > "$dir/out" 2>&1 || code=$?
[ "$code" = 70 ] || fail "without a converter the exit code is $code"
has "no rsvg-convert on this machine; install Debian's librsvg2-bin, or draw to a .svg"
[ ! -e "$dir/sheet.png" ] || fail "a picture was left that is none"
command -v rsvg-convert > /dev/null || fail "rsvg-convert is missing; install librsvg2-bin"
run 0 ecg measure "$ecg" --packs "$packs" --draw "$dir/sheet.png"
[ "$(head -c 4 "$dir/sheet.png" | tail -c 3)" = PNG ] || fail "the picture is no PNG"
run 70 ecg measure "$ecg" --packs "$packs" --draw "$dir/nowhere/sheet.svg"
has "nowhere/sheet.svg"
[ -z "$(ls "$dir" | grep part)" ] || fail "parts of drawings were left"
