/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include <inttypes.h>
#include <string.h>

#include "jingzhu/field.h"

static const char *const notice_words[] = {
    [JZ_NOTICE_NONE] = "none",
    [JZ_NOTICE_CONNECTED] = "connected",
    [JZ_NOTICE_DISCONNECTED] = "disconnected",
    [JZ_NOTICE_WELCOME] = "welcome",
    [JZ_NOTICE_ACKED] = "acked",
    [JZ_NOTICE_DIRECTIVE] = "directive",
    [JZ_NOTICE_REFUSED] = "refused",
    [JZ_NOTICE_SENT] = "sent",
    [JZ_NOTICE_FAULT] = "fault",
};
static const char *const state_words[JZ_ALERT_STATE_COUNT] = {
    "none",      "raised",  "delivered",   "seen",      "accepted", "declined",
    "preparing", "arrived", "handed_over", "withdrawn", "expired"};
static const char *const directive_words[] = {"unknown", "destination", "no_destination", "measure"};

const char *jz_alert_state_word(enum jz_alert_state state) {
    return (unsigned)state < JZ_ALERT_STATE_COUNT ? state_words[state] : "unknown";
}

static void put_string(FILE *to, const char *text, uint32_t bytes) {
    fputc('"', to);
    for (uint32_t i = 0; i < bytes; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\')
            fprintf(to, "\\%c", c);
        else if (c < 0x20)
            fprintf(to, "\\u%04x", c);
        else
            fputc(c, to);
    }
    fputc('"', to);
}

static void put_text(FILE *to, const char *key, struct jz_text text) {
    if (!text.data) return;
    fprintf(to, ",\"%s\":", key);
    put_string(to, text.data, text.bytes);
}

void jz_report_text(FILE *to, const char *key, const char *text) {
    put_text(to, key, (struct jz_text){text, (uint32_t)strlen(text)});
}

static void put_encounter(FILE *to, struct jz_encounter_id id) {
    fputs(",\"encounter\":\"", to);
    for (unsigned i = 0; i < sizeof id.byte; i++) fprintf(to, "%02x", id.byte[i]);
    fputc('"', to);
}

static void put_lanes(FILE *to, const char *key, const uint64_t lanes[JZ_LANE_COUNT]) {
    fprintf(to, ",\"%s\":[%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "]", key, lanes[0], lanes[1],
            lanes[2], lanes[3]);
}

static void put_measure(FILE *to, uint32_t code) {
    uint32_t index = jz_field_by_code(code);
    if (code == 0) return;
    fprintf(to, ",\"measure_code\":%" PRIu32, code);
    if (index != JZ_FIELD_UNKNOWN) fprintf(to, ",\"measure\":\"%s\"", jz_field_at(index)->name);
}

static void put_directive(FILE *to, const struct jz_frame *frame) {
    const struct jz_directive *directive = &frame->directive;
    unsigned what = (unsigned)directive->what;
    put_encounter(to, frame->encounter);
    fprintf(to, ",\"at_ms\":%" PRId64 ",\"number\":%" PRIu64, frame->at_ms, directive->number);
    fprintf(to, ",\"what\":\"%s\"", directive_words[what < 4 ? what : 0]);
    put_text(to, "facility", directive->facility);
    put_text(to, "name_zh", directive->name_zh);
    put_text(to, "name_en", directive->name_en);
    put_text(to, "person", directive->person);
    if (directive->alert_state != JZ_ALERT_NONE)
        fprintf(to, ",\"alert_state\":\"%s\"", jz_alert_state_word(directive->alert_state));
    if (directive->has_travel) fprintf(to, ",\"travel_s\":%" PRIu32, directive->travel_s);
    put_measure(to, directive->measure_code);
}

static void put_refused(FILE *to, const struct jz_notice *notice) {
    const struct jz_error *error = &notice->frame->error;
    fprintf(to, ",\"status\":%d,\"name\":\"%s\",\"kind\":%" PRIu32 ",\"dropped\":%s", (int)notice->status,
            jz_status_name(notice->status), error->refused_kind, notice->dropped ? "true" : "false");
    if (error->has_seq) fprintf(to, ",\"lane\":%u,\"seq\":%" PRIu64, error->lane, error->seq);
    put_text(to, "text", error->text);
}

static void put_welcome(FILE *to, const struct jz_welcome *welcome) {
    put_lanes(to, "resume", welcome->resume);
    fprintf(to, ",\"ack_level\":%u", welcome->ack_level);
    if (welcome->has_simulation) fprintf(to, ",\"simulation\":%s", welcome->simulation ? "true" : "false");
}

static void put_status(FILE *to, const struct jz_notice *notice) {
    fprintf(to, ",\"status\":%d,\"name\":\"%s\"", (int)notice->status, jz_status_name(notice->status));
    if (notice->kind == JZ_NOTICE_DISCONNECTED) fprintf(to, ",\"retry_ms\":%" PRIu32, notice->retry_ms);
}

void jz_report_notice(FILE *to, const struct jz_notice *notice) {
    fprintf(to, "{\"event\":\"%s\"", notice_words[notice->kind]);
    if (notice->kind == JZ_NOTICE_DIRECTIVE) put_directive(to, notice->frame);
    if (notice->kind == JZ_NOTICE_WELCOME) put_welcome(to, &notice->frame->welcome);
    if (notice->kind == JZ_NOTICE_REFUSED) put_refused(to, notice);
    if (notice->kind == JZ_NOTICE_ACKED) put_lanes(to, "acked", notice->acked);
    if (notice->kind == JZ_NOTICE_SENT)
        fprintf(to, ",\"lane\":%u,\"seq\":%" PRIu64, notice->lane, notice->seq);
    if (notice->kind == JZ_NOTICE_DISCONNECTED || notice->kind == JZ_NOTICE_FAULT) put_status(to, notice);
    fputs("}\n", to);
    fflush(to);
}

void jz_report_done(FILE *to, uint64_t frames, uint64_t quarantined, struct jz_encounter_id encounter) {
    fprintf(to, "{\"event\":\"done\",\"frames\":%" PRIu64 ",\"quarantined\":%" PRIu64, frames, quarantined);
    put_encounter(to, encounter);
    fputs("}\n", to);
    fflush(to);
}
