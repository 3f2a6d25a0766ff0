/* SPDX-License-Identifier: Apache-2.0 */
/** @file queue.h  What waits for one peer: bounded, bulk dropped first. No I/O.
 *
 *  A blob has room in front of its bytes for the WebSocket header, so it is written without a copy. The header of
 *  an earlier write may be overwritten: the library has sent or copied it by then. */
#ifndef JZ_NET_QUEUE_H
#define JZ_NET_QUEUE_H
#include "net.h"

#define JZ_BLOB_HEADROOM 32u
#define JZ_QUEUE_ITEMS_MAX 2048u /**< bounds the nodes of many tiny messages */

struct jz_blob {
    uint32_t owners, bytes;
    uint8_t data[]; /**< headroom, then `bytes` */
};
struct queue_item {
    struct queue_item *next;
    struct jz_blob *blob;
    enum jz_send_class cls;
};
struct queue {
    struct queue_item *first, *last;
    size_t bytes, bytes_max;
    uint32_t count;
};

enum queue_result { QUEUE_TAKEN, QUEUE_DROPPED, QUEUE_OVERFLOW };

/** Bytes that STATE may still take, bulk counted as droppable. */
size_t queue_room(const struct queue *queue);
/** BULK takes at most half of the queue and is dropped when it does not fit. STATE pushes waiting bulk out; when
 *  even that gives no room, the queue is emptied (QUEUE_OVERFLOW).
 *  @param[out] dropped  How many bulk messages were lost by this call. */
enum queue_result queue_push(struct queue *queue, struct jz_blob *blob, enum jz_send_class cls,
                             uint32_t *dropped);
/** The caller owns the share that comes out. NULL: empty. */
struct jz_blob *queue_pop(struct queue *queue);
void queue_clear(struct queue *queue);

#endif /* JZ_NET_QUEUE_H */
