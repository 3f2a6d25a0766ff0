/* SPDX-License-Identifier: Apache-2.0 */
/* An alarm for a woman who is pregnant or has just given birth brings her to emergency obstetrics, whichever pack raises it:
 * over all levels of the obstetric packs, and over every story that any pack with an alarm tells of itself. */
#include "../../../../clinical-rules/engine/pack_suite.h"
#include "../support.h"
#include "guiyang.h"
#include "rank.h"

#define FAR_S 1500u /* to all hospitals but one */
#define NEAR_S 60u
#define FAULTS_SHOWN 20u

static const struct {
    int32_t pregnancy, ga_days;
} women[] = {{2, 140}, {2, 252}, {3, 252}}; /* 20 and 36 weeks; after birth */

static struct {
    struct packs packs;
    struct jz_pack_error error;
    struct jz_pack_tests report;
    struct jz_loader *loader;
    struct jz_suite suite;
    const struct jz_directory *directory;
    struct jz_travel travel;
    uint32_t children; /* the hospital around the corner, which treats no mother */
    uint32_t faults;
} world;

static int set_up(void **state) {
    (void)state;
    packs_read(&world.packs);
    enum jz_status status =
        jz_loader_open(world.packs.source, world.packs.count, true, &world.loader, &world.error);
    if (status != JZ_OK) fail_msg("%s:%d: %s", world.error.file, world.error.line, world.error.text);
    world.suite.l = world.loader;
    world.suite.report = &world.report;
    jz_suite_read(&world.suite);
    assert_int_equal(world.report.failed, 0);
    world.directory = guiyang_directory(true);
    world.children = facility_index(world.directory, "shcmc-gz");
    for (uint32_t f = 0; f < world.directory->facility_count; f++)
        world.travel.seconds[f] = f == world.children ? NEAR_S : FAR_S + f;
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    jz_suite_free(&world.suite);
    jz_loader_free(world.loader);
    packs_free(&world.packs);
    return 0;
}

static const struct jz_program *program(void) {
    return world.loader->program;
}

static bool is_in_pack(uint32_t rule, const char *folder) {
    return strncmp(jz_program_rule(program(), rule)->pack, folder, strlen(folder)) == 0;
}

static bool asks_for_obstetrics(const struct jz_condition_info *c) {
    for (uint32_t i = 0; i < c->must_count && !c->fetal; i++)
        if (c->must[i].count == 1 && strcmp(c->must[i].key[0], "obstetrics_emergency") == 0) return true;
    return false;
}

/* By its own row, or in an aortic dissection, where obstetrics is a should (clinical-obstetric 14.3). */
static bool leads_to_obstetrics(uint64_t conditions) {
    for (uint64_t left = conditions; left; left &= left - 1u) {
        const struct jz_condition_info *c = jz_program_condition(program(), (uint32_t)__builtin_ctzll(left));
        if (asks_for_obstetrics(c) || strcmp(c->id, "OB-AORTA") == 0) return true;
    }
    return false;
}

/* --- levels --------------------------------------------------------------------------------------------------------- */

/* Alarms that need no way of their own. */
static const struct {
    const char *rule, *level; /* NULL: all */
} led_by_another[] = {
    {"GEN-NEWS2", NULL},                 /* not for pregnancy */
    {"GEN-SI", NULL},                    /* OB-OSI is an alarm from 1.3 on */
    {"CP-KILLIP", NULL},                 /* CP-KILLIP-DEST has the row */
    {"CP-ACS-R03", NULL},                /* with any of it CP-NSTE-VHR, CP-STEMI or CP-KILLIP-DEST */
    {"OB-ARREST", "arrest"},             /* with CA-ARREST; nobody knows yet how far along she is, or if */
    {"OB-OMQSOFA", "positive-possible"}, /* nobody knows that she is pregnant */
};

static bool is_led_by_another(const char *rule, const char *level) {
    for (size_t i = 0; i < sizeof led_by_another / sizeof led_by_another[0]; i++)
        if (strcmp(led_by_another[i].rule, rule) == 0 &&
            (!led_by_another[i].level || strcmp(led_by_another[i].level, level) == 0))
            return true;
    return false;
}

