/* SPDX-License-Identifier: Apache-2.0 */
/* "expect": splits a line into expectations, finds their rows, and says what is so where they fail. */
#include <string.h>

#include "verbs.h"

#define SHOWN_MAX 1u /* failures behind which everything that is known of the patient is shown */

static void failed(struct scene *s, uint32_t slot, const struct part *part, bool wanted, const char *so) {
    char text[512], at[32];
    words_join(part, text, sizeof text);
    s->failures++;
    if (s->failures > SCENE_FAILURES_SHOWN) return;
    fprintf(s->to, "%s:%u: at %s: expected %s%s; %s\n", s->path, s->line, scene_time(s, s->now_ms, at),
            wanted ? "" : "not ", text, so[0] ? so : "it is so");
    if (s->failures <= SHOWN_MAX) scene_show(s, slot);
}

static void check(struct scene *s, uint32_t slot, const struct hope *hope, const struct part *whole,
                  const struct word_arg *about, const struct word_arg *says, bool wanted) {
    char so[600] = "";
    bool is = hope->check(s, slot, about, says, so, sizeof so);
    s->expectations++;
    if (is) so[0] = 0;
    if (is != wanted) failed(s, slot, whole, wanted, so);
}

static const struct hope *const tables[] = {rule_hopes,  alert_hopes, case_hopes,
                                            route_hopes, care_hopes,  region_hopes};

static void no_such(struct scene *s, const struct part *part, const struct fit *fit) {
    scene_error(s, "\"%s\": wanted %s",
                fit->reached < part->end ? part->words->word[fit->reached] : "end of line",
                fit->wanted[0] ? fit->wanted : "an expectation; see README.md");
}

/* One row for what it is about, then what is said of it after each comma. */
static bool try_table(struct scene *s, uint32_t slot, const struct hope *table, struct part part, bool wanted,
                      struct fit *fit) {
    struct word_arg about[WORD_ARGS_MAX] = {{0}}, says[WORD_ARGS_MAX];
    struct part whole = part, list = part;
    const struct hope *head = table;
    for (; head->says; head++)
        if (words_fit(s, &list, head->about, about, fit)) break;
    if (!head->says) return false;
    while (!words_end(&list)) {
        struct part one = words_next(&list, ",");
        const struct hope *hope = table;
        for (; hope->says; hope++) {
            struct part at = one;
            memset(says, 0, sizeof says);
            if (strcmp(hope->about, head->about) == 0 && words_fit(s, &at, hope->says, says, fit) &&
                words_end(&at))
                break;
        }
        if (!hope->says) return false;
        check(s, slot, hope, &whole, about, says, wanted);
    }
    return true;
}

static void expect_one(struct scene *s, uint32_t slot, struct part part) {
    struct fit fit = {.reached = part.at};
    bool wanted = strcmp(words_end(&part) ? "" : part.words->word[part.at], "not") != 0;
    if (!wanted) part.at++;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        if (try_table(s, slot, tables[i], part, wanted, &fit)) return;
    no_such(s, &part, &fit);
}

void expect_line(struct scene *s, struct part part) {
    struct word_arg arg[WORD_ARGS_MAX];
    struct fit fit = {0};
    uint32_t said = JZ_NONE_U32;
    part.at++;
    if (words_fit(s, &part, "for <patient>", arg, &fit)) said = (uint32_t)arg[0].number;
    uint32_t slot = act_slot(s, act_patient(s, said));
    while (slot != JZ_NONE_U32 && !s->broken && !words_end(&part)) {
        struct part one = words_next(&part, ";");
        expect_one(s, slot, one);
    }
}
