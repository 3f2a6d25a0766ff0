/* SPDX-License-Identifier: Apache-2.0 */
#include "ctg_csv.h"

#include "csv.h"

enum { TIME, FHR, UC, FHR2, MHR, COLUMN_COUNT };
enum { BATCH = 4800, STEP = 1000 / (int)JZ_CTG_HZ, RATE_MAX_X10 = 3000, TOCO_MAX_X10 = 10000 };

/* The fewest are needed; the others are looked for. */
static const char *const names[COLUMN_COUNT] = {"time_s", "fhr_bpm", "uc", "fhr2_bpm", "mhr_bpm"};

/* Which columns the file has. */
struct layout {
    const char *name[COLUMN_COUNT];
    uint32_t column[COLUMN_COUNT], count;
    bool has[COLUMN_COUNT];
};

static enum jz_status find_layout(const char *path, struct layout *out) {
    int32_t row[1];
    uint32_t rows, line;
    *out = (struct layout){.count = 0};
    for (uint32_t i = 0; i < COLUMN_COUNT; i++) {
        enum jz_status status = jz_csv_read(path, &names[i], 1, 0, 0, row, &rows, &line);
        if (status == JZ_E_FILE) return status;
        out->has[i] = status == JZ_OK;
        if (!out->has[i]) continue;
        out->column[i] = out->count;
        out->name[out->count++] = names[i];
    }
    return out->has[TIME] && out->has[FHR] ? JZ_OK : JZ_E_FORMAT;
}

/* Thousandths to tenths, to the nearest. */
static int32_t tenths(int32_t thousandths) {
    return (thousandths + (thousandths < 0 ? -50 : 50)) / 100;
}

static bool take_rate(const struct layout *l, const int32_t *row, uint32_t which, int16_t *out) {
    int32_t value = l->has[which] ? row[l->column[which]] : JZ_CSV_MISSING;
    *out = JZ_CTG_LOSS;
    if (value == JZ_CSV_MISSING) return true;
    if (value < 0 || tenths(value) > RATE_MAX_X10) return false;
    *out = (int16_t)tenths(value);
    return true;
}

static bool take_row(const struct layout *l, const int32_t *row, struct jz_ctg_sample *out) {
    int32_t toco = l->has[UC] ? row[l->column[UC]] : JZ_CSV_MISSING;
    out->toco_x10 = JZ_CTG_NO_TOCO;
    if (toco != JZ_CSV_MISSING) {
        if (tenths(toco) < -TOCO_MAX_X10 || tenths(toco) > TOCO_MAX_X10) return false;
        out->toco_x10 = (int16_t)tenths(toco);
    }
    return take_rate(l, row, FHR, &out->fhr_bpm_x10) && take_rate(l, row, FHR2, &out->fhr2_bpm_x10) &&
           take_rate(l, row, MHR, &out->mhr_bpm_x10);
}

static enum jz_status refuse(struct jz_ctg_csv_problem *problem, uint32_t line, const char *what) {
    *problem = (struct jz_ctg_csv_problem){line, what};
    return JZ_E_FORMAT;
}

/* One batch of rows; `before` is the time of the row before it, or JZ_CSV_MISSING. */
static enum jz_status take_rows(const struct layout *l, const int32_t *rows, uint32_t count, uint32_t line,
                                int32_t *before, struct jz_ctg_sample *out,
                                struct jz_ctg_csv_problem *problem) {
    for (uint32_t i = 0; i < count; i++) {
        const int32_t *row = rows + (size_t)i * l->count;
        int32_t time = row[l->column[TIME]];
        if (time == JZ_CSV_MISSING || (*before != JZ_CSV_MISSING && time - *before != STEP))
            return refuse(problem, line + i, "rows are not 0.25 s apart; write four rows a second");
        if (!take_row(l, row, &out[i]))
            return refuse(problem, line + i, "no heart rate (0 to 300) or toco (-1000 to 1000)");
        *before = time;
    }
    return JZ_OK;
}

enum jz_status jz_ctg_csv_read(const char *path, uint32_t from, uint32_t capacity, struct jz_ctg_sample *out,
                               uint32_t *count, struct jz_ctg_csv_problem *problem) {
    int32_t rows[BATCH * COLUMN_COUNT], before = JZ_CSV_MISSING;
    uint32_t got = 0, taken = 0, line = 0;
    struct layout l;
    *count = 0;
    *problem = (struct jz_ctg_csv_problem){0, "cannot be read; is the name right?"};
    enum jz_status status = find_layout(path, &l);
    if (status == JZ_E_FORMAT)
        return refuse(problem, 1, "the head line names no time_s and fhr_bpm; write time_s,fhr_bpm,uc");
    while (status == JZ_OK && taken < capacity) {
        uint32_t want = capacity - taken < BATCH ? capacity - taken : BATCH;
        status = jz_csv_read(path, l.name, l.count, from + taken, want, rows, &got, &line);
        if (status == JZ_E_FORMAT)
            return refuse(problem, line,
                          "a cell is no number of at most three decimals, or an empty or very long line "
                          "comes before");
        if (status != JZ_OK || got == 0) break;
        status = take_rows(&l, rows, got, from + taken + 2, &before, out + taken, problem);
        taken += got;
    }
    if (status == JZ_OK) *count = taken;
    return status;
}