static bool couples(uint32_t rule) {
    return strncmp(jz_program_rule(program(), rule)->id, "RT-OB-", 6) == 0;
}

static struct jz_rule_set read_by_who_couples(void) {
    struct jz_rule_set read = {{0}};
    for (uint32_t rule = 0; rule < jz_program_rule_count(program()); rule++) {
        if (!couples(rule)) continue;
        jz_rule_set_unite(&read, &program()->reads[rule]);
        for (uint32_t i = 0; i < jz_program_rule(program(), rule)->level_count; i++)
            assert_true(leads_to_obstetrics(jz_program_level(program(), rule, i)->conditions));
    }
    return read;
}

/* Those of obstetric packs and of all others; a newborn is no woman. */
static void every_alarm_names_a_row_that_needs_obstetrics_or_is_read_by_a_rule_that_does(void **state) {
    struct jz_rule_set read = read_by_who_couples();
    uint32_t alarms = 0;
    (void)state;
    for (uint32_t rule = 0; rule < jz_program_rule_count(program()); rule++) {
        const struct jz_rule_info *info = jz_program_rule(program(), rule);
        for (uint32_t i = 0; i < info->level_count && !is_in_pack(rule, "neonatal/"); i++) {
            const struct jz_level_info *level = jz_program_level(program(), rule, i);
            if (!level->alarm) continue;
            alarms++;
            if (!leads_to_obstetrics(level->conditions) && !jz_rule_set_has(&read, rule) &&
                !is_led_by_another(info->id, level->id))
                fail_msg(
                    "%s, level %s: an alarm with no way to obstetrics for a pregnant woman; name OB-CARE, or "
                    "let a rule RT-OB of routing/rules read it",
                    info->id, level->id);
        }
    }
    assert_true(alarms > 100);
}

/* What stands for OB-CARE may not ask for less, or it would take obstetrics away; but for OB-AORTA, as above. */
static void whatever_stands_for_the_row_of_every_alarm_needs_obstetrics_too(void **state) {
    uint64_t care = condition_bit(program(), "OB-CARE");
    (void)state;
    for (uint32_t i = 0; i < jz_program_condition_count(program()); i++)
        if (jz_program_condition(program(), i)->replaces & care)
            assert_true(leads_to_obstetrics(UINT64_C(1) << i));
}

static bool can_alarm(uint32_t rule) {
    for (uint32_t i = 0; i < jz_program_rule(program(), rule)->level_count; i++)
        if (jz_program_level(program(), rule, i)->alarm) return true;
    return false;
}

/* --- stories -------------------------------------------------------------------------------------------------------- */

/* What a patient's record holds of the rules: latched, as the core does it. */
struct patient {
    struct jz_chart chart;
    struct jz_rule_set due;
    uint64_t conditions;
    uint64_t alarm[JZ_RULES_MAX]; /* bit per level that has raised one */
    uint32_t alarm_rule;          /* the last of them; UINT32_MAX: none */
    uint8_t priority, alarm_level;
};

static void take(struct patient *p, uint32_t rule) {
    const struct jz_rule_result *r = &p->chart.result[rule];
    if (r->status != JZ_RULE_FIRED || r->level == JZ_LEVEL_NONE) return;
    const struct jz_level_info *level = jz_program_level(program(), rule, r->level);
    p->conditions |= level->conditions;
    if (level->priority && level->priority < p->priority) p->priority = level->priority;
    if (!level->alarm) return;
    p->alarm[rule] |= UINT64_C(1) << r->level;
    p->alarm_rule = rule;
    p->alarm_level = r->level;
}

static void judge(struct patient *p, int64_t now_ms) {
    struct jz_rule_set changed = jz_chart_update(program(), &p->chart, p->due, now_ms);
    memset(&p->due, 0, sizeof p->due);
    for (uint32_t w = 0; w < JZ_RULES_MAX / 64u; w++)
        for (uint64_t left = changed.word[w]; left; left &= left - 1u)
            take(p, w * 64u + (uint32_t)__builtin_ctzll(left));
}

