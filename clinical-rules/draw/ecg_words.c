/* SPDX-License-Identifier: Apache-2.0 */
#include "ecg.h"

struct bit_word {
    uint8_t bit;
    const char *zh, *en;
};
static const struct bit_word rhythms[] = {{JZ_RHYTHM_REGULAR, "规则", "regular"},
                                          {JZ_RHYTHM_IRREGULAR, "不规则", "irregular"},
                                          {JZ_RHYTHM_PAUSE, "停搏", "pause"},
                                          {JZ_RHYTHM_WIDE, "宽 QRS", "wide"},
                                          {JZ_RHYTHM_WIDE_FAST, "宽 QRS 心动过速", "WIDE AND FAST"},
                                          {JZ_RHYTHM_VF_SUSPECTED, "疑似室颤", "VF SUSPECTED"},
                                          {JZ_RHYTHM_FLAT, "无 QRS", "NO QRS"},
                                          {JZ_RHYTHM_PACED, "起搏", "paced"}};
static const struct bit_word conductions[] = {{JZ_CONDUCTION_UNKNOWN, "传导未知", "conduction unknown"},
                                              {JZ_CONDUCTION_NORMAL, "传导正常", "normal conduction"},
                                              {JZ_CONDUCTION_LBBB, "左束支阻滞", "LBBB"},
                                              {JZ_CONDUCTION_RBBB, "右束支阻滞", "RBBB"},
                                              {JZ_CONDUCTION_IVCD, "室内阻滞", "IVCD"}};
#define COUNT(table) (sizeof(table) / sizeof(table)[0])

void jz_ecg_rhythm_label(const struct jz_ecg_measure *measure, struct jz_label *label) {
    for (size_t i = 0; i < COUNT(rhythms); i++) {
        if (!(measure->rhythm & rhythms[i].bit)) continue;
        jz_label_add(label, rhythms[i].zh);
        jz_label_add(label, " ");
        jz_label_add(label, rhythms[i].en);
        jz_label_add(label, "; ");
    }
    for (size_t i = 0; i < COUNT(conductions); i++) {
        if (measure->conduction != conductions[i].bit) continue;
        jz_label_add(label, conductions[i].zh);
        jz_label_add(label, " ");
        jz_label_add(label, conductions[i].en);
    }
}
