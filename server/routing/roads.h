/* SPDX-License-Identifier: Apache-2.0 */
/** @file roads.h  Inside the road graph: shared by the loader (fills it) and the look-up (reads it) only. */
#ifndef JZ_ROADS_H
#define JZ_ROADS_H
#include "travel.h"

/* The model. All PROJ: planning figures of this project, argued in docs/routing.md. */
#define JZ_SNAP_M_MAX 15000u  /**< beyond this the graph says nothing about a place */
#define JZ_DIRECT_M_MAX 3000u /**< up to here going straight may beat the way over two nodes */
#define JZ_ACCESS_KMH 30u     /**< between a place and its node: streets and lanes */
#define JZ_ACCESS_SINUOSITY_PCT 130u
#define JZ_MODEL_KMH 60u /**< distance model: between towns */
#define JZ_MODEL_SINUOSITY_PCT 130u
#define JZ_NODE_ERROR_M 1000u /**< of a node's position, 300 to 2000 m by its source */

struct jz_place {
    int32_t lat_e7, lon_e7;
};
struct jz_roads {
    char provider[32];
    uint32_t node_count, facility_count;
    bool off_graph[JZ_FACILITIES_MAX]; /**< farther than JZ_SNAP_M_MAX from every node */
    struct jz_place facility[JZ_FACILITIES_MAX];
    uint32_t accuracy_m[JZ_FACILITIES_MAX];
    struct jz_place *node; /**< node_count; NULL without a graph */
    uint32_t *ms; /**< node_count rows of facility_count: milliseconds, access to the facility included */
};

/** Distance in metres, within 0.5 % of the sphere's up to 300 km. Integers only. */
uint32_t jz_geo_distance_m(struct jz_place a, struct jz_place b);
/** Node nearest to a place; ties: the lower index. @return index, UINT32_MAX without nodes. */
uint32_t jz_roads_nearest(const struct jz_roads *roads, struct jz_place place, uint32_t *distance_m);
/** Milliseconds for a straight distance at a speed, lengthened by the sinuosity. */
uint64_t jz_leg_ms(uint32_t distance_m, uint32_t sinuosity_pct, uint32_t kmh);

#endif /* JZ_ROADS_H */
