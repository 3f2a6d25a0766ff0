/* SPDX-License-Identifier: Apache-2.0 */
#include "pack_words.h"

#include <stddef.h>
#include <string.h>

/* The numbers are those on the wire (protocol/fields.csv); the words are for people who read packs. */
static const struct {
    const char *field, *word;
    int32_t value;
} values[] = {
    {"on_oxygen", "no", 0},
    {"on_oxygen", "yes", 1},
    {"acvpu", "A", 1},
    {"acvpu", "C", 2},
    {"acvpu", "V", 3},
    {"acvpu", "P", 4},
    {"acvpu", "U", 5},
    {"spo2_scale", "scale_1", 1},
    {"spo2_scale", "scale_2", 2},
    {"st_elevation_confirmed", "no", 0},
    {"st_elevation_confirmed", "yes", 1},
    {"severe_symptom", "no", 0},
    {"severe_symptom", "yes", 1},
    {"chest_pain", "no", 0},
    {"chest_pain", "yes", 1},
    {"sex", "male", 1},
    {"sex", "female", 2},
    {"pregnancy", "not_pregnant", 1},
    {"pregnancy", "pregnant", 2},
    {"pregnancy", "postpartum", 3},
    {"risk_colour", "green", 1},
    {"risk_colour", "yellow", 2},
    {"risk_colour", "orange", 3},
    {"risk_colour", "red", 4},
    {"infectious", "no", 0},
    {"infectious", "yes", 1},
};
static const char *const marks[] = {"S", "S2", "GK", "PROJ", "DEC", "C", "C2", "c", NULL};
static const char *const milestones[] = {"fmc",      "ecg",  "ecg_read", "left_scene",        "door",
                                         "handover", "wire", "needle",   "decision_delivery", "delivery",
                                         NULL};
static const char *const capabilities[] = {"chest_pain_centre",
                                           "pci_24h",
                                           "thrombolysis",
                                           "cardiac_surgery",
                                           "ecmo",
                                           "obstetrics_emergency",
                                           "critical_maternal_centre",
                                           "nicu_critical_neonatal_centre",
                                           "interventional_radiology",
                                           "blood_bank",
                                           "adult_icu",
                                           "infectious_obstetrics",
                                           "paediatric_icu",
                                           NULL};

static bool listed(const char *const *list, const char *word, size_t bytes) {
    for (; *list; list++)
        if (strlen(*list) == bytes && memcmp(*list, word, bytes) == 0) return true;
    return false;
}

bool jz_word_value(const char *field, const char *word, int32_t *value) {
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        if (strcmp(values[i].field, field) == 0 && strcmp(values[i].word, word) == 0) {
            *value = values[i].value;
            return true;
        }
    return false;
}

bool jz_word_field(const char *field) {
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        if (strcmp(values[i].field, field) == 0) return true;
    return false;
}

bool jz_word_is_mark(const char *mark) {
    const char *colon = strchr(mark, ':');
    if (!colon) return listed(marks, mark, strlen(mark));
    size_t bytes = (size_t)(colon - mark);
    return mark[0] == 'C' && colon[1] != 0 && listed(marks, mark, bytes);
}

bool jz_word_is_milestone(const char *name) {
    return listed(milestones, name, strlen(name));
}

bool jz_word_is_capability(const char *key) {
    return listed(capabilities, key, strlen(key));
}
