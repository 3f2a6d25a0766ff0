/* SPDX-License-Identifier: Apache-2.0 */
#include "queue.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct jz_blob *jz_blob_make(const uint8_t *bytes, size_t count) {
    if (count == 0 || count > JZ_NET_SEND_BYTES_MAX) return NULL;
    struct jz_blob *blob = malloc(sizeof *blob + JZ_BLOB_HEADROOM + count);
    if (!blob) return NULL;
    blob->owners = 1;
    blob->bytes = (uint32_t)count;
    memcpy(blob->data + JZ_BLOB_HEADROOM, bytes, count);
    return blob;
}

void jz_blob_keep(struct jz_blob *blob) {
    assert(blob->owners > 0 && blob->owners < UINT32_MAX);
    blob->owners++;
}

void jz_blob_release(struct jz_blob *blob) {
    if (!blob) return;
    assert(blob->owners > 0);
    if (--blob->owners == 0) free(blob);
}

static bool fits(const struct queue *queue, size_t bytes, size_t limit) {
    return queue->count < JZ_QUEUE_ITEMS_MAX && queue->bytes + bytes <= limit;
}

size_t queue_room(const struct queue *queue) {
    size_t state = 0, count = 0;
    for (const struct queue_item *item = queue->first; item; item = item->next) {
        state += item->cls == JZ_SEND_STATE ? item->blob->bytes : 0;
        count += item->cls == JZ_SEND_STATE;
    }
    return count >= JZ_QUEUE_ITEMS_MAX || state >= queue->bytes_max ? 0 : queue->bytes_max - state;
}

static bool append(struct queue *queue, struct jz_blob *blob, enum jz_send_class cls) {
    struct queue_item *item = malloc(sizeof *item);
    if (!item) return false;
    *item = (struct queue_item){.blob = blob, .cls = cls};
    jz_blob_keep(blob);
    if (queue->last)
        queue->last->next = item;
    else
        queue->first = item;
    queue->last = item;
    queue->bytes += blob->bytes;
    queue->count++;
    return true;
}

struct jz_blob *queue_pop(struct queue *queue) {
    struct queue_item *item = queue->first;
    if (!item) return NULL;
    struct jz_blob *blob = item->blob;
    queue->first = item->next;
    if (!queue->first) queue->last = NULL;
    queue->bytes -= blob->bytes;
    queue->count--;
    free(item);
    return blob;
}

void queue_clear(struct queue *queue) {
    for (struct jz_blob *blob = queue_pop(queue); blob; blob = queue_pop(queue)) jz_blob_release(blob);
}

/* Takes everything out and puts the state back, in order. */
static uint32_t drop_bulk(struct queue *queue) {
    struct queue_item **link = &queue->first;
    uint32_t dropped = 0;
    queue->last = NULL;
    while (*link) {
        struct queue_item *item = *link;
        if (item->cls == JZ_SEND_STATE) {
            queue->last = item;
            link = &item->next;
            continue;
        }
        *link = item->next;
        queue->bytes -= item->blob->bytes;
        queue->count--;
        dropped++;
        jz_blob_release(item->blob);
        free(item);
    }
    return dropped;
}

enum queue_result queue_push(struct queue *queue, struct jz_blob *blob, enum jz_send_class cls,
                             uint32_t *dropped) {
    *dropped = 0;
    if (cls == JZ_SEND_BULK) {
        if (fits(queue, blob->bytes, queue->bytes_max / 2) && append(queue, blob, cls)) return QUEUE_TAKEN;
        *dropped = 1;
        return QUEUE_DROPPED;
    }
    if (!fits(queue, blob->bytes, queue->bytes_max)) *dropped = drop_bulk(queue);
    if (fits(queue, blob->bytes, queue->bytes_max) && append(queue, blob, cls)) return QUEUE_TAKEN;
    queue_clear(queue);
    return QUEUE_OVERFLOW;
}
