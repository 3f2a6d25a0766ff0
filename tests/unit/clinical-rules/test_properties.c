/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold for every rule of the tree, on random patients. Values are drawn at the bounds that the rules have
 * for a field, so that every comparison is met from both sides. */
#include "../../../clinical-rules/engine/program.h"
#include "support.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define OBSERVATIONS 48

static struct jz_program *program;
static bool plain[JZ_RULES_MAX]; /**< asks nowhere whether a value is known, and reads no rule that does */

static int unload(void **state) {
    (void)state;
    jz_program_free(program);
    return 0;
}

static bool span_is_plain(struct jz_span span) {
    for (uint32_t i = 0; i < span.count; i++) {
        const struct jz_step *s = &program->step[span.first + i];
        bool asks = s->op == JZ_OP_KNOWN || s->op == JZ_OP_RANGE_NO || s->op == JZ_OP_RANGE_YES ||
                    s->op == JZ_OP_FIRST || s->op == JZ_OP_PENDING;
        bool reads = s->op == JZ_OP_FIRED || s->op == JZ_OP_LEVEL || s->op == JZ_OP_TOTAL;
        if (asks || (reads && !plain[s->field])) return false;
    }
    return true;
}

static bool rule_is_plain(const struct jz_rule *rule) {
    bool is = span_is_plain(rule->applies);
    for (uint32_t i = 0; i < rule->rows.count; i++)
        is &= span_is_plain(program->row[rule->rows.first + i].when);
    for (uint32_t i = 0; i < rule->items.count; i++) {
        const struct jz_item *item = &program->item[rule->items.first + i];
        is &= span_is_plain(item->value);
        for (uint32_t c = 0; c < item->cases.count; c++)
            is &= span_is_plain(program->table[item->cases.first + c].when);
    }
    return is;
}

static int load(void **state) {
    (void)state;
    program = program_of_tree();
    for (uint32_t place = 0; place < program->rule_count; place++)
        plain[program->order[place]] = rule_is_plain(&program->rule[program->order[place]]);
    return 0;
}

struct observation {
    uint32_t field;
    int32_t value;
    int64_t at_ms;
    uint8_t validity;
};

static int32_t draw_value(uint64_t *seed, uint32_t f) {
    const struct jz_field *def = jz_field_at(f);
    uint32_t bounds = program->bound_first[f + 1u] - program->bound_first[f];
    int64_t value = (int64_t)def->min + draw(seed, (uint32_t)(def->max - def->min) + 1u);
    if (bounds)
        value = (int64_t)program->bound[program->bound_first[f] + draw(seed, bounds)].last + draw(seed, 2);
    if (strcmp(def->unit, "{date}") == 0) value = T0 / 86400000 - 300 + draw(seed, 600);
    return value < def->min ? def->min : value > def->max ? def->max : (int32_t)value;
}

/* Fields of one rule at a time and of what it reads: random fields of the whole table would rarely meet. */
static struct observation draw_observation(uint64_t *seed, int64_t at_ms) {
    const struct jz_rule_info *info = &program->rule[draw(seed, program->rule_count)].info;
    struct observation o = {field("pregnancy"), 1 + (int32_t)draw(seed, 3), at_ms, JZ_VALID};
    if (!info->input_count || draw(seed, 12) == 0) return o;
    o.field = info->input[draw(seed, info->input_count)];
    o.value = draw_value(seed, o.field);
    return o;
}

static void put(struct jz_chart *chart, const struct observation *o, struct jz_rule_set *due) {
    struct jz_reading reading = {.taken_ms = o->at_ms, .value = o->value, .validity = o->validity};
    (void)!jz_chart_observe(program, chart, o->field, reading, due);
}

static void update_all(struct jz_chart *chart, int64_t now_ms) {
    (void)jz_chart_update(program, chart, program->enabled, now_ms);
}

/* What arrives: of the moment, late, once more, or only that there is nothing. */
static struct observation draw_arrival(uint64_t *seed, const struct observation *before, size_t count,
                                       int64_t now_ms) {
    uint32_t kind = draw(seed, 12);
    struct observation o = draw_observation(seed, now_ms);
    if (kind == 0) o.at_ms -= draw(seed, 1200) * 1000;
    if (kind == 1) o.validity = JZ_PROBE_OFF;
    return kind == 2 && count ? before[draw(seed, (uint32_t)count)] : o;
}

