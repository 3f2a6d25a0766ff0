/* SPDX-License-Identifier: Apache-2.0 */
/* The texts of script.h over the project's own packs: their names fit, and their rules are what is told first. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jingzhu/field.h"
#include "script_patient.h"
#include "script_say.h"

static const char *const folders[] = {"chest-pain", "general", "neonatal", "obstetric", "routing", "site"};
#define PACKS_MAX 128

static char *read_file(const char *path, size_t *bytes) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    assert_true(size > 0);
    rewind(file);
    char *content = malloc((size_t)size);
    assert_non_null(content);
    *bytes = fread(content, 1, (size_t)size, file);
    assert_int_equal(*bytes, size);
    fclose(file);
    return content;
}

static size_t read_packs(struct jz_pack_source *source) {
    size_t count = 0;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/clinical-rules/packs/%s", JZ_SOURCE_DIR, folders[i]);
        DIR *dir = opendir(path);
        assert_non_null(dir);
        for (struct dirent *entry; (entry = readdir(dir));) {
            if (!strstr(entry->d_name, ".yaml")) continue;
            char name[512];
            assert_true(count < PACKS_MAX);
            snprintf(name, sizeof name, "%s/%s", folders[i], entry->d_name);
            snprintf(path, sizeof path, "%s/clinical-rules/packs/%s", JZ_SOURCE_DIR, name);
            source[count] = (struct jz_pack_source){.name = strdup(name)};
            source[count].yaml = read_file(path, &source[count].bytes);
            count++;
        }
        closedir(dir);
    }
    return count;
}

static int with_own_packs(void **state) {
    (void)state;
    static struct jz_pack_source source[PACKS_MAX];
    struct jz_pack_error error = {.text = ""};
    size_t count = read_packs(source);
    enum jz_status status = jz_program_compile(source, count, &program, &error);
    for (size_t i = 0; i < count; i++) {
        free((void *)(uintptr_t)source[i].name);
        free((void *)(uintptr_t)source[i].yaml);
    }
    if (status != JZ_OK) fail_msg("%s:%d:%d: %s", error.file, error.line, error.column, error.text);
    return 0;
}

static void every_condition_of_the_packs_has_its_name_in_an_sms_and_room_for_vital_signs(void **state) {
    (void)state;
    for (uint32_t c = 0; c < jz_program_condition_count(program); c++) {
        const struct jz_condition_info *info = jz_program_condition(program, c);
        nobody(NULL);
        encounter.complaint = JZ_COMPLAINT_PREGNANCY; /* weeks take the most room */
        encounter.conditions = UINT64_C(1) << c;
        note("age_years", 38);
        note("sex", 2);
        note("ga_days", 254);
        note("sbp", 186);
        note("dbp", 112);
        drive(20);
        assert_non_null(strstr(sms(JZ_ZH), info->title_zh));
        assert_non_null(strstr(text, "血压186/112"));
        assert_non_null(strstr(text, "请答复"));
        assert_null(strstr(sms(JZ_EN), "Condition "));
        assert_null(strchr(text, '?')); /* the packs' English needs nothing that GSM 7 bit has not */
        assert_non_null(strstr(text, "BP 186/112"));
    }
}

static void weeks_come_from_the_due_date_before_what_was_reported(void **state) {
    (void)state;
    encounter.complaint = JZ_COMPLAINT_PREGNANCY;
    note("pregnancy", 2);
    note("ga_days", 254);
    assert_non_null(strstr(sms(JZ_ZH), "孕36+2周"));
    reads(JZ_EN, "pregnant 36 weeks 2 days");
    note("edd_date", (int32_t)(NOW / 86400000) + 70); /* 30 weeks today */
    assert_non_null(strstr(sms(JZ_ZH), "孕30周"));
    reads(JZ_EN, "pregnant 30 weeks;");
}

static void the_packs_own_eclampsia_is_told_with_her_pressure_first(void **state) {
    (void)state;
    static const char begins[] = "P1 32岁女 孕36+2周 子痫/重度子痫前期/高血压急症";
    eclampsia();
    assert_memory_equal(sms(JZ_ZH), begins, sizeof begins - 1);
    const char *pressure = strstr(text, "血压178/112"), *mind = strstr(text, "意识");
    assert_non_null(pressure);
    assert_true(!mind || pressure < mind);
    assert_non_null(strstr(text, "请答复"));
    reads(JZ_ZH, "子痫：子痫（疑似）"); /* of all rules as urgent, one of what is told first */
    reads(JZ_ZH, "请准备 产科、新生儿科");
}

