/* SPDX-License-Identifier: Apache-2.0 */
/* One patient's case once more: what console, hospital board and crew were shown, by the views that the server sends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "tool_flags.h"
#include "tool_journal.h"
#include "tool_replay.h"
#include "tool_time.h"
#include "tool_words.h"

#define WHAT "journal replay"
#define ALERTS_MAX 16u /* as many as the server sends (dispatch.c) */
#define OTHERS_MAX 8u  /* consults, and proposals, of one patient */
#define PARTS_MAX (2u + ALERTS_MAX + 2u * OTHERS_MAX)
#define HEAD_OF_FRAME 0x1fu /* keys 0 to 4 */

enum screen { PATIENT, DIRECTIVE, ALERT, CONSULT, PROPOSAL };

/* One frame as it was shown. */
struct part {
    enum screen screen;
    uint64_t number; /* of the alert; place of the consult or proposal */
    uint8_t bytes[JZ_VIEW_BYTES_MAX];
    size_t used, now_at, now_end; /* between the two stands the frame's own time */
};

struct showing {
    struct jz_encounter_id id;
    int64_t from_ms, to_ms, every_ms; /* every_ms 0: at each change */
    int64_t next_ms;                  /* of the next look; INT64_MAX: the case has not begun, or has ended */
    struct jz_teller teller;
    struct part part[PARTS_MAX];
    uint32_t parts;
    uint64_t shown, unchanged;
    int64_t unchanged_ms; /* the last look at which nothing was new */
};

/* --- one frame ---------------------------------------------------------------------------------------------------- */

/* Its own time (key 3) is no news. */
static void find_time(struct part *part) {
    struct jz_reader r;
    jz_reader_init(&r, part->bytes, part->used);
    uint32_t pairs = jz_read_map(&r);
    for (uint32_t i = 0; i < pairs && r.status == JZ_OK; i++) {
        uint64_t key = jz_read_uint(&r);
        part->now_at = r.at;
        jz_read_skip(&r);
        part->now_end = r.at;
        if (key == 3) return;
    }
    part->now_at = part->now_end = 0;
}

static bool same(const struct part *a, const struct part *b) {
    return a->used == b->used && a->now_at == b->now_at && a->now_end == b->now_end &&
           memcmp(a->bytes, b->bytes, a->now_at) == 0 &&
           memcmp(a->bytes + a->now_end, b->bytes + b->now_end, a->used - a->now_end) == 0;
}

static void tell(struct showing *s, const struct part *part) {
    struct jz_reader r;
    jz_reader_init(&r, part->bytes, part->used);
    jz_read_map(&r);
    jz_read_skip(&r);
    const struct jz_word_kind *kind = jz_word_kind(jz_frame_words, jz_read_uint(&r));
    jz_reader_init(&r, part->bytes, part->used);
    jz_tool_say_begin(&s->teller.say);
    s->teller.field = JZ_FIELD_NONE;
    jz_tool_say_open(&s->teller.say, NULL, '{');
    if (kind)
        jz_tell_pairs(&s->teller, &r, kind->key, HEAD_OF_FRAME);
    else
        jz_tell_raw(&s->teller, "raw", part->bytes, part->used);
    jz_tool_say_close(&s->teller.say, '}');
    putchar('\n');
}

/* --- the screens at one moment ------------------------------------------------------------------------------------ */

struct look {
    const struct jz_core *core;
    uint32_t slot;
    int64_t now_ms;
};

static enum jz_status view(const struct look *look, const struct part *part, struct jz_writer *w) {
    switch (part->screen) {
    case PATIENT: return jz_view_patient(look->core, look->slot, look->now_ms, false, w);
    case DIRECTIVE: return jz_view_directive(look->core, look->slot, look->now_ms, w);
    case ALERT: return jz_view_alert(look->core, part->number, look->now_ms, w);
    case CONSULT:
        return jz_view_consult(look->core, (uint32_t)part->number, look->now_ms, JZ_CONSULT_WHOLE, w);
    case PROPOSAL: return jz_view_proposal(look->core, (uint32_t)part->number, look->now_ms, w);
    }
    return JZ_E_VALUE;
}

