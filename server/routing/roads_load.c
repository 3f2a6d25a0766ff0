/* SPDX-License-Identifier: Apache-2.0 */
/* The road graph's JSON to a table of times: read, check that it hangs together, then one search from each
 * hospital. Roads run both ways, so the time from a hospital is the time to it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jingzhu/yaml.h"
#include "roads.h"
#include "shortest.h"

#define NODE_ID_MAX 999999999u
#define KMH_MIN 5u
#define PROVIDER_BYTES 32u

/* What is read before the table can be made. `id` is the file's number of each node. */
struct draft {
    struct jz_roads *roads;
    uint32_t *id;
    struct jz_edge *edge;
    uint32_t edge_count;
    struct jz_graph graph;
};

void jz_roads_free(struct jz_roads *roads) {
    if (!roads) return;
    free(roads->node);
    free(roads->ms);
    free(roads);
}

static uint32_t node_by_id(const struct draft *d, uint32_t id) {
    for (uint32_t n = 0; n < d->roads->node_count; n++)
        if (d->id[n] == id) return n;
    return UINT32_MAX;
}

static void read_node(struct jz_yaml *y, struct fy_node *node, struct draft *d) {
    if (!jz_yaml_is_map(node)) {
        jz_yaml_refuse(y, node, "a node must be a map with id, lat and lon");
        return;
    }
    struct fy_node *at = jz_yaml_need(y, node, "id");
    uint32_t id = (uint32_t)jz_yaml_number(y, at, "id", 0, NODE_ID_MAX);
    if (!y->refused && node_by_id(d, id) != UINT32_MAX)
        jz_yaml_refuse(y, at, "node %u is there twice; every node needs its own id", id);
    struct jz_place *place = &d->roads->node[d->roads->node_count];
    place->lat_e7 = jz_yaml_degrees(y, jz_yaml_need(y, node, "lat"), "lat", 90);
    place->lon_e7 = jz_yaml_degrees(y, jz_yaml_need(y, node, "lon"), "lon", 180);
    d->id[d->roads->node_count++] = id;
}

static void read_nodes(struct jz_yaml *y, struct fy_node *list, struct draft *d) {
    struct fy_node *item;
    void *at = NULL;
    if (!list) return;
    size_t count = (size_t)fy_node_sequence_item_count(list);
    d->id = calloc(count, sizeof *d->id);
    d->roads->node = calloc(count, sizeof *d->roads->node);
    if (!d->id || !d->roads->node) {
        jz_yaml_no_memory(y);
        return;
    }
    while (!y->refused && (item = fy_node_sequence_iterate(list, &at))) read_node(y, item, d);
}

static uint32_t read_end(struct jz_yaml *y, struct fy_node *edge, const char *key, const struct draft *d) {
    struct fy_node *at = jz_yaml_need(y, edge, key);
    uint32_t id = (uint32_t)jz_yaml_number(y, at, key, 0, NODE_ID_MAX);
    uint32_t node = node_by_id(d, id);
    if (node == UINT32_MAX) jz_yaml_refuse(y, at, "edge to node %u, which is not in the list of nodes", id);
    return node;
}

static void read_edge(struct jz_yaml *y, struct fy_node *edge, struct draft *d) {
    if (!jz_yaml_is_map(edge)) {
        jz_yaml_refuse(y, edge, "an edge must be a map with a, b, len_m and kmh");
        return;
    }
    struct jz_edge *e = &d->edge[d->edge_count];
    e->a = read_end(y, edge, "a", d);
    e->b = read_end(y, edge, "b", d);
    uint32_t len_m =
        (uint32_t)jz_yaml_number(y, jz_yaml_need(y, edge, "len_m"), "len_m", 1, JZ_ROADS_EDGE_M_MAX);
    uint32_t kmh =
        (uint32_t)jz_yaml_number(y, jz_yaml_need(y, edge, "kmh"), "kmh", KMH_MIN, JZ_ROADS_KMH_MAX);
    e->ms = (len_m * 3600u + kmh / 2u) / kmh; /* at most 200 km * 3600: fits in 32 bits */
    d->edge_count++;
}

static void read_edges(struct jz_yaml *y, struct fy_node *list, struct draft *d) {
    struct fy_node *item;
    void *at = NULL;
    if (!list) return;
    d->edge = calloc((size_t)fy_node_sequence_item_count(list) + 1u, sizeof *d->edge);
    if (!d->edge) {
        jz_yaml_no_memory(y);
        return;
    }
    while (!y->refused && (item = fy_node_sequence_iterate(list, &at))) read_edge(y, item, d);
}

