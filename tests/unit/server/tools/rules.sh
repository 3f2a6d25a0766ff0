#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The commands of `jingzhu rules`, on small packs of their own: rules.sh JINGZHU MAKE_JOURNAL SOURCE_DIR
set -eu
jingzhu=$1 make_journal=$2 source=$3
here=$source/tests/unit/server/tools/rules
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() { echo "FAILED: $1"; [ ! -e "$dir/out" ] || sed 's/^/  /' "$dir/out" | head -n 20; exit 1; }
packs=$dir/packs
cp -r "$here/packs" "$packs"

# run CODE ARGUMENT...: the exit code is what it should be; what is printed is in $dir/out
run() {
  expected=$1; shift
  code=0
  "$jingzhu" rules "$@" > "$dir/out" 2>&1 < "$dir/in" || code=$?
  [ "$code" = "$expected" ] || fail "rules $* exited with $code, expected $expected"
}
has() { grep -qF -- "$1" "$dir/out" || fail "missing: $1"; }
lacks() { if grep -qF -- "$1" "$dir/out"; then fail "should not be there: $1"; fi; }
: > "$dir/in"

# used wrongly: 2, with the usage; what cannot be read: 1, named
run 2 nonsense
has "rules eval"
run 2 list --nonsense
has "'--nonsense' is no flag"
run 2 list --packs
has "wants a value"
run 2 eval --packs "$packs"
run 2 eval --packs "$packs" NO-SUCH
has "'NO-SUCH' is no rule of these packs"
run 2 explain --packs "$packs" MINI-LOW MINI-BOTH
run 2 diff "$packs"
run 2 replay "$dir"
run 2 test one two
run 1 list --packs "$dir/nowhere"
has "$dir/nowhere"

# check, list
run 0 check "$packs"
has "6 rules, 24 test cases, all passed"
run 0 check --packs "$packs"
run 0 list --packs "$packs"
has "MINI-OFF"
has "(disabled)"
run 0 list --json --packs "$packs"
[ "$(wc -l < "$dir/out")" = 6 ] || fail "one line of JSON a rule"
has '{"id":"MINI-SCORE","version":"1.0.0","kind":"score"'
has '"min":25.0,"max":45.0,"fresh_s":900'
has '"words":["not_pregnant","pregnant","postpartum"]'
has '"clock":{"pathway":"PW-MINI","from":"fmc","to":"ecg","within_s":600}'
has '"enabled":false,"why_disabled":"not confirmed by a clinician"'

# eval: the fields of an answer
echo '{"inputs": {"rr": 25, "temp_c": 38.0, "pregnancy": "not_pregnant"}}' > "$dir/in"
run 0 eval --packs "$packs" MINI-SCORE
cat > "$dir/expected" << 'END'
{"rule":"MINI-SCORE","version":"1.0.0","enabled":true,"status":"fired","value":5,"complete":true,"missing":[],"stale":[],"band":"high","band_hi":"high","priority":2,"alarm":true,"conditions":[],"items":[{"name":"rr","points":2},{"name":"temp_c","points":3}],"measure_next":null,"used":[{"name":"rr","value":25,"unit":"/min","age_s":0,"because":true},{"name":"temp_c","value":38.0,"unit":"Cel","age_s":0,"because":true},{"name":"pregnancy","value":"not_pregnant","unit":"{enum}","age_s":0,"because":false}],"source":"made up","mark":"PROJ","signed":false}
END
cmp -s "$dir/out" "$dir/expected" || fail "eval of a whole score"

# missing is an interval; null is missing; a decimal is exact; a rule sees the results of others; time passes
cat > "$dir/in" << 'END'
{"inputs": {"rr": 25, "temp_c": null}}
{"inputs": {"temp_c": 37.9, "rr": 20, "pregnancy": "not_pregnant"}}
{"inputs": {"temp_c": 38, "rr": 20, "pregnancy": "not_pregnant"}, "now": "15:01"}
END
run 0 eval --packs "$packs" MINI-SCORE
[ "$(wc -l < "$dir/out")" = 3 ] || fail "a line of answer a case"
has '"lo":2,"hi":5,"complete":false,"missing":["temp_c","pregnancy"]'
has '"value":0,"complete":true'
has '"value":3,"complete":true,"missing":[],"stale":["rr","temp_c"]'
echo '{"inputs": {"sbp": 70, "chest_pain": true}}' > "$dir/in"
run 0 eval --packs "$packs" MINI-LOW MINI-BOTH MINI-OFF
[ "$(grep -c '"status":"fired"' "$dir/out")" = 3 ] || fail "three rules of one case"
has '"conditions":["X01"]'
has '"signed":true'
has '"rule":"MINI-OFF","version":"1.0.0","enabled":false'
cat > "$dir/in" << 'END'
{"inputs": {"fmc": 600, "chest_pain": true}, "now": "10:00"}
{"inputs": {"fmc": 601, "chest_pain": true}, "now": "10:00"}
{"inputs": {"fmc": true, "ecg": {"at": "10:00"}, "chest_pain": true}, "now": 700}
{"readings": [{"at": "0:00", "fmc": true, "chest_pain": true}, {"at": 601, "ecg": true}]}
END
run 0 eval --packs "$packs" MK-01
for band in due-soon overdue met late; do has "\"band\":\"$band\""; done
echo '{"date": "2024-12-06", "inputs": {"lmp_date": "2024-02-29"}}' > "$dir/in"
run 0 eval --packs "$packs" MINI-TERM
has '"band":"past"'
has '"value":"2024-02-29"'

