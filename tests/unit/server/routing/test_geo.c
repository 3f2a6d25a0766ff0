/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "fake_rules.h"
#include "roads.h"

static double haversine_m(struct jz_place a, struct jz_place b) {
    double rad = acos(-1.0) / 180e7, la = a.lat_e7 * rad, lb = b.lat_e7 * rad;
    double sy = sin((lb - la) / 2), sx = sin((b.lon_e7 - (double)a.lon_e7) * rad / 2);
    return 2 * 6371008.8 * asin(sqrt(sy * sy + cos(la) * cos(lb) * sx * sx));
}

static void known_distances_are_right(void **state) {
    static const struct {
        struct jz_place a, b;
        uint32_t m;
    } rows[] = {{{265705000, 1067003000}, {265705000, 1067003000}, 0},
                {{0, 0}, {10000000, 0}, 111195},
                {{0, 0}, {0, 10000000}, 111195},
                {{600000000, 0}, {600000000, 10000000}, 55597},
                {{0, 1799000000}, {0, -1799000000}, 22239}, /* across the date line */
                {{0, -1799000000}, {0, 1799000000}, 22239},
                {{900000000, 0}, {900000000, 900000000}, 0}}; /* the pole is one place */
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_in_range(jz_geo_distance_m(rows[i].a, rows[i].b), rows[i].m, rows[i].m + (rows[i].m ? 1 : 0));
}

static void distances_up_to_300_km_are_within_half_a_percent_of_the_sphere(void **state) {
    uint64_t seed = test_seed();
    uint32_t compared = 0;
    (void)state;
    for (int i = 0; i < 100000; i++) {
        int32_t lat = (int32_t)(next_random(&seed) % 1000000000u) - 500000000; /* -50 to 50 degrees */
        int32_t lon = (int32_t)((int64_t)(next_random(&seed) % 3000000000u) - 1500000000);
        struct jz_place a = {lat, lon};
        struct jz_place b = {lat + (int32_t)(next_random(&seed) % 40000000u) - 20000000,
                             lon + (int32_t)(next_random(&seed) % 40000000u) - 20000000};
        double exact = haversine_m(a, b), got = jz_geo_distance_m(a, b);
        if (exact > 300000) continue;
        if (fabs(got - exact) > exact * 0.005 + 2)
            fail_msg("%d %d to %d %d: %.0f m, exactly %.0f m", a.lat_e7, a.lon_e7, b.lat_e7, b.lon_e7, got,
                     exact);
        assert_int_equal(jz_geo_distance_m(b, a), jz_geo_distance_m(a, b));
        compared++;
    }
    assert_true(compared > 50000);
}

static void the_farthest_corners_of_the_earth_do_not_overflow(void **state) {
    (void)state;
    assert_in_range(jz_geo_distance_m((struct jz_place){-900000000, -1800000000},
                                      (struct jz_place){900000000, 1800000000}),
                    20015000, 20015200);
    assert_in_range(jz_geo_distance_m((struct jz_place){0, -900000000}, (struct jz_place){0, 900000000}),
                    20015000, 20015200);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_distances_are_right),
        cmocka_unit_test(distances_up_to_300_km_are_within_half_a_percent_of_the_sphere),
        cmocka_unit_test(the_farthest_corners_of_the_earth_do_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
