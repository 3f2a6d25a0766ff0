/* SPDX-License-Identifier: Apache-2.0 */
/* Measures every recording named and prints what came out, so that two machines can be compared by their output.
 *
 * usage: measure_all FILE...   WFDB headers (.hea) and CTG tables (.csv) */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ctg_csv.h"
#include "jingzhu/ctg.h"
#include "jingzhu/ecg.h"
#include "wfdb.h"

static void *room_for(size_t bytes) {
    void *room = malloc(bytes);
    if (!room) abort();
    return room;
}

static void print_facts(const struct jz_fact *facts, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) printf(" %u=%d", (unsigned)facts[i].code, (int)facts[i].value);
}

static void print_leads(const struct jz_ecg_measure *m) {
    for (int lead = 0; lead < JZ_LEAD_COUNT; lead++) {
        uint32_t hash = 0x811c9dc5u;
        for (uint32_t i = 0; i < JZ_ECG_AVERAGE_SAMPLES; i++)
            hash = (hash ^ (uint16_t)m->lead[lead].average_uv[i]) * 0x01000193u;
        printf(" %d:%d/%d:%08x", lead, m->lead[lead].quality, m->lead[lead].trouble, (unsigned)hash);
    }
}

static void append_signal(struct jz_ecg *ecg, const struct jz_wfdb *record, uint32_t signal, uint32_t count) {
    static int32_t samples[JZ_ECG_SECONDS_MAX * 2500u];
    const struct jz_wfdb_signal *s = &record->signal[signal];
    int lead = 0;
    while (lead < JZ_LEAD_COUNT && strcasecmp(s->name, jz_ecg_lead_name((enum jz_ecg_lead)lead)) != 0) lead++;
    if (lead == JZ_LEAD_COUNT || jz_wfdb_read(record, signal, 0, count, samples) != JZ_OK) return;
    for (uint32_t i = 0; i < count; i++)
        samples[i] = samples[i] == JZ_WFDB_MISSING ? JZ_ECG_MISSING : samples[i] - s->baseline;
    if (jz_ecg_append(ecg, (enum jz_ecg_lead)lead, samples, count, (uint32_t)lround(1e6 / s->gain)) != JZ_OK)
        printf(" lead %d not taken", lead);
}

static void measure_ecg(const char *file) {
    char name[JZ_WFDB_PATH_MAX];
    struct jz_wfdb record;
    static struct jz_ecg_measure m;
    struct jz_fact facts[JZ_ECG_FACTS_MAX];
    struct jz_ecg *ecg = room_for(jz_ecg_bytes());
    snprintf(name, sizeof name, "%.*s", (int)(strlen(file) - strlen(".hea")), file);
    if (jz_wfdb_open(name, &record) == JZ_OK &&
        jz_ecg_begin(ecg, (uint32_t)lround(1e6 / record.rate_hz)) == JZ_OK) {
        uint32_t count = (uint32_t)(record.rate_hz * 10);
        if (count > record.samples) count = record.samples;
        for (uint32_t s = 0; s < record.signal_count; s++) append_signal(ecg, &record, s, count);
        jz_ecg_measure(ecg, &m);
        printf(" beats %u of %u, marks %d %d %d %d", m.averaged_count, m.beat_count, m.marks.p_on,
               m.marks.qrs_on, m.marks.j, m.marks.t_off);
        print_facts(facts, jz_ecg_facts(&m, NULL, facts));
        print_leads(&m);
    }
    free(ecg);
}

static void measure_ctg(const char *file) {
    static struct jz_ctg_measure m;
    struct jz_fact facts[JZ_CTG_FACTS_MAX];
    struct jz_ctg_csv_problem problem;
    uint32_t count = 0;
    struct jz_ctg *ctg = room_for(jz_ctg_bytes());
    struct jz_ctg_sample *samples = room_for(JZ_CTG_SAMPLES_MAX * sizeof *samples);
    if (jz_ctg_csv_read(file, 0, JZ_CTG_SAMPLES_MAX, samples, &count, &problem) == JZ_OK) {
        jz_ctg_begin(ctg, 280);
        jz_ctg_append(ctg, samples, count);
        jz_ctg_measure(ctg, &m);
        print_facts(facts, jz_ctg_facts(ctg, &m, facts));
        for (uint32_t i = 0; i < m.event_count; i++)
            printf(" %u:%u-%u-%u", m.event[i].kind, (unsigned)m.event[i].start, (unsigned)m.event[i].peak,
                   (unsigned)m.event[i].end);
        for (uint32_t i = 0; i < m.minute_count; i++) printf(" %d", (int)m.minute[i].baseline_x10);
    }
    free(samples);
    free(ctg);
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        printf("%s", argv[i]);
        if (strstr(argv[i], ".hea"))
            measure_ecg(argv[i]);
        else
            measure_ctg(argv[i]);
        printf("\n");
    }
    return 0;
}
