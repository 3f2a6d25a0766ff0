/* SPDX-License-Identifier: Apache-2.0 */
/* Putting texts together: an SMS by importance while there is room, a text to be read out
 * section by section with its gaps named. What is told: script_tables.c. How each thing is said: script_say.c. */
#include "script.h"

#include <assert.h>
#include <string.h>

#include "script_say.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
static const struct {
    const char *zh, *en;
} gaps[JZ_GAP_COUNT] = {[JZ_GAP_MEASURE] = {"未测：", "not measured: "},
                        [JZ_GAP_ASK] = {"不详：", "not known: "},
                        [JZ_GAP_RECORD] = {"未记录：", "not recorded: "}},
  doubted = {"测值不可信：", "measured but not believed: "};

/* --- reading out ---------------------------------------------------------------------------------------------- */

struct reading {
    struct jz_script_text text;
    struct jz_script_facts facts;
    enum jz_script_known known[JZ_SCRIPT_LINES_MAX];
    bool cut; /**< something did not fit: nothing more is told */
};

/* An item is told whole, or the text ends before it. @return whether it is there */
static bool keep(struct reading *r, struct jz_script_mark before) {
    if (r->text.full) {
        jz_text_back(&r->text, before);
        r->cut = true;
    }
    return !r->cut;
}

static void separate(struct reading *r, bool *first) {
    if (!*first) jz_text_two(&r->text, "；", "; ");
    *first = false;
}

static void tell_line(struct reading *r, const struct jz_script_line *line, enum jz_script_known *known,
                      bool *first) {
    struct jz_script_mark before = jz_text_mark(&r->text), after;
    bool was_first = *first;
    if (r->cut || !(line->who & r->facts.who)) {
        *known = JZ_KNOWN_UNTOLD;
        return;
    }
    separate(r, first);
    after = jz_text_mark(&r->text);
    *known = line->say(&r->text, &r->facts, line);
    if (*known == JZ_KNOWN_NOTHING && line->optional) *known = JZ_KNOWN_UNTOLD;
    bool said = r->text.full || r->text.used > after.used;
    if (!said) {
        jz_text_back(&r->text, before);
        *first = was_first;
    } else {
        keep(r, before);
    }
}

/* Names what is missing in one way: "not measured: temperature, RR". */
static void tell_gap(struct reading *r, const struct jz_script_form *s, uint32_t section,
                     enum jz_script_known known, uint32_t gap, bool *first) {
    struct jz_script_mark before = jz_text_mark(&r->text);
    bool none = true;
    for (uint32_t i = 0; i < s->line_count && !r->cut; i++) {
        const struct jz_script_line *line = &s->line[i];
        if (line->section != section || r->known[i] != known) continue;
        if (known == JZ_KNOWN_NOTHING && line->gap != gap) continue;
        if (none) {
            if (!*first) jz_text_two(&r->text, "；", "; ");
            if (known == JZ_KNOWN_NOTHING)
                jz_text_two(&r->text, gaps[gap].zh, gaps[gap].en);
            else
                jz_text_two(&r->text, doubted.zh, doubted.en);
        } else {
            jz_text_two(&r->text, "、", ", ");
        }
        none = *first = false;
        jz_text_two(&r->text, line->zh, line->en);
    }
    if (!none) keep(r, before);
}

static void tell_section(struct reading *r, const struct jz_script_form *s, uint32_t section) {
    struct jz_script_mark before = jz_text_mark(&r->text);
    bool first = true;
    if (r->cut) return;
    jz_text_two(&r->text, s->section[section].zh, s->section[section].en);
    if (!keep(r, before)) return;
    for (uint32_t i = 0; i < s->line_count; i++)
        if (s->line[i].section == section) tell_line(r, &s->line[i], &r->known[i], &first);
    for (uint32_t gap = 0; gap < JZ_GAP_COUNT; gap++) tell_gap(r, s, section, JZ_KNOWN_NOTHING, gap, &first);
    tell_gap(r, s, section, JZ_KNOWN_DOUBTED, 0, &first);
    if (r->cut) return;
    before = jz_text_mark(&r->text);
    if (s->section[section].asks) {
        if (!first) jz_text_two(&r->text, "。", ". ");
        jz_text_two(&r->text, "规则提示非诊断，请答复能否接收",
                    "Rule findings are no diagnosis. Please answer whether you accept");
    } else if (first) {
        jz_text_two(&r->text, "不详", "not known");
    }
    jz_text_two(&r->text, "。", ".");
    if (section + 1u < s->section_count) jz_text_line(&r->text);
    keep(r, before);
}

