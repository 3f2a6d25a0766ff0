/* SPDX-License-Identifier: Apache-2.0 */
/* Distances on the ground without floating point: the small circle between two places is unrolled at their mean
 * latitude. Good to 0.5 % over the sizes a region has; a table of cosines keeps it the same on every machine. */
#include "roads.h"

#define METRES_PER_DEGREE 111195 /* mean radius 6371.0088 km */
#define E7 10000000

/* 32768 * cos(degree), rounded. */
static const int32_t cos_q15[91] = {
    32768, 32763, 32748, 32723, 32688, 32643, 32588, 32524, 32449, 32365, 32270, 32166, 32052,
    31928, 31795, 31651, 31499, 31336, 31164, 30983, 30792, 30592, 30382, 30163, 29935, 29698,
    29452, 29197, 28932, 28660, 28378, 28088, 27789, 27482, 27166, 26842, 26510, 26170, 25822,
    25466, 25102, 24730, 24351, 23965, 23571, 23170, 22763, 22348, 21926, 21498, 21063, 20622,
    20174, 19720, 19261, 18795, 18324, 17847, 17364, 16877, 16384, 15886, 15384, 14876, 14365,
    13848, 13328, 12803, 12275, 11743, 11207, 10668, 10126, 9580,  9032,  8481,  7927,  7371,
    6813,  6252,  5690,  5126,  4560,  3993,  3425,  2856,  2286,  1715,  1144,  572,   0};

static int64_t cosine_q15(int64_t lat_e7) {
    int64_t abs_e7 = lat_e7 < 0 ? -lat_e7 : lat_e7;
    int64_t degree = abs_e7 / E7, rest = abs_e7 % E7;
    if (degree >= 90) return 0;
    return cos_q15[degree] + (cos_q15[degree + 1] - cos_q15[degree]) * rest / E7;
}

/* Largest r with r * r <= n: one bit a round. */
static uint64_t root(uint64_t n) {
    uint64_t r = 0;
    for (uint64_t bit = (uint64_t)1 << 31; bit; bit >>= 1)
        if ((r | bit) * (r | bit) <= n) r |= bit;
    return r;
}

uint32_t jz_geo_distance_m(struct jz_place a, struct jz_place b) {
    int64_t north = (int64_t)b.lat_e7 - a.lat_e7, east = (int64_t)b.lon_e7 - a.lon_e7;
    if (east > (int64_t)180 * E7) east -= (int64_t)360 * E7;
    if (east < (int64_t)-180 * E7) east += (int64_t)360 * E7;
    int64_t y = north * METRES_PER_DEGREE / E7;
    int64_t x = east * METRES_PER_DEGREE / E7 * cosine_q15(((int64_t)a.lat_e7 + b.lat_e7) / 2) / 32768;
    return (uint32_t)root((uint64_t)(x * x + y * y));
}