static void learn(struct patient *p, uint32_t field_index, int32_t value, int64_t taken_ms) {
    struct jz_reading reading = {.taken_ms = taken_ms, .value = value, .validity = JZ_VALID};
    (void)!jz_chart_observe(program(), &p->chart, field_index, reading, &p->due);
}

static bool has_level(const struct patient *p, const char *rule, const char *level) {
    uint32_t index = rule_index(program(), rule);
    const struct jz_rule_result *r = &p->chart.result[index];
    return r->status == JZ_RULE_FIRED && strcmp(level_id(program(), index, r->level), level) == 0;
}

static void all_are_due(struct patient *p) {
    for (uint32_t i = 0; i < jz_program_rule_count(program()); i++) jz_rule_set_add(&p->due, i);
}

/* A story of a pack, told of a woman: what it does not say about that itself is said first. */
static void tell(struct patient *p, const struct jz_test *test, int32_t pregnancy, int32_t ga_days) {
    *p = (struct patient){.priority = 5, .alarm_rule = UINT32_MAX};
    all_are_due(p);
    learn(p, field("sex"), 2, test->base_ms);
    learn(p, field("age_years"), 30, test->base_ms);
    learn(p, field("ga_days"), ga_days, test->base_ms);
    learn(p, field("pregnancy"), pregnancy, test->base_ms);
    for (uint32_t i = 0; i < test->readings; i++) {
        const struct jz_test_reading *given = jz_reading_at(&world.suite, test, i);
        bool last = i + 1 == test->readings || jz_reading_at(&world.suite, test, i + 1)->at_s != given->at_s;
        learn(p, given->field, given->value, test->base_ms + given->at_s * 1000);
        if (last) judge(p, test->base_ms + given->at_s * 1000);
    }
    all_are_due(p);
    judge(p, test->base_ms + test->now_s * 1000);
}

static void blame(const struct patient *p, const struct jz_test *test, const char *what) {
    char named[512] = "";
    for (uint64_t left = p->conditions; left; left &= left - 1u)
        snprintf(named + strlen(named), sizeof named - strlen(named), " %s",
                 jz_program_condition(program(), (uint32_t)__builtin_ctzll(left))->id);
    if (world.faults++ < FAULTS_SHOWN)
        print_error("%s of %s, told of a woman: alarm by %s (%s), conditions%s: %s\n", test->id,
                    world.loader->pack[test->at.pack].y.file, jz_program_rule(program(), p->alarm_rule)->id,
                    level_id(program(), p->alarm_rule, p->alarm_level), named, what);
}

static const struct jz_ranking *rank(const struct patient *p, uint8_t priority) {
    static struct jz_ranking ranking;
    struct jz_rank_request request = {.program = program(),
                                      .directory = world.directory,
                                      .travel = &world.travel,
                                      .conditions = p->conditions,
                                      .priority = priority};
    jz_rank(&request, &ranking);
    return &ranking;
}

static bool is_ranked(const struct jz_ranking *ranking, uint32_t facility) {
    for (uint32_t i = 0; i < ranking->candidate_count; i++)
        if (ranking->candidate[i].facility == facility) return true;
    return false;
}

static void check_ways(const struct patient *p, const struct jz_test *test) {
    const struct jz_ranking *ranking = rank(p, p->priority);
    /* While the heart stands still, or a lung is under tension, the nearest department counts (11.3.5). */
    if (ranking->nearest) return;
    if (!leads_to_obstetrics(p->conditions)) blame(p, test, "no way to obstetrics");
    if (is_ranked(ranking, world.children)) blame(p, test, "ranks a children's hospital");
    if (ranking->fallback && ranking->fallback_facility == world.children)
        blame(p, test, "falls back on a children's hospital");
}