/* With the longest text among its words. */
static int32_t longest_value(const struct jz_field *field) {
    int32_t value = field->max;
    size_t longest = 0;
    for (const struct jz_field_text *word = field->text; word && word->zh; word++)
        if (strlen(word->en) > longest) {
            longest = strlen(word->en);
            value = word->value;
        }
    return value;
}

enum whom { MOTHER, NEWBORN, CHEST };

/* Old, and with the longest of its words; not what would make somebody else of the patient. */
static void tell(const char *name, enum whom whom) {
    uint32_t index = jz_field_by_name(name);
    if (index == JZ_FIELD_UNKNOWN) return;
    if (whom != NEWBORN && strcmp(name, "birth") == 0) return;
    if (whom != MOTHER && strcmp(name, "delivery") == 0) return;
    const struct jz_field *field = jz_field_at(index);
    bool is_one = field->kind == 'e' || strcmp(field->unit, "{bool}") == 0;
    note_as(name, is_one ? 1 : longest_value(field), NOW - 119 * MINUTE, JZ_VALID);
}

static void tell_all(enum whom whom) {
    for (size_t form = 0; form < JZ_SCRIPT_FORMS; form++)
        for (uint32_t i = 0; i < jz_script_form[form].line_count; i++) {
            const struct jz_script_line *line = &jz_script_form[form].line[i];
            if (line->field) tell(line->field, whom);
            if (line->other) tell(line->other, whom);
            for (const char *const *name = line->list; name && *name; name++) tell(*name, whom);
        }
}

static void all_that_can_be_told_of_a_patient_fits_into_the_buffer_for_it(void **state) {
    (void)state;
    for (enum whom whom = MOTHER; whom <= CHEST; whom++) {
        nobody(NULL);
        encounter.complaint = whom == MOTHER ? JZ_COMPLAINT_PREGNANCY : JZ_COMPLAINT_CHEST_PAIN;
        tell_all(whom);
        encounter.conditions = UINT64_MAX >> (64u - jz_program_condition_count(program));
        memset(encounter.callsign, 'c', sizeof encounter.callsign - 1);
        memset(directory.facility[LONG_NAMES].name_en, 'n',
               sizeof directory.facility[LONG_NAMES].name_en - 1);
        drive(60);
        for (int language = JZ_ZH; language <= JZ_EN; language++) {
            size_t bytes =
                jz_script_read(&core, 0, LONG_NAMES, NOW, (enum jz_language)language, text, sizeof text);
            check_utf8(text, bytes);
            assert_null(strstr(text, "未完"));
            assert_null(strstr(text, "(not all)"));
            assert_int_equal(strstr(text, "S 现状") || strstr(text, "S, situation"), whom == MOTHER);
        }
    }
}

/* What stands for the infarction in shock is as urgent as the infarction, and comes before what else is possible. */
static void the_packs_own_infarction_in_shock_is_told_before_what_it_might_also_be(void **state) {
    (void)state;
    static const char begins[] = "P1 58岁男 ACS 伴心源性休克";
    stemi();
    assert_memory_equal(sms(JZ_ZH), begins, sizeof begins - 1);
    assert_non_null(strstr(text, "血压86/54"));
    reads(JZ_EN, "ST elevation confirmed by physician");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(all_that_can_be_told_of_a_patient_fits_into_the_buffer_for_it, nobody),
        cmocka_unit_test_setup(every_condition_of_the_packs_has_its_name_in_an_sms_and_room_for_vital_signs,
                               nobody),
        cmocka_unit_test_setup(weeks_come_from_the_due_date_before_what_was_reported, nobody),
        cmocka_unit_test_setup(the_packs_own_eclampsia_is_told_with_her_pressure_first, nobody),
        cmocka_unit_test_setup(the_packs_own_infarction_in_shock_is_told_before_what_it_might_also_be,
                               nobody),
    };
    return cmocka_run_group_tests(tests, with_own_packs, script_release);
}
