#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The generator of the field table refuses a word without its text in both languages, and says which. $1: fields.awk.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cat >"$dir/fields.csv" <<'END'
code,term,field,kind,scale,unit,min,max,fresh_s,spike,loinc,words,zh,en
1,T_A,left_side,f,1,{enum},1,2,0,0,,up=1 down=2,左,left
2,T_B,right_side,f,1,{enum},1,2,0,0,,up=1 down=2,右,right
3,T_C,ill,f,1,{bool},0,1,0,0,,,病,ill
END
all='{bool},no,否,no
{bool},yes,是,yes
*_side,up,上,up
*_side,down,下,down'

generate() { # rows of words.csv on stdin
  { echo field,word,zh,en; cat; } >"$dir/words.csv"
  awk -v max_rows=9 -v max_gates=9 -f "$1" "$dir/words.csv" "$dir/fields.csv" >"$dir/out" 2>"$dir/why"
}
refused() { # what it must say; rows on stdin
  if generate "$awk"; then echo "taken, though: $1"; exit 1; fi
  grep -qF -- "$1" "$dir/why" || { echo "not '$1' but: $(cat "$dir/why")"; exit 1; }
}
awk=$1

printf '%s\n' "$all" | generate "$awk" || { cat "$dir/why"; exit 1; }
grep -qF '{1, "上", "up"}, {2, "下", "down"}' "$dir/out"
printf '%s\n' "$all" | grep -v down | refused 'no text for left_side = down'
printf '%s\n' "$all" | sed 's/下/down/' | refused 'a Chinese and an English text'
printf '%s\n' "$all" | sed 's/下,down/下,/' | refused 'a Chinese and an English text'
printf '%s\n' "$all" | sed 's/下/上/' | refused 'two words of left_side have the text of down=2'
printf '%s\nright_side,up,顶,top\n' "$all" | refused 'two texts for right_side = up'
printf '%s\nleft_side,sideways,侧,sideways\n' "$all" | refused 'a text of no word'
printf '%s\n' "$all" | sed 's/下,down/下,down,more/' | refused 'a row has 4 columns'
