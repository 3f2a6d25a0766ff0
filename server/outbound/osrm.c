/* SPDX-License-Identifier: Apache-2.0 */
#include "osrm.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "roads.h"

struct text {
    char *at;
    size_t left;
    bool fits;
};

static void write(struct text *t, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int n = t->fits ? vsnprintf(t->at, t->left, format, arguments) : 0;
    va_end(arguments);
    t->fits = t->fits && n >= 0 && (size_t)n < t->left;
    if (!t->fits) return;
    t->at += n;
    t->left -= (size_t)n;
}

/* Degrees with seven decimals, exact and free of the locale. */
static void write_degrees(struct text *t, int32_t e7) {
    write(t, "%s%" PRId32 ".%07" PRId32, e7 < 0 ? "-" : "", abs(e7 / 10000000), abs(e7 % 10000000));
}

static void write_place(struct text *t, int32_t lat_e7, int32_t lon_e7) {
    write_degrees(t, lon_e7);
    write(t, ",");
    write_degrees(t, lat_e7);
}

bool jz_osrm_question(const char *base, int32_t lat_e7, int32_t lon_e7, const struct jz_directory *directory,
                      char *url, size_t capacity) {
    struct text t = {url, capacity, true};
    size_t bytes = strlen(base);
    while (bytes && base[bytes - 1] == '/') bytes--;
    write(&t, "%.*s/table/v1/driving/", (int)bytes, base);
    write_place(&t, lat_e7, lon_e7);
    for (uint32_t f = 0; f < directory->facility_count; f++) {
        write(&t, ";");
        write_place(&t, directory->facility[f].lat_e7, directory->facility[f].lon_e7);
    }
    write(&t, "?sources=0&annotations=duration");
    return t.fits;
}

/* Metres between a place and the road it was put on; an older service does not say, and then nothing is added. */
static double off_road_m(const json_t *places, size_t index) {
    double m = json_number_value(json_object_get(json_array_get(places, index), "distance"));
    return m >= 0 ? m : 0;
}

static uint32_t access_s(double m) {
    return (uint32_t)(jz_leg_ms((uint32_t)m, JZ_ACCESS_SINUOSITY_PCT, JZ_ACCESS_KMH) / 1000u);
}

static void take(const json_t *answer, const struct jz_directory *directory, struct jz_travel *out) {
    const json_t *row = json_array_get(json_object_get(answer, "durations"), 0);
    const json_t *places = json_object_get(answer, "destinations");
    double from_m = off_road_m(json_object_get(answer, "sources"), 0);
    for (uint32_t f = 0; f < directory->facility_count; f++) {
        const json_t *duration = json_array_get(row, f + 1);
        double s = json_number_value(duration), to_m = off_road_m(places, f + 1);
        if (!json_is_number(duration) || !(s >= 0) || s > JZ_TRAVEL_S_MAX) continue;
        if (from_m > JZ_OSRM_SNAP_M_MAX || to_m > JZ_OSRM_SNAP_M_MAX) continue;
        uint32_t seconds =
            (uint32_t)s + 1u + access_s(from_m) + access_s(to_m); /* rounded up: 0 is "not known" */
        if (seconds > JZ_TRAVEL_S_MAX) continue;
        out->seconds[f] = seconds;
        out->uncertainty_s[f] = seconds / 5u + access_s(directory->facility[f].accuracy_m);
    }
}

enum jz_status jz_osrm_answer(const char *json, size_t bytes, const struct jz_directory *directory,
                              struct jz_travel *out, const char **why) {
    memset(out, 0, sizeof *out);
    *why = "";
    json_t *answer = json_loadb(json, bytes, JSON_REJECT_DUPLICATES, NULL);
    const char *code = json_string_value(json_object_get(answer, "code"));
    const json_t *rows = json_object_get(answer, "durations");
    if (!answer)
        *why = "not JSON";
    else if (!code || strcmp(code, "Ok") != 0)
        *why = "its code is not Ok";
    else if (json_array_size(rows) != 1 ||
             json_array_size(json_array_get(rows, 0)) != directory->facility_count + 1u)
        *why = "durations is not one row with a number for every place";
    if (!**why) {
        snprintf(out->provider, sizeof out->provider, "osrm");
        take(answer, directory, out);
    }
    json_decref(answer);
    return **why ? JZ_E_FORMAT : JZ_OK;
}
