/* SPDX-License-Identifier: Apache-2.0 */
/* Packs read beside the loop, over the real packs and over ones that are wrong. */
#include <ev.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "reload.h"

#define PACKS JZ_SOURCE_DIR "/clinical-rules/packs"

struct told {
    uint32_t count;
    char person[32];
    enum jz_status packs, shadow;
    bool has_program, has_shadow;
};

static void on_done(void *context, const char *person, struct jz_loaded *packs, struct jz_loaded *shadow) {
    struct told *told = context;
    told->count++;
    snprintf(told->person, sizeof told->person, "%s", person);
    told->packs = packs->status;
    told->shadow = shadow->status;
    told->has_program = packs->program != NULL;
    told->has_shadow = shadow->program != NULL;
}

static char folder[64], file[96];

static void make_pack(const char *text) {
    snprintf(folder, sizeof folder, "/tmp/jz-reload-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(file, sizeof file, "%s/bad.yaml", folder);
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

static void remove_pack(void) {
    unlink(file);
    rmdir(folder);
}

static void a_pack_with_an_error_is_named_with_its_line_and_nothing_of_it_is_used(void **state) {
    struct jz_loaded loaded;
    (void)state;
    make_pack("pack: bad\ntitle: {zh: 错, en: Bad}\nrules:\n  - id: BAD-1\n    nonsense: yes\n");
    jz_packs_load(folder, &loaded);
    assert_int_equal(loaded.status, JZ_E_PACK);
    assert_null(loaded.program);
    assert_non_null(strstr(loaded.error.file, "bad.yaml"));
    assert_true(loaded.error.line > 0);
    assert_true(loaded.error.text[0] != 0);
    jz_loaded_free(&loaded);
    remove_pack();
}

static void a_folder_that_is_not_there_says_so(void **state) {
    struct jz_loaded loaded;
    (void)state;
    jz_packs_load("/tmp/jz-no-such-folder", &loaded);
    assert_int_equal(loaded.status, JZ_E_FILE);
    assert_true(loaded.error.text[0] != 0);
    jz_loaded_free(&loaded);
}

static void the_loop_goes_on_and_is_told_once(void **state) {
    struct told told = {0};
    struct ev_loop *loop = ev_loop_new(EVFLAG_AUTO);
    struct jz_reload *reload = jz_reload_open(loop, on_done, &told);
    (void)state;
    assert_non_null(reload);
    make_pack("pack: bad\n");
    assert_int_equal(jz_reload_start(reload, PACKS, folder, "陈主任"), JZ_OK);
    assert_int_equal(jz_reload_start(reload, PACKS, "", "another"), JZ_E_FULL);
    while (!told.count) ev_run(loop, EVRUN_ONCE);
    ev_run(loop, EVRUN_NOWAIT);
    assert_int_equal(told.count, 1);
    assert_string_equal(told.person, "陈主任");
    assert_int_equal(told.packs, JZ_OK);
    assert_true(told.has_program);
    assert_int_equal(told.shadow, JZ_E_PACK);
    assert_false(told.has_shadow);
    assert_int_equal(jz_reload_start(reload, folder, "", "陈主任"), JZ_OK);
    while (told.count < 2) ev_run(loop, EVRUN_ONCE);
    assert_int_equal(told.packs, JZ_E_PACK);
    assert_false(told.has_program);
    remove_pack();
    jz_reload_close(reload);
    ev_loop_destroy(loop);
}

static void closing_waits_for_the_worker_and_tells_nobody(void **state) {
    struct told told = {0};
    struct ev_loop *loop = ev_loop_new(EVFLAG_AUTO);
    struct jz_reload *reload = jz_reload_open(loop, on_done, &told);
    (void)state;
    assert_int_equal(jz_reload_start(reload, PACKS, "", "陈主任"), JZ_OK);
    jz_reload_close(reload);
    ev_run(loop, EVRUN_NOWAIT);
    assert_int_equal(told.count, 0);
    ev_loop_destroy(loop);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pack_with_an_error_is_named_with_its_line_and_nothing_of_it_is_used),
        cmocka_unit_test(a_folder_that_is_not_there_says_so),
        cmocka_unit_test(the_loop_goes_on_and_is_told_once),
        cmocka_unit_test(closing_waits_for_the_worker_and_tells_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