static void tell_head(struct reading *r) {
    const struct jz_script_facts *f = &r->facts;
    struct jz_script_text *t = &r->text;
    struct jz_script_mark before = jz_text_mark(t);
    if (f->off)
        jz_text_two(t, "急救预警取消", "Pre-alert cancelled");
    else if (f->standby)
        jz_text_two(t, "急救候补预警", "Standby pre-alert");
    else
        jz_text_two(t, "急救预警", "Pre-alert");
    if (f->facility != JZ_SCRIPT_NO_FACILITY) {
        const struct jz_facility *facility = &f->core->directory->facility[f->facility];
        jz_text_two(t, "，致", " for ");
        jz_text_two(t, facility->name_zh, facility->name_en);
    }
    if (f->e->callsign[0]) {
        jz_text_two(t, "，车组 ", ", unit ");
        jz_text_put(t, f->e->callsign);
    }
    jz_text_two(t, "，病例 ", ", case ");
    jz_say_code(t, f);
    if (f->off) {
        jz_text_two(t, "。患者不送贵院，请确认收到。", ". The patient is not coming to you. Please confirm.");
    } else {
        jz_text_two(t, "，", ", ");
        jz_say_priority(t, f);
        if (f->standby) jz_text_two(t, "，患者尚未送往贵院", ", the patient is not sent to you yet");
        jz_text_two(t, "。", ".");
        jz_text_line(t);
    }
    keep(r, before);
}

size_t jz_script_read(const struct jz_core *core, uint32_t slot, uint32_t facility, int64_t now_ms,
                      enum jz_language language, char *out, size_t capacity) {
    static const char *const cut[2] = {[JZ_ZH] = "（未完）", [JZ_EN] = " (not all)"};
    struct reading r;
    if (!capacity) return 0;
    /* Room for saying that this is not all is kept from the start. */
    size_t kept = strlen(cut[language]), room = capacity > kept ? capacity - kept : 1;
    jz_script_gather(&r.facts, core, slot, facility, now_ms);
    jz_text_begin(&r.text, language, false, out, room);
    r.cut = false;
    const struct jz_script_form *s =
        &jz_script_form[r.facts.who == JZ_SCRIPT_MOTHER ? JZ_SCRIPT_SBAR : JZ_SCRIPT_ATMIST];
    tell_head(&r);
    for (uint32_t i = 0; i < s->section_count && !r.facts.off; i++) tell_section(&r, s, i);
    r.text.capacity = capacity;
    if (r.cut && r.text.used) jz_text_put(&r.text, cut[language]);
    return r.text.used;
}

/* --- one SMS -------------------------------------------------------------------------------------------------- */

enum {
    PIECE_LEAD,
    PIECE_PRIORITY,
    PIECE_WHO,
    PIECE_WEEKS,
    PIECE_CONDITION,
    PIECE_ARRIVAL,
    PIECE_CODE,
    PIECE_WISH,
    PIECE_SIGN
};
#define PIECES (PIECE_SIGN + JZ_SCRIPT_SIGNS_MAX)
#define SIGNS (jz_script_form[JZ_SCRIPT_SMS_SIGNS].line_count)

/* What is told and where is one order; what gives way when there is no room is another. */
static const uint8_t shown_before_signs[] = {PIECE_LEAD, PIECE_PRIORITY, PIECE_WHO, PIECE_WEEKS,
                                             PIECE_CONDITION};
static const uint8_t shown_after_signs[] = {PIECE_ARRIVAL, PIECE_CODE, PIECE_WISH};
static const uint8_t before_first_sign[] = {PIECE_LEAD, PIECE_PRIORITY, PIECE_CONDITION, PIECE_CODE,
                                            PIECE_WISH};
static const uint8_t before_other_signs[] = {PIECE_WHO, PIECE_WEEKS, PIECE_ARRIVAL};

struct piece {
    char text[JZ_SCRIPT_SMS_BYTES];
    struct jz_script_mark size;
    bool there, taken;
};
struct sms {
    struct jz_script_facts facts;
    struct piece piece[PIECES];
    uint8_t sign[JZ_SCRIPT_SIGNS_MAX]; /**< indexes of lines, the most important first */
    enum jz_language language;
};

/* Condition names longer than `most`, or than what is left beside the words that lead, leave no room for the patient; then
 * the code of the condition stands for the name. */
static const struct {
    uint32_t all, most, others; /**< `others`: of what always stands beside it */
} sms_units[2] = {[JZ_ZH] = {JZ_SCRIPT_SMS_UCS2, 30, 22}, [JZ_EN] = {JZ_SCRIPT_SMS_GSM7, 72, 60}};

