/* SPDX-License-Identifier: Apache-2.0 */
#include "look_back.h"

#include <stdlib.h>

#define LOOK_BACK_SLACK_MS 60000 /* a decision's time may lie before that of the input behind it */

static bool read_time(void *context, uint64_t offset, const uint8_t key[16], const uint8_t *body,
                      uint32_t bytes) {
    struct jz_reader r;
    int64_t *ms = context;
    (void)offset, (void)key;
    jz_reader_init(&r, body, bytes);
    jz_read_map(&r); /* 0 record type, 1 kind or number, 2 when: of inputs and decisions alike */
    for (uint32_t i = 0; i < 5; i++) jz_read_skip(&r);
    *ms = jz_read_int(&r);
    return false;
}

/* The first record of that time or later: records stand in the order of time, give or take LOOK_BACK_SLACK_MS. */
static enum jz_status first_since(struct jz_journal *journal, uint32_t shard, uint64_t end, int64_t since_ms,
                                  uint64_t *first) {
    uint64_t low = 0, high = end;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2u;
        int64_t ms = 0;
        enum jz_status status = jz_journal_read(journal, shard, middle, 1, read_time, &ms, NULL);
        if (status != JZ_OK) return status;
        if (ms < since_ms)
            low = middle + 1u;
        else
            high = middle;
    }
    *first = low;
    return JZ_OK;
}

struct recall {
    jz_event_recalled each;
    void *context;
    enum jz_status status;
    struct jz_frame frame;
    struct jz_travel travel;
};

static bool recall_record(void *context, uint64_t offset, const uint8_t key[16], const uint8_t *body,
                          uint32_t bytes) {
    struct recall *r = context;
    struct jz_event event;
    (void)offset, (void)key;
    if (jz_record_is_decision(body, bytes)) return true;
    r->status = jz_event_decode(body, bytes, &event, &r->frame, &r->travel);
    return r->status == JZ_OK && r->each(r->context, &event);
}

enum jz_status jz_look_back(struct jz_journal *journal, uint32_t shard, uint64_t end, int64_t since_ms,
                            uint64_t records_max, jz_event_recalled each, void *context, bool *cut) {
    uint64_t first = 0, newest = end > records_max ? end - records_max : 0;
    enum jz_status status = first_since(journal, shard, end, since_ms - LOOK_BACK_SLACK_MS, &first);
    struct recall *r = calloc(1, sizeof *r);
    *cut = status == JZ_OK && first < newest;
    if (*cut) first = newest;
    if (!r || status != JZ_OK) {
        free(r);
        return status != JZ_OK ? status : JZ_E_MEMORY;
    }
    r->each = each;
    r->context = context;
    status = jz_journal_read(journal, shard, first, UINT64_MAX, recall_record, r, NULL);
    if (status == JZ_OK) status = r->status;
    free(r);
    return status;
}
