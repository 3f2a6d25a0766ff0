/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "config.h"

static enum jz_status load(const char *text, struct jz_config *config, struct jz_pack_error *error) {
    char path[] = "/tmp/jz-config-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    enum jz_status status = jz_config_load(path, config, error);
    unlink(path);
    return status;
}

static void what_is_not_set_has_its_default(void **state) {
    struct jz_config config;
    struct jz_pack_error error;
    (void)state;
    assert_int_equal(load("# nothing\n\n", &config, &error), JZ_OK);
    assert_int_equal(config.device_port, 8443);
    assert_int_equal(config.simulation, 0);
    assert_string_equal(config.data_dir, "/var/lib/jingzhu");
}

static void values_are_taken_without_the_blanks_around_them(void **state) {
    struct jz_config config;
    struct jz_pack_error error;
    (void)state;
    assert_int_equal(load("  device_port=0  \nsimulation = yes\ndata_dir = /a b/c \n", &config, &error),
                     JZ_OK);
    assert_int_equal(config.device_port, 0);
    assert_int_equal(config.simulation, 1);
    assert_string_equal(config.data_dir, "/a b/c");
}

static void a_wrong_line_is_named_with_its_number_and_the_cure(void **state) {
    static const struct {
        const char *text;
        int line;
        const char *says;
    } row[] = {{"device_port = 65536\n", 1, "number"},
               {"device_port = -1\n", 1, "number"},
               {"\ndevice_port = \n", 2, "number"},
               {"device_port = 80x\n", 1, "number"},
               {"simulation = maybe\n", 1, "yes nor no"},
               {"# c\n\nlisten\n", 3, "key = value"},
               {"colour = red\n", 1, "--print-config"},
               {"\ntravel_url = ftp://router\n", 2, "begins with http:// or https://"},
               {"webhook_url = http://sms/\n", 1, "webhook_url: "},
               {"webhook_url = https://sms/\n", 1, "needs webhook_secret"},
               {"encounters_max = 0\n", 1, "from 1 to 1000000"},
               {"device_port = abc\n", 1, "'abc' is not a number from 0 to 65535"},
               {"listen = a\n# c\nlisten = a\n", 3, "line 1"},
               {"device_port = 9\nconsole_port = 9\n", 2, "the same"},
               {"\nconsole_port = 8443\n", 2, "the same"}};
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        struct jz_config config;
        struct jz_pack_error error;
        assert_int_equal(load(row[i].text, &config, &error), JZ_E_CONFIG);
        assert_int_equal(error.line, row[i].line);
        assert_non_null(strstr(error.text, row[i].says));
    }
}

static void both_ports_may_be_any_free_one(void **state) {
    struct jz_config config;
    struct jz_pack_error error;
    (void)state;
    assert_int_equal(load("device_port = 0\nconsole_port = 0\n", &config, &error), JZ_OK);
}

static void a_text_at_the_limit_is_taken_and_one_over_refused(void **state) {
    char text[600];
    struct jz_config config;
    struct jz_pack_error error;
    (void)state;
    for (int over = 0; over < 2; over++) {
        memset(text, 0, sizeof text);
        memcpy(text, "listen = ", 9);
        memset(text + 9, 'a', JZ_CONFIG_TEXT - 1u + (unsigned)over);
        strcat(text, "\n"); /* NOLINT: the buffer has room for twice the limit */
        assert_int_equal(load(text, &config, &error), over ? JZ_E_CONFIG : JZ_OK);
    }
}

static void a_file_that_is_not_there_is_said(void **state) {
    struct jz_config config;
    struct jz_pack_error error;
    (void)state;
    assert_int_equal(jz_config_load("/nonexistent/jingzhud.conf", &config, &error), JZ_E_FILE);
    assert_string_equal(error.file, "/nonexistent/jingzhud.conf");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_set_has_its_default),
        cmocka_unit_test(values_are_taken_without_the_blanks_around_them),
        cmocka_unit_test(a_wrong_line_is_named_with_its_number_and_the_cure),
        cmocka_unit_test(both_ports_may_be_any_free_one),
        cmocka_unit_test(a_text_at_the_limit_is_taken_and_one_over_refused),
        cmocka_unit_test(a_file_that_is_not_there_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
