/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "jingzhu/pack_tests.h"
#include "world.h"

static int complain(const struct jz_pack_error *error, enum jz_status status) {
    fprintf(stderr, "%s", error->file);
    if (error->line) fprintf(stderr, ":%d:%d", error->line, error->column);
    fprintf(stderr, ": %s (%s)\n", error->text, jz_status_name(status));
    return status == JZ_E_FILE ? 70 : 1;
}

static void print_rules(const struct jz_program *program) {
    for (uint32_t i = 0; i < jz_program_rule_count(program); i++) {
        const struct jz_rule_info *rule = jz_program_rule(program, i);
        printf("%-22s %-8s %s / %s%s\n", rule->id, rule->version, rule->title_zh, rule->title_en,
               rule->signed_off ? "" : " (unsigned)");
    }
}

int jz_cmd_rules_check(int argc, char **argv) {
    struct jz_payload payload;
    struct jz_world world = {0};
    struct jz_pack_error error;
    if (argc != 1) {
        fprintf(stderr, "usage: jingzhu rules check DIR\n");
        return 64;
    }
    enum jz_status status = jz_packs_read(argv[0], &payload, &error);
    struct jz_pack_tests tests = {0};
    struct jz_bytes bytes = {payload.data, (uint32_t)payload.bytes};
    if (status == JZ_OK) status = jz_world_set_packs(&world, bytes, &error);
    if (status == JZ_OK && (status = jz_packs_test(bytes, &tests, &error)) != JZ_OK && tests.failed)
        error = tests.first;
    free(payload.data);
    if (status != JZ_OK) {
        jz_world_deinit(&world);
        return complain(&error, status);
    }
    print_rules(world.program);
    printf("%u rules, %u test cases, all passed\n", tests.rules, tests.tests);
    jz_world_deinit(&world);
    return 0;
}