# eval: every line that is no case is answered in its place, and the next is read
cat > "$dir/in" << 'END'
{"inputs": {"sbpp": 85}}
{"inputs": {"sbp": "85"}}
{"inputs": {"sbp": 85.5}}
{"inputs": {"sbp": 351}}
{"inputs": {"sbp": -1}}
{"inputs": {"sbp": 1e2}}
{"inputs": {"temp_c": 37.25}}
{"inputs": {"chest_pain": "perhaps"}}
{"inputs": {"pregnancy": 2}}
{"inputs": {"lmp_date": "2024-02-29"}}
{"date": "2024-12-06", "inputs": {"lmp_date": "2023-02-29"}}
{"inputs": {"fmc": -5}}
{"inputs": {"fmc": {"at": "9:00"}}}
{"inputs": {"sbp": [85]}}
{"inputs": [85]}
{"inputs": {"sbp": 85}, "reading": []}
{"inputs": {"sbp": 85}, "now": "soon"}
{"readings": [{"sbp": 85}]}
{"inputs": {"sbp": 85, "sbp": 86}}
{"inputs": {"sbp": &a 85, "hr": *a}}
{"inputs": {"血压血压血压血压血压血压血压血压血压血压血压血压血压血压": 1}}
[]

{
{"inputs": {"sbp": 85}}
END
run 1 eval --packs "$packs" MINI-LOW
[ "$(wc -l < "$dir/out")" = 25 ] || fail "a line of answer a line"
[ "$(grep -c '^{"error":{"line":' "$dir/out")" = 24 ] || fail "24 errors"
[ "$(grep -c '"cure":"."' "$dir/out")" = 0 ] || fail "a cure each"
for word in "'sbpp' is no input" "without quotes, in steps of 1 mm[Hg]" "give a value from 0 to 350" \
  "in steps of 0.1 Cel" "true, false" "not_pregnant pregnant postpartum" "no day to count from" "is no date" \
  "is no event" 'happens after' '"line":23,"what":"the line is empty"' "'soon' is no time" "'at' is missing"; do has "$word"; done
tail -n 1 "$dir/out" | grep -q '"band":"shock"' || fail "the last line is a case"

if ! iconv -f utf-8 -t utf-8 "$dir/out" > /dev/null; then fail "not UTF-8"; fi

# a line too long is one error, and the next is read
{ printf '{"inputs": {"sbp": 85}, "x": "'; head -c 70000 /dev/zero | tr '\0' x; printf '"}\n{"inputs": {"sbp": 85}}\n'; } > "$dir/in"
run 1 eval --packs "$packs" MINI-LOW
[ "$(wc -l < "$dir/out")" = 2 ] || fail "two answers"
has "at most 65536"

# explain: in words, and in eval
echo '{"inputs": {"sbp": 70}}' > "$dir/in"
run 0 explain --packs "$packs" MINI-LOW
has "休克"
has "Shock"
has "made up"
run 0 eval --explain --packs "$packs" MINI-LOW
has '"explanation":{"zh":"'
: > "$dir/in"
run 1 explain --packs "$packs" MINI-LOW
has "no case on standard input"

# test: all failures; mutants that nobody notices
run 0 test "$packs"
run 1 test --mutate "$packs"
has "survived MINI-LOW general/mini.yaml:"
grep -Eq '^total +[0-9]+ of +[0-9]+ killed +[0-9]+\.[0-9]{2} %' "$dir/out" || fail "no total"
sed -i 's/expect: {status: fired, lo: 2, hi: 2, level: low}/expect: {status: fired, lo: 1, hi: 2, level: high}/' \
  "$packs/general/mini.yaml"
sed -i 's/given: {sbp: 120, chest_pain: yes}, expect: {status: not_fired}/given: {sbp: 120, chest_pain: yes}, expect: {status: fired}/' \
  "$packs/general/mini.yaml"
run 1 test "$packs"
has "MS-3"
has "MB-2"
run 1 check "$packs"
has "MS-3"
lacks "all passed"

# diff: words alone are no behaviour; a bound is
rm -r "$packs"; cp -r "$here/packs" "$packs"; cp -r "$packs" "$dir/other"
run 0 diff "$packs" "$dir/other"
has "they behave the same"
sed -i 's/zh: 休克, en: Shock/zh: 休克！, en: Shock/; 0,/version: 1.0.0/s//version: 1.0.1/' "$dir/other/general/mini.yaml"
run 0 diff "$packs" "$dir/other"
has "changed MINI-SCORE: version: 1.0.0 -> 1.0.1"
has "changed MINI-LOW: level shock title: 休克 -> 休克！"
sed -i 's/value: 90, min/value: 96, min/' "$dir/other/general/mini.yaml"
run 1 diff "$packs" "$dir/other"
has "changed policy.low_sbp: value: 90 -> 96"
has "behaves MINI-LOW: on general/mini.yaml ML-1 at policy.low_sbp: not_fired 0..0 none"
has "they behave differently"
cp "$dir/other/general/mini.yaml" "$dir/saved"
sed -i 's/id: MINI-TERM/id: MINI-TERMS/; s/alarm: yes,$/alarm: no,/' "$dir/other/general/mini.yaml"
run 1 diff "$packs" "$dir/other"
has "removed MINI-TERM 1.0.0"
has "added MINI-TERMS 1.0.0"
cp "$dir/saved" "$dir/other/general/mini.yaml"

# replay: whose triage would have been another; the journal is not touched
mkdir "$dir/journal"
"$make_journal" "$dir/journal" "$packs" "$source/server/routing/data/guiyang-directory.yaml"
before=$(cat "$dir/journal/journal.db" | cksum)
run 0 replay "$dir/journal" --pack "$packs"
cat > "$dir/expected" << 'END'
{"patients":1,"differ":0,"more_urgent":0,"less_urgent":0,"conditions_differ":0,"levels_differ":0}
END
cmp -s "$dir/out" "$dir/expected" || fail "replay under the same packs"
run 1 replay "$dir/journal" --pack "$dir/other"
cat > "$dir/expected" << 'END'
{"patient":"01000200000000000000000000000000","priority":{"record":0,"new":1},"conditions":{"gained":["X01"],"lost":[]},"levels":{"gained":["MINI-LOW shock"],"lost":[]}}
{"patients":2,"differ":1,"more_urgent":1,"less_urgent":0,"conditions_differ":1,"levels_differ":1}
END
cmp -s "$dir/out" "$dir/expected" || fail "replay under other packs"
[ "$(cat "$dir/journal/journal.db" | cksum)" = "$before" ] || fail "replay changed the journal"
run 1 replay "$dir" --pack "$packs"
has "no journal that can be read"

# docs: made, checked, cleaned up
docs() { run "$1" docs --packs "$packs" --coverage "$dir/coverage" --out "$dir/docs" $2; }
cp -r "$here/coverage" "$dir/coverage"
docs 0 ""
docs 0 --check
for word in "**未签署 UNSIGNED**" "≥ 38.0 °C: **3**"; do
  grep -qF "$word" "$dir/docs/general/MINI-SCORE.md" || fail "MINI-SCORE.md lacks $word"
done
grep -qF '收缩压 `sbp` < 90 mmHg [`policy.low_sbp`](../policy.md)' "$dir/docs/general/MINI-LOW.md" || fail "MINI-LOW.md"
grep -qF '[MINI-LOW 测试低血压](../general/MINI-LOW.md) 成立 fired' "$dir/docs/general/MINI-BOTH.md" || fail "MINI-BOTH.md has no link"
grep -qF 'Low \| with pain' "$dir/docs/general/MINI-BOTH.md" || fail "a bar in a cell"
grep -qF '| 时限 Within | 10 min |' "$dir/docs/general/PW-MINI.md" || fail "PW-MINI.md"
grep -qF '6 rows: 4 implemented, 1 disabled, 1 not specified, 0 missing' "$dir/docs/coverage.md" || fail "coverage.md"
echo changed >> "$dir/docs/general/MINI-LOW.md"
docs 1 --check
has "MINI-LOW.md: is not what the packs say"
docs 0 ""
docs 0 --check
sed 's/MINI-LOW/MINI-GONE/' "$dir/docs/general/MINI-LOW.md" > "$dir/docs/general/MINI-GONE.md"
echo "by hand" > "$dir/docs/general/notes.md"
docs 1 --check
has "MINI-GONE.md: belongs to no rule"
docs 0 ""
[ ! -e "$dir/docs/general/MINI-GONE.md" ] && [ -e "$dir/docs/general/notes.md" ] || fail "the wrong page was removed"
echo 'chest-pain,2,nothing,MINI-NONE,implemented,' >> "$dir/coverage/mini.csv"
docs 1 --check
has "no rule, pathway or condition 'MINI-NONE'"
sed '/MINI-NONE/d; /MINI-TERM/d; s/,disabled,not confirmed by a clinician/,off,/' "$here/coverage/mini.csv" > "$dir/coverage/mini.csv"
docs 1 --check
has "no row names rule 'MINI-TERM'"
has "no status is called 'off'"
rm "$dir/coverage/mini.csv"
docs 1 --check
has "no *.csv in"
echo "rules: every command answers and names what is wrong"
