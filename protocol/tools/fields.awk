# SPDX-License-Identifier: Apache-2.0
# protocol/fields.csv -> a C table. Any row that is not what field.h promises stops the build.
function refuse(why) { printf "%s:%d: %s\n", FILENAME, FNR, why > "/dev/stderr"; bad = 1; exit 1 }
function whole(text) { return text ~ /^-?(0|[1-9][0-9]*)$/ }
BEGIN {
    FS = ","
    columns = "code,term,field,kind,scale,unit,min,max,fresh_s,loinc,zh,en"
    print "/* SPDX-License-Identifier: Apache-2.0 */"
    print "/* Generated from protocol/fields.csv by protocol/tools/fields.awk; edit the table, not this. */"
    print "#include \"field_table.h\""
    print "const struct jz_field jz_field_table[] = {"
}
/^#/ { next }
!header { if ($0 != columns) refuse("the columns are " columns); header = 1; next }
NF != 12 { refuse("a row has 12 columns, this one " NF) }
/["\\]/ { refuse("quotes and backslashes are not allowed") }
!(whole($1) && whole($5) && whole($7) && whole($8) && whole($9)) { refuse("code, scale, min, max and fresh_s are whole numbers") }
$1 + 0 <= code { refuse("codes ascend, " $1 " does not") }
$1 + 0 > 4294967295 { refuse("a code has 32 bits") }
$4 !~ /^[vfa]$/ { refuse("kind is v, f or a") }
$5 + 0 < 1 || $9 + 0 < 0 || $7 + 0 > $8 + 0 { refuse("scale >= 1, fresh_s >= 0, min <= max") }
$2 == "" || $3 == "" || $6 == "" || $11 == "" || $12 == "" { refuse("only loinc may be empty") }
$3 in names { refuse("field name " $3 " is taken") }
{
    code = $1 + 0; names[$3] = 1; rows++
    printf "    {%su, \"%s\", \"%s\", '%s', %s, \"%s\", %s, %s, %s, \"%s\", \"%s\", \"%s\"},\n", \
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12
}
END {
    if (bad) exit 1
    if (rows < 1 || rows > 64) refuse("1 to 64 rows (JZ_FIELDS_MAX), not " rows)
    print "};"
    printf "const uint32_t jz_field_table_rows = %d;\n", rows
}