static void what_an_observation_leaves_alone_would_not_have_changed(void **state) {
    (void)state;
    uint64_t seed = seed_of(__func__);
    static struct jz_chart chart;
    struct observation list[OBSERVATIONS];
    for (int patient = 0; patient < 80; patient++) {
        int64_t now_ms = T0;
        memset(&chart, 0, sizeof chart);
        for (size_t count = 0; count < OBSERVATIONS;) {
            int64_t then_ms = now_ms + draw(&seed, 240) * 1000, wake_ms;
            while ((wake_ms = jz_chart_next_change(program, &chart, now_ms)) <= then_ms) {
                now_ms = wake_ms;
                update_all(&chart, now_ms);
            }
            struct jz_rule_set due = {{0}};
            now_ms = then_ms;
            do {
                list[count] = draw_arrival(&seed, list, count, now_ms);
                put(&chart, &list[count++], &due);
            } while (count < OBSERVATIONS && draw(&seed, 3) == 0);
            (void)jz_chart_update(program, &chart, due, now_ms);
            struct jz_rule_set missed = jz_chart_update(program, &chart, program->enabled, now_ms);
            for (uint32_t r = 0; r < program->rule_count; r++)
                if (jz_rule_set_has(&missed, r))
                    fail_msg("%s was not looked at again after %s = %d", program->rule[r].info.id,
                             jz_field_at(list[count - 1].field)->name, list[count - 1].value);
        }
    }
}

/* Frames of different fields, told in two orders. */
static void the_order_within_a_frame_changes_nothing(void **state) {
    (void)state;
    uint64_t seed = seed_of(__func__);
    static struct jz_chart one, other;
    for (int patient = 0; patient < 80; patient++) {
        int64_t now_ms = T0;
        memset(&one, 0, sizeof one);
        memset(&other, 0, sizeof other);
        for (int frame = 0; frame < 24; frame++) {
            struct observation list[8] = {{0}};
            uint32_t count = 0;
            struct jz_rule_set due = {{0}};
            now_ms += (1 + draw(&seed, 200)) * 1000;
            for (uint32_t tries = 0; tries < COUNT(list); tries++) {
                struct observation o = draw_observation(&seed, now_ms);
                uint32_t i = 0;
                if (draw(&seed, 2))
                    o = (struct observation){draw(&seed, 2) ? program->sbp : program->dbp,
                                             60 + (int32_t)draw(&seed, 120), now_ms, JZ_VALID};
                while (i < count && list[i].field != o.field) i++;
                if (i == count) list[count++] = o;
            }
            for (uint32_t i = 0; i < count; i++) put(&one, &list[i], &due);
            for (uint32_t i = count; i > 0; i--) put(&other, &list[i - 1], &due);
            update_all(&one, now_ms);
            update_all(&other, now_ms);
            assert_memory_equal(one.temporal, other.temporal, sizeof one.temporal);
            assert_memory_equal(one.window, other.window, sizeof one.window);
            assert_memory_equal(one.result, other.result, sizeof one.result);
        }
    }
}

static void the_same_readings_give_the_same_bytes_and_a_shift_of_days_nothing_else(void **state) {
    (void)state;
    uint64_t seed = seed_of(__func__);
    static struct jz_chart one, again, later;
    for (int patient = 0; patient < 40; patient++) {
        int64_t at_ms = T0, shift_ms = (int64_t)draw(&seed, 3000) * 86400000;
        memset(&one, 0, sizeof one);
        memset(&again, 0, sizeof again);
        memset(&later, 0, sizeof later);
        for (int i = 0; i < OBSERVATIONS; i++) {
            struct observation o = draw_observation(&seed, at_ms += draw(&seed, 400) * 1000), moved = o;
            struct jz_rule_set due[3] = {{{0}}, {{0}}, {{0}}};
            moved.at_ms += shift_ms;
            if (strcmp(jz_field_at(o.field)->unit, "{date}") == 0)
                moved.value += (int32_t)(shift_ms / 86400000);
            put(&one, &o, &due[0]);
            put(&again, &o, &due[1]);
            put(&later, &moved, &due[2]);
            (void)jz_chart_update(program, &one, due[0], at_ms);
            (void)jz_chart_update(program, &again, due[1], at_ms);
            (void)jz_chart_update(program, &later, due[2], at_ms + shift_ms);
        }
        assert_memory_equal(&one, &again, sizeof one);
        assert_memory_equal(one.result, later.result, sizeof one.result);
    }
}

/* One set of readings at one moment; temporal criteria see it once. */
static void fill(struct jz_chart *chart, const struct observation *list, size_t count, uint64_t kept) {
    struct jz_rule_set due = {{0}};
    memset(chart, 0, sizeof *chart);
    for (size_t i = 0; i < count; i++)
        if (kept >> i & 1u) put(chart, &list[i], &due);
    update_all(chart, T0);
}

static size_t draw_set(uint64_t *seed, struct observation *list) {
    size_t count = 0;
    while (count < OBSERVATIONS) {
        struct observation o = draw_observation(seed, T0);
        size_t i = 0;
        if (o.field == field("dbp")) continue; /* would disbelieve the systolic value together with itself */
        while (i < count && list[i].field != o.field) i++;
        if (i == count) list[count++] = o;
    }
    return count;
}