/* By the server's own view; used 0: there is nothing to show. */
static void take(const struct look *look, enum screen screen, uint64_t number, struct part *out) {
    struct jz_writer w;
    jz_writer_init(&w, out->bytes, sizeof out->bytes);
    out->screen = screen;
    out->number = number;
    out->used = view(look, out, &w) == JZ_OK ? w.used : 0;
    find_time(out);
}

/* Is the frame about this patient (key 4)? */
static bool is_about(const struct look *look, const struct part *part) {
    struct jz_encounter_id id = jz_core_encounter_id(look->core, look->slot);
    struct jz_reader r;
    jz_reader_init(&r, part->bytes, part->used);
    uint32_t pairs = part->used ? jz_read_map(&r) : 0;
    for (uint32_t i = 0; i < pairs && r.status == JZ_OK; i++) {
        if (jz_read_uint(&r) != 4) {
            jz_read_skip(&r);
            continue;
        }
        struct jz_bytes of = jz_read_bytes(&r);
        return of.bytes == sizeof id.byte && memcmp(of.data, id.byte, sizeof id.byte) == 0;
    }
    return false;
}

static uint32_t take_places(const struct look *look, enum screen screen, uint32_t places, struct part *part) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < places && count < OTHERS_MAX; i++) {
        take(look, screen, i, &part[count]);
        count += is_about(look, &part[count]);
    }
    return count;
}

static uint32_t take_all(const struct look *look, struct part part[PARTS_MAX]) {
    uint64_t alert[ALERTS_MAX];
    uint32_t alerts = jz_core_alerts_of(look->core, look->slot, alert, ALERTS_MAX), count = 0;
    take(look, PATIENT, 0, &part[count++]);
    take(look, DIRECTIVE, 0, &part[count++]);
    for (uint32_t i = 0; i < alerts && i < ALERTS_MAX; i++) take(look, ALERT, alert[i], &part[count++]);
    count += take_places(look, CONSULT, JZ_CONSULTS_MAX, &part[count]);
    return count + take_places(look, PROPOSAL, JZ_PROPOSALS_MAX, &part[count]);
}

static void put_alert_title(const struct look *look, uint64_t alert) {
    const char *facility;
    uint32_t slot;
    if (!jz_core_alert_of(look->core, alert, &facility, &slot)) return;
    printf("hospital %s, alert %llu (%s):", facility, (unsigned long long)alert,
           jz_core_facility_sees(look->core, facility, slot) ? "with the patient on its board"
                                                             : "the patient is not on its board");
}

static void put_title(const struct look *look, const struct part *part) {
    static const char *const titles[] = {[PATIENT] = "consoles, patient:",
                                         [DIRECTIVE] = "crew, directive:",
                                         [ALERT] = "",
                                         [CONSULT] = "dispatchers, hospital and consultants, consult:",
                                         [PROPOSAL] =
                                             "dispatchers and administrators, waits for a second person:"};
    fputs(titles[part->screen], stdout);
    if (part->screen == ALERT) put_alert_title(look, part->number);
}

/* The same screen as it was shown before; NULL: it was not there. */
static const struct part *earlier(const struct showing *s, const struct part *part) {
    for (uint32_t i = 0; i < s->parts; i++)
        if (s->part[i].screen == part->screen && s->part[i].number == part->number) return &s->part[i];
    return NULL;
}

static void put_unchanged(struct showing *s) {
    char time[JZ_TIME_TEXT_MAX];
    if (!s->unchanged) return;
    jz_time_text(s->unchanged_ms, time);
    printf("== nothing new %llu times, to %s\n", (unsigned long long)s->unchanged, time);
    s->unchanged = 0;
}