/* A node that no road reaches would send a patient "nowhere" on the day it is the nearest one. */
static void check_connected(struct jz_yaml *y, struct fy_node *nodes, struct draft *d) {
    if (y->refused) return;
    if (!jz_graph_init(&d->graph, d->roads->node_count, d->edge, d->edge_count)) {
        jz_yaml_no_memory(y);
        return;
    }
    jz_graph_search(&d->graph, 0); /* NOLINT(clang-analyzer-unix.Malloc): jz_roads_load frees what d holds */
    for (uint32_t n = 0; n < d->roads->node_count; n++)
        if (d->graph.time[n] == JZ_UNREACHED) {
            jz_yaml_refuse(y, fy_node_sequence_get_by_index(nodes, (int)n),
                           "no road leads from node %u to node %u; join them or remove it", d->id[0],
                           d->id[n]);
            return;
        }
}

static void fill_column(struct draft *d, uint32_t f) {
    struct jz_roads *roads = d->roads;
    uint32_t distance_m, node = jz_roads_nearest(roads, roads->facility[f], &distance_m);
    roads->off_graph[f] = distance_m > JZ_SNAP_M_MAX;
    if (roads->off_graph[f]) return;
    uint64_t leg_ms = jz_leg_ms(distance_m, JZ_ACCESS_SINUOSITY_PCT, JZ_ACCESS_KMH);
    jz_graph_search(&d->graph, node);
    for (uint32_t n = 0; n < roads->node_count; n++) {
        uint64_t ms =
            d->graph.time[n] + leg_ms; /* connected: reached. Too long for a day is cut by the look-up. */
        roads->ms[(size_t)n * roads->facility_count + f] = ms < UINT32_MAX ? (uint32_t)ms : UINT32_MAX;
    }
}

static void fill_table(struct jz_yaml *y, struct draft *d) {
    if (y->refused) return;
    size_t cells = (size_t)d->roads->node_count * d->roads->facility_count;
    d->roads->ms = calloc(cells + 1u, sizeof *d->roads->ms);
    if (!d->roads->ms) {
        jz_yaml_no_memory(y);
        return;
    }
    for (uint32_t f = 0; f < d->roads->facility_count; f++) fill_column(d, f);
}

static enum jz_status read_graph(const char *name, const char *json, size_t bytes, struct draft *d,
                                 struct jz_pack_error *error) {
    struct jz_yaml y;
    struct jz_pack_source source = {name, json, bytes};
    struct fy_node *root = jz_yaml_open(&y, &source, JZ_ROADS_BYTES_MAX, error);
    struct fy_node *meta = jz_yaml_map(&y, root, "meta");
    jz_yaml_text(&y, jz_yaml_need(&y, meta, "provider"), "provider", d->roads->provider, PROVIDER_BYTES);
    struct fy_node *nodes = jz_yaml_list(&y, root, "nodes", 1, JZ_ROADS_NODES_MAX);
    read_nodes(&y, nodes, d);
    read_edges(&y, jz_yaml_list(&y, root, "edges", 0, JZ_ROADS_EDGES_MAX), d);
    check_connected(&y, nodes, d);
    fill_table(&y, d);
    jz_yaml_close(&y);
    return y.status;
}

static struct jz_roads *new_roads(const struct jz_directory *directory) {
    struct jz_roads *roads = calloc(1, sizeof *roads);
    if (!roads) return NULL;
    roads->facility_count = directory->facility_count;
    for (uint32_t f = 0; f < directory->facility_count; f++) {
        const struct jz_facility *facility = &directory->facility[f];
        roads->facility[f] = (struct jz_place){facility->lat_e7, facility->lon_e7};
        roads->accuracy_m[f] = facility->accuracy_m;
        roads->off_graph[f] = true; /* until a column is filled */
    }
    return roads;
}

enum jz_status jz_roads_load(const char *name, const char *json, size_t bytes,
                             const struct jz_directory *directory, struct jz_roads **roads,
                             struct jz_pack_error *error) {
    struct draft d = {.roads = new_roads(directory)};
    enum jz_status status = d.roads ? JZ_OK : JZ_E_MEMORY;
    *roads = NULL;
    *error = (struct jz_pack_error){0};
    if (!d.roads)
        snprintf(error->text, sizeof error->text, "out of memory");
    else if (json)
        status = read_graph(name, json, bytes, &d, error);
    jz_graph_deinit(&d.graph);
    free(d.id);
    free(d.edge);
    if (status == JZ_OK)
        *roads = d.roads;
    else
        jz_roads_free(d.roads);
    return status;
}
