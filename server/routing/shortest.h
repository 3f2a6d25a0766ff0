/* SPDX-License-Identifier: Apache-2.0 */
/** @file shortest.h  Shortest times in an undirected road graph: Dijkstra with a binary heap. Load time only. */
#ifndef JZ_SHORTEST_H
#define JZ_SHORTEST_H
#include <stdbool.h>
#include <stdint.h>

#define JZ_UNREACHED UINT64_MAX

struct jz_edge {
    uint32_t a, b, ms; /**< node indexes; milliseconds, at least 1 */
};
struct jz_heap_item {
    uint64_t ms;
    uint32_t node;
};
/** The graph sorted by node, and working memory for one search. */
struct jz_graph {
    uint32_t node_count, edge_count;
    uint32_t *first;   /**< node_count + 1: where a node's half-edges begin */
    uint32_t *to, *ms; /**< 2 * edge_count */
    uint64_t *time;    /**< node_count: result of the last search, JZ_UNREACHED where no road leads */
    struct jz_heap_item *heap;
};

/** @param edge  Borrowed for the call; indexes below node_count.
 *  @return false when out of memory. Pair with jz_graph_deinit in both cases. */
bool jz_graph_init(struct jz_graph *graph, uint32_t node_count, const struct jz_edge *edge,
                   uint32_t edge_count);
void jz_graph_deinit(struct jz_graph *graph);
/** Fills `time` with the milliseconds from one node to every node. */
void jz_graph_search(struct jz_graph *graph, uint32_t from);

#endif /* JZ_SHORTEST_H */