static void losing_data_never_raises_lo_nor_lowers_hi_and_rules_nothing_out(void **state) {
    (void)state;
    uint64_t seed = seed_of(__func__);
    static struct jz_chart full, part;
    struct observation list[OBSERVATIONS];
    uint32_t compared = 0;
    for (int patient = 0; patient < 150; patient++) {
        size_t count = draw_set(&seed, list);
        fill(&full, list, count, UINT64_MAX);
        for (int subset = 0; subset < 6; subset++) {
            uint64_t kept = (uint64_t)draw(&seed, UINT32_MAX) << 32 | draw(&seed, UINT32_MAX);
            fill(&part, list, count, kept);
            for (uint32_t r = 0; r < program->rule_count; r++) {
                const struct jz_rule_result *f = &full.result[r], *p = &part.result[r];
                bool both = f->status != JZ_RULE_NOT_APPLICABLE && p->status != JZ_RULE_NOT_APPLICABLE;
                if (!plain[r] || !program->rule[r].info.enabled || !both) continue;
                compared++;
                if (p->lo > f->lo || p->hi < f->hi)
                    fail_msg("%s: %d..%d with less data, %d..%d with all", program->rule[r].info.id, p->lo,
                             p->hi, f->lo, f->hi);
                if (p->level != JZ_LEVEL_NONE && f->level != JZ_LEVEL_NONE && p->level < f->level)
                    fail_msg("%s is more urgent with less data", program->rule[r].info.id);
                bool ruled_out =
                    p->level != JZ_LEVEL_NONE && jz_program_level(program, r, p->level)->rule_out;
                if (ruled_out && f->level != p->level)
                    fail_msg("%s ruled out what all data do not", program->rule[r].info.id);
            }
        }
    }
    assert_true(compared > 1000);
}

static void nothing_known_proposes_nothing(void **state) {
    (void)state;
    static struct jz_chart chart;
    memset(&chart, 0, sizeof chart);
    update_all(&chart, T0);
    for (uint32_t r = 0; r < program->rule_count; r++) {
        struct jz_assessment a;
        if (!program->rule[r].info.enabled) continue;
        jz_rule_evaluate(program, &chart, r, T0, &a);
        if (a.priority || a.alarm || a.conditions || a.used_count)
            fail_msg("%s proposes something for a patient of whom nothing is known",
                     program->rule[r].info.id);
    }
}

static void the_whole_assessment_is_written(void **state) {
    (void)state;
    uint64_t seed = seed_of(__func__);
    static struct jz_chart chart;
    static struct jz_assessment a, b;
    struct observation list[OBSERVATIONS];
    fill(&chart, list, draw_set(&seed, list), UINT64_MAX);
    memset(&a, 0, sizeof a);
    memset(&b, 0xff, sizeof b);
    for (uint32_t r = 0; r < program->rule_count; r++) {
        jz_rule_evaluate(program, &chart, r, T0, &a);
        jz_rule_evaluate(program, &chart, r, T0, &b);
        assert_memory_equal(&a, &b, sizeof a);
        assert_memory_equal(&a.result, &chart.result[r], program->rule[r].info.enabled ? sizeof a.result : 0);
    }
}

static void every_rule_explains_itself_in_both_languages_within_its_buffer(void **state) {
    (void)state;
    uint64_t seed = seed_of(__func__);
    static struct jz_chart chart;
    struct observation list[OBSERVATIONS];
    char whole[16384], small[100];
    fill(&chart, list, draw_set(&seed, list), UINT64_MAX);
    for (uint32_t r = 0; r < program->rule_count; r++) {
        struct jz_assessment a;
        jz_rule_evaluate(program, &chart, r, T0, &a);
        for (int language = JZ_ZH; language <= JZ_EN; language++) {
            size_t bytes = jz_explain_text(program, r, &a, (enum jz_language)language, whole, sizeof whole);
            assert_int_equal(bytes, strlen(whole));
            assert_non_null(strstr(whole, program->rule[r].info.id));
            assert_non_null(strstr(whole, language == JZ_ZH ? "来源" : "Source"));
            bytes = jz_explain_text(program, r, &a, (enum jz_language)language, small, sizeof small);
            assert_true(bytes < sizeof small && small[bytes] == 0);
            assert_memory_equal(small, whole, bytes);
            assert_int_not_equal((unsigned char)whole[bytes] & 0xC0u, 0x80u); /* no character is cut */
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_an_observation_leaves_alone_would_not_have_changed),
        cmocka_unit_test(the_order_within_a_frame_changes_nothing),
        cmocka_unit_test(the_same_readings_give_the_same_bytes_and_a_shift_of_days_nothing_else),
        cmocka_unit_test(losing_data_never_raises_lo_nor_lowers_hi_and_rules_nothing_out),
        cmocka_unit_test(nothing_known_proposes_nothing),
        cmocka_unit_test(the_whole_assessment_is_written),
        cmocka_unit_test(every_rule_explains_itself_in_both_languages_within_its_buffer),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
