# SPDX-License-Identifier: Apache-2.0
# protocol/words.csv, then protocol/fields/*.csv -> a C table. Any row that is not what field.h promises stops the build.
# -v max_rows= -v max_gates= are JZ_FIELDS_MAX and JZ_SPIKE_FIELDS_MAX.
function refuse(why) { printf "%s:%d: %s\n", FILENAME, FNR, why > "/dev/stderr"; bad = 1; exit 1 }
function whole(text) { return text ~ /^-?(0|[1-9][0-9]*)$/ }

# "A=1 C=2": values ascend within min..max, a word stands once.
function check_words(text, min, max,    parts, count, i, at, word, value, before, seen) {
    count = split(text, parts, " ")
    if (count < 1) refuse("an {enum} lists its words: name=value name=value")
    for (i = 1; i <= count; i++) {
        at = index(parts[i], "=")
        word = substr(parts[i], 1, at - 1)
        value = substr(parts[i], at + 1)
        if (at == 0 || word !~ /^[A-Za-z0-9_-]+$/ || !whole(value)) refuse("'" parts[i] "' is not word=value")
        if (word in seen) refuse("the word " word " stands twice")
        if (i > 1 && value + 0 <= before) refuse("values of words ascend, " value " does not")
        if (value + 0 < min || value + 0 > max) refuse("the value of " word " is outside min..max")
        seen[word] = 1
        before = value + 0
    }
}

# Whether `pattern` (one * for any part) is the field's.
function fits(pattern, field,    star, head, tail) {
    star = index(pattern, "*")
    if (!star) return pattern == field
    head = substr(pattern, 1, star - 1)
    tail = substr(pattern, star + 1)
    return length(field) >= length(head tail) && substr(field, 1, length(head)) == head && \
        substr(field, length(field) - length(tail) + 1) == tail
}

# The row of words.csv for a word of a field; there is exactly one.
function text_of(field, word,    i, found) {
    for (i = 1; i <= texts; i++) {
        if (text_word[i] != word || !fits(text_field[i], field)) continue
        if (found) refuse("words.csv has two texts for " field " = " word)
        found = i
    }
    if (!found) refuse("words.csv has no text for " field " = " word)
    text_used[found] = 1
    return found
}

# The texts of "A=1 C=2" as a C initializer.
function texts_of(field, words,    parts, count, i, at, row, seen, out) {
    count = split(words, parts, " ")
    for (i = 1; i <= count; i++) {
        at = index(parts[i], "=")
        row = text_of(field, substr(parts[i], 1, at - 1))
        if (("zh" text_zh[row]) in seen || ("en" text_en[row]) in seen) {
            refuse("two words of " field " have the text of " parts[i])
        }
        seen["zh" text_zh[row]] = seen["en" text_en[row]] = 1
        out = out sprintf("{%s, \"%s\", \"%s\"}, ", substr(parts[i], at + 1), text_zh[row], text_en[row])
    }
    return count ? "(const struct jz_field_text[]){" out "{0, NULL, NULL}}" : "NULL"
}

BEGIN {
    FS = ","
    word_columns = "field,word,zh,en"
    columns = "code,term,field,kind,scale,unit,min,max,fresh_s,spike,loinc,words,zh,en"
    print "/* SPDX-License-Identifier: Apache-2.0 */"
    print "/* Generated from protocol/fields/ by protocol/tools/fields.awk; edit the tables, not this. */"
    print "#include <stddef.h>"
    print "#include \"field_table.h\""
    print "const struct jz_field jz_field_table[] = {"
}
FNR == 1 { header = 0 }
{ sub(/\r$/, "") }
/^#/ || $0 == "" { next }
!header {
    header = $0 == word_columns ? "words" : "fields"
    if (header == "fields" && $0 != columns) refuse("the columns are " columns)
    next
}
/["\\]/ { refuse("quotes and backslashes are not allowed") }
header == "words" {
    if (NF != 4) refuse("a row has 4 columns, this one " NF "; commas are not allowed in texts")
    if ($1 == "" || $2 == "" || $4 == "" || $3 !~ /[^ -~]/) refuse("a word has a Chinese and an English text")
    text_at[++texts] = FILENAME ":" FNR
    text_field[texts] = $1
    text_word[texts] = $2
    text_zh[texts] = $3
    text_en[texts] = $4
    next
}
NF != 14 { refuse("a row has 14 columns, this one " NF "; commas are not allowed in texts") }
!(whole($1) && whole($5) && whole($7) && whole($8) && whole($9) && whole($10)) {
    refuse("code, scale, min, max, fresh_s and spike are whole numbers")
}
$1 + 0 <= code { refuse("codes ascend over the files, " $1 " does not") }
$1 + 0 > 4294967295 { refuse("a code has 32 bits") }
$4 !~ /^[vfae]$/ { refuse("kind is v, f, a or e") }
$5 + 0 < 1 || $9 + 0 < 0 || $10 + 0 < 0 || $7 + 0 > $8 + 0 { refuse("scale >= 1, fresh_s >= 0, spike >= 0, min <= max") }
$7 + 0 < -2147483648 || $8 + 0 > 2147483647 { refuse("min and max have 32 bits") }
$2 == "" || $3 == "" || $6 == "" || $13 == "" || $14 == "" { refuse("only loinc and words may be empty") }
$3 !~ /^[a-z][a-z0-9_]*$/ { refuse("a field name is lower case letters, digits and _") }
$3 in names { refuse("field name " $3 " is taken by " names[$3]) }
$2 in terms { refuse("term " $2 " is taken by " terms[$2]) }
($4 == "e") != ($6 == "{event}") { refuse("kind e and unit {event} go together") }
$6 == "{enum}" { check_words($12, $7 + 0, $8 + 0) }
$6 != "{enum}" && $12 != "" { refuse("only an {enum} has words") }
$6 == "{bool}" && !($7 == "0" && $8 == "1" && $5 == "1") { refuse("a {bool} is 0..1 at scale 1") }
$10 + 0 > 0 && ++gates > max_gates { refuse("at most " max_gates " fields have a spike gate (JZ_SPIKE_FIELDS_MAX)") }
++rows > max_rows { refuse("at most " max_rows " rows (JZ_FIELDS_MAX)") }
{
    code = $1 + 0
    names[$3] = terms[$2] = FILENAME ":" FNR
    words = $6 == "{bool}" ? "no=0 yes=1" : $12
    row = $10 + 0 > 0 ? gates - 1 : -1
    said = texts_of($6 == "{bool}" ? $6 : $3, words)
    printf "    {%su, \"%s\", \"%s\", '%s', %s, \"%s\", %s, %s, %s, %s, %d, \"%s\", \"%s\", %s, \"%s\", \"%s\"},\n", \
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, row, $11, words, said, $13, $14
}
END {
    if (bad) exit 1
    if (rows < 1) refuse("no rows")
    for (i = 1; i <= texts; i++) if (!text_used[i]) refuse(text_at[i] " is a text of no word")
    print "};"
    printf "const uint32_t jz_field_table_rows = %d;\n", rows
}