static void put_parts(struct showing *s, const struct look *look, const struct part *part, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        const struct part *before = earlier(s, &part[i]);
        put_title(look, &part[i]);
        if (part[i].used == 0)
            puts(" nothing yet");
        else if (before && same(before, &part[i]))
            puts(" as before");
        else
            tell(s, &part[i]);
    }
}

static bool has_news(const struct showing *s, const struct part *part, uint32_t count) {
    bool news = !s->shown || count != s->parts;
    for (uint32_t i = 0; i < count && !news; i++) {
        const struct part *before = earlier(s, &part[i]);
        news = !before || !same(before, &part[i]);
    }
    return news;
}

/* @param why  What brought the change; "": only time passed. */
static bool show(struct showing *s, const struct look *look, const char *why) {
    struct part *part = malloc(PARTS_MAX * sizeof *part);
    char time[JZ_TIME_TEXT_MAX];
    if (!part) return false;
    uint32_t count = take_all(look, part);
    s->teller.now_ms = look->now_ms;
    if (why[0] || has_news(s, part, count)) {
        put_unchanged(s);
        jz_time_text(look->now_ms, time);
        printf("== %s%s\n", time, why);
        put_parts(s, look, part, count);
        s->shown++;
    } else {
        s->unchanged++;
        s->unchanged_ms = look->now_ms;
    }
    memcpy(s->part, part, count * sizeof *part);
    s->parts = count;
    free(part);
    return true;
}

static bool look_at(const struct showing *s, const struct jz_tool_replay *replay, int64_t now_ms,
                    struct look *look) {
    *look = (struct look){.core = replay->core, .now_ms = now_ms};
    return jz_core_encounter_slot(replay->core, s->id, &look->slot);
}

/* --- the journal -------------------------------------------------------------------------------------------------- */

/* All looks that fall before the event: what is applied at the same millisecond is seen by them. An ended case is looked
 * at once more, then only if something brings it back. */
static bool pass_time(struct showing *s, const struct jz_tool_replay *replay, int64_t before_ms) {
    struct look look;
    while (s->next_ms < before_ms && s->next_ms <= s->to_ms) {
        if (!look_at(s, replay, s->next_ms, &look)) break;
        if (!show(s, &look, "")) return false;
        bool ended = !jz_core_encounter_is_open(replay->core, look.slot) && s->from_ms == INT64_MIN;
        s->next_ms = ended ? INT64_MAX : s->next_ms + s->every_ms;
    }
    return true;
}

static bool before(void *context, const struct jz_tool_replay *replay, const struct jz_event *event) {
    struct showing *s = context;
    return s->next_ms == INT64_MAX || pass_time(s, replay, event->received_ms);
}

static bool touches(const struct jz_outcome *out, uint32_t slot) {
    for (uint32_t i = 0; i < out->touched_count; i++)
        if (out->touched[i] == slot) return true;
    return false;
}

static void say_why(const struct jz_tool_replayed *input, char out[160]) {
    const struct jz_event *event = input->event;
    bool frame = event->kind == JZ_EVENT_FRAME;
    const struct jz_word_kind *kind =
        frame ? jz_word_kind(jz_frame_words, event->frame->kind) : jz_word_kind(jz_event_words, event->kind);
    bool refused = input->outcome->status != JZ_OK;
    snprintf(out, 160, " after record %llu: %s%s%s%s%s", (unsigned long long)input->offset,
             kind ? kind->name : "input", frame ? " from " : "", frame ? event->peer.name : "",
             refused ? "; " : "", refused ? jz_status_name(input->outcome->status) : "");
}

