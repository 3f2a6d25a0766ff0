/* SPDX-License-Identifier: Apache-2.0 */
/* make_journal DIR PACKS DIRECTORY: a journal of three patients for the tests of the tools. Patient 1 has
 * a systolic pressure of 85, patient 2 one of 95, patient 3 one of 120; each says so again a minute later. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger.h"

#define NOON INT64_C(1767225600000)
#define MDC_SYSTOLIC 150021u

static int64_t now_ms = NOON;

static int64_t fake_utc(void *context) {
    (void)context;
    return now_ms;
}

static void want(enum jz_status status, const char *what, const struct jz_pack_error *error) {
    if (status == JZ_OK) return;
    fprintf(stderr, "make_journal: %s: %s %s %s\n", what, jz_status_name(status), error->file, error->text);
    exit(1);
}

static void activate(struct jz_ledger *ledger, enum jz_event_kind kind, struct jz_payload payload) {
    struct jz_pack_error error = {.line = 0};
    want(jz_ledger_activate(ledger, kind, payload, "", &error), "activate", &error);
    free(payload.data);
}

static void activate_all(struct jz_ledger *ledger, const char *packs, const char *directory) {
    struct jz_pack_error error = {.line = 0};
    struct jz_payload payload;
    want(jz_packs_read(packs, &payload, &error), packs, &error);
    activate(ledger, JZ_EVENT_PACKS, payload);
    want(jz_directory_read(directory, true, &payload, &error), directory, &error);
    activate(ledger, JZ_EVENT_DIRECTORY, payload);
}

static void say_sbp(struct jz_ledger *ledger, uint8_t patient, int32_t sbp) {
    static uint64_t seq;
    uint8_t bytes[256];
    size_t written;
    struct jz_pack_error none = {.line = 0};
    struct jz_frame frame = {.kind = JZ_FRAME_VITALS,
                             .lane = JZ_LANE_VITALS,
                             .seq = ++seq,
                             .at_ms = now_ms,
                             .has_encounter = true,
                             .encounter = {{1, 0, patient}}};
    frame.vitals.count = 1;
    frame.vitals.item[0] = (struct jz_fact){MDC_SYSTOLIC, sbp};
    want(jz_frame_encode(&frame, bytes, sizeof bytes, &written), "encode", &none);
    struct jz_event event = {.kind = JZ_EVENT_FRAME,
                             .received_ms = now_ms,
                             .epoch = 3,
                             .frame = &frame,
                             .peer = {.id = {9}, .kind = JZ_PEER_DEVICE},
                             .original = {bytes, (uint32_t)written}};
    want(jz_ledger_submit(ledger, &event, 0), "submit", &none);
    jz_ledger_flush(ledger);
    now_ms += 1000;
}

int main(int argc, char **argv) {
    char url[512];
    struct jz_pack_error error = {.line = 0};
    struct jz_ledger *ledger;
    struct jz_hooks hooks = {.utc_ms = fake_utc};
    if (argc != 4) return 2;
    snprintf(url, sizeof url, "sqlite:%s/journal.db?commit=inline", argv[1]);
    struct jz_ledger_config config = {.journal_url = url, .limits = {16, 16}, .hooks = &hooks};
    want(jz_ledger_open(&ledger, &config, &error), url, &error);
    activate_all(ledger, argv[2], argv[3]);
    for (int round = 0; round < 2; round++) {
        say_sbp(ledger, 1, 85);
        say_sbp(ledger, 2, 95);
        say_sbp(ledger, 3, 120);
        now_ms += 57000;
    }
    jz_ledger_close(ledger);
    return 0;
}
