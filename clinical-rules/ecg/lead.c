/* SPDX-License-Identifier: Apache-2.0 */
#include "jingzhu/ecg.h"

/* MDC_PART_SCADA (2) << 16 of IEEE 11073-10101, plus the lead's number there, which is SCP-ECG's. */
#define MDC_LEAD(number) (131072u + (number))

static const struct {
    const char *name;
    uint32_t code;
} leads[JZ_LEAD_COUNT] = {
    [JZ_LEAD_I] = {"I", MDC_LEAD(1)},      [JZ_LEAD_II] = {"II", MDC_LEAD(2)},
    [JZ_LEAD_III] = {"III", MDC_LEAD(61)}, [JZ_LEAD_AVR] = {"aVR", MDC_LEAD(62)},
    [JZ_LEAD_AVL] = {"aVL", MDC_LEAD(63)}, [JZ_LEAD_AVF] = {"aVF", MDC_LEAD(64)},
    [JZ_LEAD_V1] = {"V1", MDC_LEAD(3)},    [JZ_LEAD_V2] = {"V2", MDC_LEAD(4)},
    [JZ_LEAD_V3] = {"V3", MDC_LEAD(5)},    [JZ_LEAD_V4] = {"V4", MDC_LEAD(6)},
    [JZ_LEAD_V5] = {"V5", MDC_LEAD(7)},    [JZ_LEAD_V6] = {"V6", MDC_LEAD(8)},
    [JZ_LEAD_V3R] = {"V3R", MDC_LEAD(11)}, [JZ_LEAD_V4R] = {"V4R", MDC_LEAD(12)},
    [JZ_LEAD_V7] = {"V7", MDC_LEAD(9)},    [JZ_LEAD_V8] = {"V8", MDC_LEAD(66)},
    [JZ_LEAD_V9] = {"V9", MDC_LEAD(67)},
};

const char *jz_ecg_lead_name(enum jz_ecg_lead lead) {
    return (unsigned)lead < JZ_LEAD_COUNT ? leads[lead].name : "";
}

enum jz_ecg_lead jz_ecg_lead_of_code(uint32_t code) {
    for (unsigned lead = 0; lead < JZ_LEAD_COUNT; lead++)
        if (leads[lead].code == code) return (enum jz_ecg_lead)lead;
    return JZ_LEAD_COUNT;
}

uint32_t jz_ecg_lead_code(enum jz_ecg_lead lead) {
    return (unsigned)lead < JZ_LEAD_COUNT ? leads[lead].code : 0;
}
