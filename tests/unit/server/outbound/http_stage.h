/* SPDX-License-Identifier: Apache-2.0 */
/** @file http_stage.h  A service on loopback that answers what the test tells it, on the test's own loop. */
#ifndef HTTP_STAGE_H
#define HTTP_STAGE_H
#include <ev.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STAGE_CONNECTIONS_MAX 48
#define STAGE_WAIT_S 10.0

struct http_stage {
    struct ev_loop *loop;
    ev_io listener;
    ev_io connection[STAGE_CONNECTIONS_MAX];
    uint32_t connections;
    const char *reply;   /**< the whole answer; NULL: silence */
    char request[65536]; /**< all that came, one after the other */
    size_t request_bytes;
    char base[64]; /**< "http://127.0.0.1:PORT" */
};

/** @return false: no loop or no port. */
bool stage_open(struct http_stage *stage);
/** Nobody listens any more; what is connected stays. */
void stage_deafen(struct http_stage *stage);
void stage_close(struct http_stage *stage);
/** Turns the loop until *count reaches `wanted`. @return false: it did not within STAGE_WAIT_S */
bool stage_wait(struct http_stage *stage, const uint32_t *count, uint32_t wanted);

#endif /* HTTP_STAGE_H */
