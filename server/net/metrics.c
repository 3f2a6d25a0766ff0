/* SPDX-License-Identifier: Apache-2.0 */
/* GET /metrics: Prometheus text, counters of net and what the owner adds. No names, no identities. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net_private.h"

#define OWN_BYTES_MAX 32768u

struct text {
    char *data;
    size_t used, capacity;
};

/* What was written whole counts; a part is taken back. */
static void advance(struct text *t, int written) {
    if (written > 0 && (size_t)written < t->capacity - t->used) t->used += (size_t)written;
}

#define ADD(t, ...) advance((t), snprintf((t)->data + (t)->used, (t)->capacity - (t)->used, __VA_ARGS__))

static void add_counters(struct text *t, const struct jz_net_stats *s) {
    const struct {
        const char *name;
        uint64_t value;
    } rows[] = {{"messages_total", s->messages},
                {"frames_total", s->frames},
                {"received_bytes_total", s->bytes_in},
                {"sent_bytes_total", s->bytes_out},
                {"sent_messages_total", s->messages_out},
                {"acks_total", s->acks_out},
                {"bulk_dropped_total", s->bulk_dropped},
                {"lagged_total", s->lagged},
                {"rate_paused_total", s->rate_paused},
                {"errors_dropped_total", s->errors_dropped},
                {"logins_total", s->logins},
                {"login_failures_total", s->login_failures}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ADD(t, "# TYPE jingzhu_net_%s counter\njingzhu_net_%s %llu\n", rows[i].name, rows[i].name,
            (unsigned long long)rows[i].value);
}

static void add_gauges(struct text *t, const struct jz_net *net) {
    ADD(t, "# TYPE jingzhu_net_connections gauge\njingzhu_net_connections %u\n", net->connection_count);
    ADD(t, "# TYPE jingzhu_net_paused gauge\njingzhu_net_paused %d\n", net->paused ? 1 : 0);
    ADD(t, "# TYPE jingzhu_net_sessions gauge\n");
    for (int side = 0; side < JZ_SIDE_COUNT; side++)
        ADD(t, "jingzhu_net_sessions{side=\"%s\"} %u\n", net_side_name((enum jz_side)side),
            net->stats.sessions[side]);
}

static void add_refusals(struct text *t, const struct jz_net *net) {
    ADD(t, "# TYPE jingzhu_net_refusals_total counter\n");
    for (int status = 1; status < (int)NET_STATUS_MAX; status++)
        if (net->refusals[status])
            ADD(t, "jingzhu_net_refusals_total{status=\"%d\"} %llu\n", status,
                (unsigned long long)net->refusals[status]);
}

int metrics_answer(struct connection *c) {
    struct jz_net_events *events = &c->net->events;
    struct text t = {.capacity = OWN_BYTES_MAX};
    t.data = malloc(OWN_BYTES_MAX + JZ_NET_METRICS_BYTES_MAX);
    if (!t.data) return -1;
    add_gauges(&t, c->net);
    add_counters(&t, &c->net->stats);
    add_refusals(&t, c->net);
    size_t more =
        events->metrics ? events->metrics(events->context, t.data + t.used, JZ_NET_METRICS_BYTES_MAX) : 0;
    if (more <= JZ_NET_METRICS_BYTES_MAX) t.used += more;
    int result = http_answer(c, 200, "Cache-Control: no-store\r\n",
                             "text/plain; version=0.0.4; charset=utf-8", t.data, t.used);
    free(t.data);
    return result;
}