static uint32_t condition_room(const struct sms *m) {
    uint32_t all = sms_units[m->language].all, most = sms_units[m->language].most;
    uint32_t beside = sms_units[m->language].others + m->piece[PIECE_LEAD].size.units;
    return beside >= all ? 0 : all - beside < most ? all - beside : most;
}

static struct jz_script_text begin_piece(struct sms *m, uint32_t piece) {
    struct jz_script_text t;
    jz_text_begin(&t, m->language, true, m->piece[piece].text, sizeof m->piece[piece].text);
    return t;
}

static void end_piece(struct sms *m, uint32_t piece, const struct jz_script_text *t) {
    m->piece[piece].size = jz_text_mark(t);
    m->piece[piece].there = t->used > 0 && !t->full;
    m->piece[piece].taken = false;
}

static void make_condition(struct sms *m) {
    static const struct jz_script_mark nothing = {0, 0};
    struct jz_script_text t = begin_piece(m, PIECE_CONDITION);
    const struct jz_script_facts *f = &m->facts;
    const struct jz_condition_info *c =
        f->condition_count ? jz_program_condition(f->core->program, f->condition[0]) : NULL;
    uint32_t most = condition_room(m);
    if (!c) jz_text_two(&t, "病情不详", "Condition not known");
    if (c) jz_text_two(&t, c->title_zh, c->title_en);
    if (c && (t.full || !t.used || t.units > most)) {
        jz_text_back(&t, nothing);
        jz_text_two(&t, "病情代码", "Condition ");
        jz_text_put(&t, c->id);
    }
    if (c && (t.full || t.units > most)) {
        jz_text_back(&t, nothing);
        jz_text_two(&t, "病情请电询", "Call for the condition");
    }
    if (f->condition_count > 1) {
        jz_text_two(&t, "等", " +");
        jz_text_number(&t, f->condition_count - (m->language == JZ_EN), 1);
        jz_text_two(&t, "项", " more");
    }
    end_piece(m, PIECE_CONDITION, &t);
}

static uint8_t rank_of(const struct sms *m, const char *name) {
    struct jz_script_value v = jz_script_look(&m->facts, name ? name : "");
    return jz_script_told(&v) ? m->facts.field_rank[v.field] : JZ_SCRIPT_NO_RANK;
}

/* What urgent rules rest on comes first, by their priority; the rest follows as the table has it, with its gaps. A pressure
 * that cannot be obtained waits for nothing. */
static uint8_t make_sign(struct sms *m, uint32_t i) {
    const struct jz_script_line *line = &jz_script_form[JZ_SCRIPT_SMS_SIGNS].line[i];
    struct jz_script_text t = begin_piece(m, PIECE_SIGN + i);
    enum jz_script_known known = JZ_KNOWN_UNTOLD;
    if (line->who & m->facts.who) known = line->say(&t, &m->facts, line);
    if (known == JZ_KNOWN_NOTHING && line->optional) known = JZ_KNOWN_UNTOLD;
    bool missing = known == JZ_KNOWN_NOTHING || known == JZ_KNOWN_DOUBTED;
    if (missing) jz_text_two(&t, line->zh, line->en);
    if (known == JZ_KNOWN_NOTHING) jz_text_two(&t, "未测", " not taken");
    if (known == JZ_KNOWN_DOUBTED) jz_text_two(&t, "不可信", " unreliable");
    end_piece(m, PIECE_SIGN + i, &t);
    if (line->say == jz_say_pressure && jz_script_pressure_lost(&m->facts)) return 0;
    uint8_t own = rank_of(m, line->field), other = rank_of(m, line->other);
    return missing ? JZ_SCRIPT_NO_RANK : own < other ? own : other;
}

static void make_signs(struct sms *m) {
    uint8_t rank[JZ_SCRIPT_SIGNS_MAX];
    for (uint32_t i = 0; i < SIGNS; i++) {
        uint8_t r = make_sign(m, i);
        uint32_t at = i;
        for (; at > 0 && rank[at - 1] > r; at--) {
            rank[at] = rank[at - 1];
            m->sign[at] = m->sign[at - 1];
        }
        rank[at] = r;
        m->sign[at] = (uint8_t)i;
    }
}

/* Whom the patient does not go to learns nothing more of them. */
static void make_cancellation(struct sms *m) {
    struct jz_script_text t = begin_piece(m, PIECE_PRIORITY);
    jz_text_two(&t, "预警取消，患者不送贵院", "Alert cancelled, the patient is not coming to you");
    end_piece(m, PIECE_PRIORITY, &t);
    t = begin_piece(m, PIECE_WISH);
    jz_text_two(&t, "请确认", "please confirm");
    end_piece(m, PIECE_WISH, &t);
}