/* @return whether an alarm was raised for a woman */
static bool check_story(const struct jz_test *test, int32_t pregnancy, int32_t ga_days, uint64_t *seen) {
    static struct patient p;
    tell(&p, test, pregnancy, ga_days);
    bool woman = has_level(&p, "OB-STATUS", "pregnant") || has_level(&p, "OB-STATUS", "postpartum");
    if (!woman || p.alarm_rule == UINT32_MAX) return false;
    for (uint32_t rule = 0; rule < JZ_RULES_MAX; rule++) seen[rule] |= p.alarm[rule];
    check_ways(&p, test);
    return true;
}

/* Or the test would hold because a story is not told. */
static void check_all_seen(const uint64_t *seen) {
    for (uint32_t rule = 0; rule < jz_program_rule_count(program()); rule++)
        for (uint32_t i = 0; i < jz_program_rule(program(), rule)->level_count; i++) {
            const struct jz_level_info *level = jz_program_level(program(), rule, i);
            const char *id = jz_program_rule(program(), rule)->id;
            if (level->alarm && !is_in_pack(rule, "neonatal/") && !is_led_by_another(id, level->id) &&
                !(seen[rule] >> i & 1u))
                fail_msg("no story raises the alarm of %s, level %s, for a woman", id, level->id);
        }
}

static void no_alarm_for_a_woman_leads_to_a_childrens_hospital(void **state) {
    static uint64_t seen[JZ_RULES_MAX];
    uint32_t alarms = 0;
    (void)state;
    for (uint32_t rule = 0; rule < jz_program_rule_count(program()); rule++) {
        if (!can_alarm(rule) || is_in_pack(rule, "neonatal/")) continue;
        for (uint32_t t = world.suite.first_test[rule]; t < world.suite.first_test[rule + 1]; t++)
            for (size_t i = 0; i < sizeof women / sizeof women[0]; i++)
                alarms +=
                    check_story(jz_test_at(&world.suite, t), women[i].pregnancy, women[i].ga_days, seen);
    }
    check_all_seen(seen);
    assert_int_equal(world.faults, 0);
    assert_true(alarms > 1000);
}

/* Whether or not anything is wrong, and whatever priority a person gave her: a birth is possible. */
static void from_24_weeks_on_the_need_of_the_newborn_never_stands_alone(void **state) {
    static const int32_t days[] = {168, 196, 224, 252, 280};
    static struct patient p;
    struct jz_test nothing_else = {.id = "24 weeks or more", .base_ms = T0};
    (void)state;
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        tell(&p, &nothing_else, 2, days[i]);
        assert_int_equal(p.alarm_rule, UINT32_MAX);
        assert_true(p.conditions & condition_bit(program(), "OB-NICU"));
        for (uint8_t priority = 1; priority <= 5; priority++) {
            assert_true(rank(&p, priority)->candidate_count > 2);
            assert_false(is_ranked(rank(&p, priority), world.children));
        }
    }
}

/* Amniotic fluid embolism is suspected during an arrest, and is no return of circulation. */
static void an_arrest_goes_to_the_nearest_department_until_circulation_returns(void **state) {
    static const struct {
        const char *id;
        bool nearest;
    } beside[] = {{"OB-AFE", true}, {"OB-CARE", true}, {"R22", true}, {"OB-ROSC", false},
                  {"R14", false},   {"R15", false},    {"R16", false}};
    (void)state;
    for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
        static struct patient p;
        p = (struct patient){.conditions =
                                 condition_bit(program(), "R13") | condition_bit(program(), beside[i].id)};
        assert_int_equal(rank(&p, 1)->nearest, beside[i].nearest);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_alarm_names_a_row_that_needs_obstetrics_or_is_read_by_a_rule_that_does),
        cmocka_unit_test(whatever_stands_for_the_row_of_every_alarm_needs_obstetrics_too),
        cmocka_unit_test(from_24_weeks_on_the_need_of_the_newborn_never_stands_alone),
        cmocka_unit_test(an_arrest_goes_to_the_nearest_department_until_circulation_returns),
        cmocka_unit_test(no_alarm_for_a_woman_leads_to_a_childrens_hospital),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
