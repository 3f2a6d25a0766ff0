/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_rules.h"
#include "shortest.h"

static void the_short_way_round_is_found(void **state) {
    static const struct jz_edge edges[] = {{0, 1, 10}, {1, 2, 10}, {0, 2, 25}, {2, 3, 1}};
    static const uint64_t from_0[] = {0, 10, 20, 21}, from_3[] = {21, 11, 1, 0};
    struct jz_graph g;
    (void)state;
    assert_true(jz_graph_init(&g, 4, edges, 4));
    jz_graph_search(&g, 0);
    assert_memory_equal(g.time, from_0, sizeof from_0);
    jz_graph_search(&g, 3);
    assert_memory_equal(g.time, from_3, sizeof from_3);
    jz_graph_deinit(&g);
}

static void a_node_without_a_road_is_unreached(void **state) {
    static const struct jz_edge edges[] = {{0, 2, 5}};
    struct jz_graph g;
    (void)state;
    assert_true(jz_graph_init(&g, 3, edges, 1));
    jz_graph_search(&g, 0);
    assert_true(g.time[1] == JZ_UNREACHED);
    assert_true(g.time[2] == 5);
    jz_graph_deinit(&g);
}

static void loops_and_double_edges_do_no_harm(void **state) {
    static const struct jz_edge edges[] = {{0, 0, 1}, {0, 1, 9}, {1, 0, 4}, {0, 1, 7}};
    struct jz_graph g;
    (void)state;
    assert_true(jz_graph_init(&g, 2, edges, 4));
    jz_graph_search(&g, 0);
    assert_true(g.time[0] == 0 && g.time[1] == 4);
    jz_graph_deinit(&g);
}

static void long_ways_do_not_wrap(void **state) {
    static const struct jz_edge edges[] = {{0, 1, UINT32_MAX}, {1, 2, UINT32_MAX}};
    struct jz_graph g;
    (void)state;
    assert_true(jz_graph_init(&g, 3, edges, 2));
    jz_graph_search(&g, 0);
    assert_true(g.time[2] == 2 * (uint64_t)UINT32_MAX);
    jz_graph_deinit(&g);
}

#define NODES 12u
#define EDGES 30u

/* Bellman and Ford's way, which has nothing in common with the heap. */
static void relax_all(uint64_t *time, const struct jz_edge *edge) {
    for (uint32_t n = 0; n < NODES; n++) time[n] = n ? JZ_UNREACHED : 0;
    for (uint32_t round = 0; round < NODES; round++)
        for (uint32_t e = 0; e < EDGES; e++) {
            uint64_t *a = &time[edge[e].a], *b = &time[edge[e].b];
            if (*a != JZ_UNREACHED && *a + edge[e].ms < *b) *b = *a + edge[e].ms;
            if (*b != JZ_UNREACHED && *b + edge[e].ms < *a) *a = *b + edge[e].ms;
        }
}

static void random_graphs_agree_with_another_algorithm(void **state) {
    uint64_t seed = test_seed(), expected[NODES];
    struct jz_edge edge[EDGES];
    struct jz_graph g;
    (void)state;
    for (int round = 0; round < 2000; round++) {
        for (uint32_t e = 0; e < EDGES; e++)
            edge[e] = (struct jz_edge){next_random(&seed) % NODES, next_random(&seed) % NODES,
                                       1 + next_random(&seed) % 50};
        assert_true(jz_graph_init(&g, NODES, edge, EDGES));
        jz_graph_search(&g, 0);
        relax_all(expected, edge);
        assert_memory_equal(g.time, expected, sizeof expected);
        jz_graph_deinit(&g);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_short_way_round_is_found),
        cmocka_unit_test(a_node_without_a_road_is_unreached),
        cmocka_unit_test(loops_and_double_edges_do_no_harm),
        cmocka_unit_test(long_ways_do_not_wrap),
        cmocka_unit_test(random_graphs_agree_with_another_algorithm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
