/* SPDX-License-Identifier: Apache-2.0 */
/* Dijkstra with lazy deletion: a better time is pushed again and the worse one is skipped when it surfaces, so
 * the heap holds at most one entry for each half-edge, and the start. */
#include "shortest.h"

#include <stdlib.h>
#include <string.h>

static void count_and_place(struct jz_graph *g, const struct jz_edge *edge) {
    for (uint32_t e = 0; e < g->edge_count; e++) {
        g->first[edge[e].a]++;
        g->first[edge[e].b]++;
    }
    uint32_t total = 0;
    for (uint32_t n = 0; n <= g->node_count; n++) {
        total += g->first[n];
        g->first[n] = total;
    }
    /* `first` now ends each node's run; filling it backwards leaves it at the beginning. */
    for (uint32_t e = 0; e < g->edge_count; e++) {
        uint32_t a = --g->first[edge[e].a], b = --g->first[edge[e].b];
        g->to[a] = edge[e].b;
        g->to[b] = edge[e].a;
        g->ms[a] = g->ms[b] = edge[e].ms;
    }
}

bool jz_graph_init(struct jz_graph *g, uint32_t node_count, const struct jz_edge *edge, uint32_t edge_count) {
    size_t half = 2u * (size_t)edge_count + 1u;
    *g = (struct jz_graph){.node_count = node_count, .edge_count = edge_count};
    g->first = calloc((size_t)node_count + 1u, sizeof *g->first);
    g->to = calloc(half, sizeof *g->to);
    g->ms = calloc(half, sizeof *g->ms);
    g->time = calloc((size_t)node_count + 1u, sizeof *g->time);
    g->heap = calloc(half, sizeof *g->heap);
    if (!g->first || !g->to || !g->ms || !g->time || !g->heap) return false;
    count_and_place(g, edge);
    return true;
}

void jz_graph_deinit(struct jz_graph *g) {
    free(g->first);
    free(g->to);
    free(g->ms);
    free(g->time);
    free(g->heap);
    *g = (struct jz_graph){0};
}

static void push(struct jz_heap_item *heap, uint32_t *count, struct jz_heap_item item) {
    uint32_t at = (*count)++;
    for (; at > 0 && heap[(at - 1u) / 2u].ms > item.ms; at = (at - 1u) / 2u) heap[at] = heap[(at - 1u) / 2u];
    heap[at] = item;
}

static struct jz_heap_item pop(struct jz_heap_item *heap, uint32_t *count) {
    struct jz_heap_item top = heap[0], last = heap[--*count];
    uint32_t at = 0;
    for (uint32_t child = 1; child < *count; child = 2u * at + 1u) {
        if (child + 1u < *count && heap[child + 1u].ms < heap[child].ms) child++;
        if (heap[child].ms >= last.ms) break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = last;
    return top;
}

void jz_graph_search(struct jz_graph *g, uint32_t from) {
    uint32_t count = 0;
    for (uint32_t n = 0; n < g->node_count; n++) g->time[n] = JZ_UNREACHED;
    g->time[from] = 0;
    push(g->heap, &count, (struct jz_heap_item){0, from});
    while (count) {
        struct jz_heap_item item = pop(g->heap, &count);
        if (item.ms > g->time[item.node]) continue;
        for (uint32_t e = g->first[item.node]; e < g->first[item.node + 1u]; e++) {
            uint64_t ms = item.ms + g->ms[e];
            if (ms >= g->time[g->to[e]]) continue;
            g->time[g->to[e]] = ms;
            push(g->heap, &count, (struct jz_heap_item){ms, g->to[e]});
        }
    }
}
