/* SPDX-License-Identifier: Apache-2.0 */
#include "assets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "net_fixture.h"

static char folder[64];

static void put(const char *name, const char *text) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

static int setup(void **state) {
    char path[256];
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/jz-assets-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/assets", folder);
    return mkdir(path, 0700);
}

static int teardown(void **state) {
    (void)state;
    remove_tree(folder);
    return 0;
}

static void the_page_and_its_assets_are_found_by_their_whole_path(void **state) {
    struct assets assets;
    (void)state;
    put("index.html", "page");
    put("assets/main-4f2a9c1e.js", "script");
    put("assets/main-4f2a9c1e.js.gz", "zip");
    put("assets/style.css", "style");
    put("assets/notes.key", "of a kind that is not served");
    assert_int_equal(assets_load(folder, &assets), JZ_OK);
    assert_int_equal(assets.count, 3);
    const struct asset *a = assets_find(&assets, "/assets/main-4f2a9c1e.js");
    assert_int_equal(a->plain_bytes, 6);
    assert_memory_equal(a->gzip, "zip", 3);
    assert_true(a->immutable);
    assert_false(assets_find(&assets, "/assets/style.css")->immutable);
    assert_null(assets_find(&assets, "/assets/style.css")->gzip);
    assert_false(assets_find(&assets, "/")->immutable);
    assert_null(assets_find(&assets, "/index.html"));
    assert_null(assets_find(&assets, "/assets/notes.key"));
    assert_null(assets_find(&assets, "/assets/main-4f2a9c1e.js.gz"));
    assert_null(assets_find(&assets, "/assets/../index.html"));
    assets_free(&assets);
}

static void a_folder_without_a_page_is_refused(void **state) {
    struct assets assets;
    (void)state;
    assert_int_equal(assets_load(folder, &assets), JZ_E_FILE);
    assets_free(&assets);
}

static void a_name_is_hashed_when_eight_letters_or_digits_stand_before_the_extension(void **state) {
    static const struct {
        const char *name;
        bool hashed;
    } rows[] = {{"main-4f2a9c1e.js", true}, {"main.4f2a9c1e.js", true}, {"main-4F2A9C1.js", false},
                {"main.js", false},         {"4f2a9c1e4f.js", false},   {".js", false},
                {"noextension", false},     {"a-b-12345678.css", true}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(asset_is_hashed(rows[i].name), rows[i].hashed);
}

static void only_known_kinds_have_a_type(void **state) {
    (void)state;
    assert_string_equal(asset_type("a.js"), "text/javascript; charset=utf-8");
    assert_string_equal(asset_type("a.woff2"), "font/woff2");
    assert_string_equal(asset_type("a.js.gz"), "");
    assert_string_equal(asset_type("a"), "");
    assert_string_equal(asset_type(".."), "");
}

int main(void) {
#define ROW(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        ROW(the_page_and_its_assets_are_found_by_their_whole_path),
        ROW(a_folder_without_a_page_is_refused),
        ROW(a_name_is_hashed_when_eight_letters_or_digits_stand_before_the_extension),
        ROW(only_known_kinds_have_a_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
