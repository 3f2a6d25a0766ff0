/* SPDX-License-Identifier: Apache-2.0 */
#include "utf8.h"

/* RFC 3629 section 4: which second byte may follow which lead byte, and how many bytes follow in all. */
struct lead_row {
    uint8_t first, last;               /* lead byte */
    uint8_t second_first, second_last; /* second byte */
    uint8_t bytes;                     /* whole sequence */
};
static const struct lead_row lead_rows[] = {
    {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
    {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
    {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};
enum { LEAD_ROW_COUNT = sizeof lead_rows / sizeof lead_rows[0] };

static const struct lead_row *find_lead(uint8_t byte) {
    for (unsigned i = 0; i < LEAD_ROW_COUNT; i++)
        if (byte >= lead_rows[i].first && byte <= lead_rows[i].last) return &lead_rows[i];
    return NULL;
}

/* Bytes of the multi-byte sequence at `text`, or 0 when it is not one. */
static size_t sequence_bytes(const uint8_t *text, size_t left) {
    const struct lead_row *row = find_lead(text[0]);
    if (!row || left < row->bytes) return 0;
    if (text[1] < row->second_first || text[1] > row->second_last) return 0;
    for (size_t i = 2; i < row->bytes; i++)
        if ((text[i] & 0xc0) != 0x80) return 0;
    return row->bytes;
}

size_t jz_utf8_valid(const uint8_t *text, size_t bytes) {
    size_t at = 0;
    while (at < bytes) {
        size_t step = text[at] < 0x80 ? 1 : sequence_bytes(text + at, bytes - at);
        if (step == 0) break;
        at += step;
    }
    return at;
}