static void make_case(struct sms *m) {
    struct jz_script_text t = begin_piece(m, PIECE_PRIORITY);
    if (m->facts.standby) jz_text_two(&t, "候补", "standby ");
    jz_say_priority(&t, &m->facts);
    end_piece(m, PIECE_PRIORITY, &t);
    t = begin_piece(m, PIECE_WHO);
    (void)jz_say_age_sex(&t, &m->facts, NULL);
    end_piece(m, PIECE_WHO, &t);
    t = begin_piece(m, PIECE_WEEKS);
    (void)jz_say_weeks(&t, &m->facts, NULL);
    end_piece(m, PIECE_WEEKS, &t);
    t = begin_piece(m, PIECE_ARRIVAL);
    (void)jz_say_arrival(&t, &m->facts, NULL);
    end_piece(m, PIECE_ARRIVAL, &t);
    t = begin_piece(m, PIECE_WISH);
    jz_text_two(&t, "请答复", "please answer");
    end_piece(m, PIECE_WISH, &t);
    make_condition(m);
    make_signs(m);
}

static void make_pieces(struct sms *m, const char *lead) {
    struct jz_script_text t = begin_piece(m, PIECE_LEAD);
    jz_text_put(&t, lead);
    end_piece(m, PIECE_LEAD, &t);
    t = begin_piece(m, PIECE_CODE);
    jz_text_two(&t, "病例", "case ");
    jz_say_code(&t, &m->facts);
    end_piece(m, PIECE_CODE, &t);
    if (m->facts.off)
        make_cancellation(m);
    else
        make_case(m);
}

/* Takes it if there is room for it and what separates it from others. */
static void take(struct sms *m, uint32_t piece, struct jz_script_mark *left) {
    static const uint32_t between[2] = {[JZ_ZH] = 1, [JZ_EN] = 2};
    struct piece *p = &m->piece[piece];
    size_t bytes = p->size.used + between[m->language];
    uint32_t units = p->size.units + between[m->language];
    if (!p->there || bytes > left->used || units > left->units) return;
    p->taken = true;
    left->used -= bytes;
    left->units -= units;
}

/* A condition's name may have commas in it, so it is a sentence of its own. */
static void show(struct jz_script_text *t, struct sms *m, uint32_t piece, bool sentence) {
    size_t lead = m->piece[PIECE_LEAD].taken ? m->piece[PIECE_LEAD].size.used : 0;
    if (!m->piece[piece].taken) return;
    if (t->used > lead) jz_text_two(t, " ", sentence ? ". " : ", ");
    jz_text_put(t, m->piece[piece].text);
}

size_t jz_script_sms(const struct jz_core *core, uint32_t slot, uint32_t facility, int64_t now_ms,
                     enum jz_language language, char *out, size_t capacity) {
    return jz_script_sms_led(core, slot, facility, now_ms, language, "", out, capacity);
}

size_t jz_script_sms_led(const struct jz_core *core, uint32_t slot, uint32_t facility, int64_t now_ms,
                         enum jz_language language, const char *lead, char *out, size_t capacity) {
    struct sms m = {.language = language};
    struct jz_script_text t;
    if (!capacity) return 0;
    /* The first piece has no separator before it. */
    uint32_t between = language == JZ_ZH ? 1 : 2;
    struct jz_script_mark left = {capacity - 1 + between, sms_units[language].all + between};
    jz_script_gather(&m.facts, core, slot, facility, now_ms);
    make_pieces(&m, lead);
    for (size_t i = 0; i < COUNT(before_first_sign); i++) take(&m, before_first_sign[i], &left);
    take(&m, PIECE_SIGN + m.sign[0], &left);
    for (size_t i = 0; i < COUNT(before_other_signs); i++) take(&m, before_other_signs[i], &left);
    for (size_t i = 1; i < SIGNS; i++) take(&m, PIECE_SIGN + m.sign[i], &left);
    jz_text_begin(&t, language, true, out, capacity);
    for (size_t i = 0; i < COUNT(shown_before_signs); i++)
        show(&t, &m, shown_before_signs[i], shown_before_signs[i] == PIECE_CONDITION);
    bool first = true;
    for (size_t i = 0; i < SIGNS; i++) {
        show(&t, &m, PIECE_SIGN + m.sign[i], first);
        first = first && !m.piece[PIECE_SIGN + m.sign[i]].taken;
    }
    for (size_t i = 0; i < COUNT(shown_after_signs); i++) {
        show(&t, &m, shown_after_signs[i], first);
        first = first && !m.piece[shown_after_signs[i]].taken;
    }
    assert(!t.full);
    return t.used;
}
