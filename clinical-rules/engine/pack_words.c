/* SPDX-License-Identifier: Apache-2.0 */
#include "pack_words.h"

#include <stddef.h>
#include <string.h>

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