static bool after(void *context, const struct jz_tool_replay *replay, const struct jz_tool_replayed *input) {
    struct showing *s = context;
    struct look look;
    char why[160];
    int64_t now_ms = jz_core_now(replay->core);
    s->teller.directory = replay->world->directory;
    if (!look_at(s, replay, now_ms, &look) || !touches(input->outcome, look.slot)) return true;
    if (s->every_ms) {
        int64_t begin = s->from_ms > now_ms ? s->from_ms : now_ms;
        if (s->next_ms == INT64_MAX && begin <= s->to_ms) s->next_ms = begin;
        return true;
    }
    if (now_ms < s->from_ms || now_ms > s->to_ms) return true;
    say_why(input, why);
    return show(s, &look, why);
}

/* One look may lie behind the journal's end; a row of them ends with it. */
static bool end(void *context, const struct jz_tool_replay *replay) {
    struct showing *s = context;
    int64_t end_ms = s->from_ms == s->to_ms ? s->to_ms : jz_core_now(replay->core);
    if (s->next_ms != INT64_MAX && !pass_time(s, replay, end_ms + 1)) return false;
    put_unchanged(s);
    if (!s->shown) puts("nothing was shown of this patient then");
    printf("== %llu decisions of %llu records were made again: all are as on record\n",
           (unsigned long long)replay->decisions, (unsigned long long)replay->records);
    return true;
}

/* --- arguments ---------------------------------------------------------------------------------------------------- */

static bool read_time(const char *flag, const char *text, int64_t *ms) {
    if (!text || jz_time_parse(text, ms)) return true;
    fprintf(stderr, "jingzhu " WHAT ": %s '%s' is no time; write it as 2026-01-31T08:15:00 (UTC+8)\n", flag,
            text);
    return false;
}

static bool read_times(struct showing *s, const char *at, const char *from, const char *to,
                       const char *every) {
    s->from_ms = INT64_MIN;
    s->to_ms = s->next_ms = INT64_MAX;
    if (at && (from || to || every))
        return fprintf(stderr, "jingzhu " WHAT ": --at goes with no other time\n"), false;
    if (!read_time("--at", at, &s->from_ms) || !read_time("--from", from, &s->from_ms) ||
        !read_time("--to", to, &s->to_ms))
        return false;
    if (every && !jz_span_parse(every, &s->every_ms))
        return fprintf(stderr, "jingzhu " WHAT ": --every '%s' is no span; write 500ms, 1s, 2min or 1h\n",
                       every),
               false;
    if (at) {
        s->to_ms = s->from_ms;
        s->every_ms = 1;
    }
    if (s->from_ms > s->to_ms) return fprintf(stderr, "jingzhu " WHAT ": --to lies before --from\n"), false;
    return true;
}

int jz_cmd_journal_replay(int argc, char **argv) {
    static const struct jz_tool_replay_calls calls = {.before = before, .after = after, .end = end};
    const char *at = NULL, *from = NULL, *to = NULL, *every = NULL;
    const struct jz_tool_flag flags[] = {
        {"--at", &at, NULL}, {"--from", &from, NULL}, {"--to", &to, NULL}, {"--every", &every, NULL}};
    struct jz_tool_rest rest;
    struct jz_journal *journal = NULL;
    struct showing *s = calloc(1, sizeof *s);
    if (!s) return 70;
    bool asked = jz_tool_flags(argc, argv, flags, 4, &rest) && rest.count == 2;
    if (!asked || !read_times(s, at, from, to, every)) {
        fprintf(stderr,
                "usage: jingzhu " WHAT " DIR CASE [--at TIME | --from TIME --to TIME] [--every 1s]\n");
        return free(s), 64;
    }
    s->teller.say = (struct jz_tool_say){.json = {.out = stdout}, .lines = 2};
    int code = jz_tool_journal_open(&journal, WHAT, rest.word[0]) == JZ_OK ? 0 : 70;
    if (!code) code = jz_tool_case_find(journal, WHAT, rest.word[1], &s->id);
    struct jz_tool_replay_calls mine = calls;
    mine.context = s;
    if (!code) code = jz_tool_replay(journal, WHAT, &mine);
    jz_journal_close(journal);
    free(s);
    return code;
}
