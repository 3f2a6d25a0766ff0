/* SPDX-License-Identifier: Apache-2.0 */
/* Which rule stands for which row of the specifications. Both ways: no row without a rule (or a reason),
 * no rule without a row. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"

#define LINE_BYTES 2048
#define COLUMNS 6

enum column { SPECIFICATION, SECTION, ITEM, RULE, STATUS, NOTE };

struct coverage {
    struct jz_doc *d;
    struct jz_rule_set named;
    uint32_t rows, implemented, disabled, not_specified, wrong;
    char file[JZ_DOC_PATH_MAX];
    int line;
};

static void complain(struct coverage *c, const char *what, const char *name, const char *cure) {
    if (c->line)
        fprintf(stderr, "%s:%d: %s '%s'; %s\n", c->file, c->line, what, name, cure);
    else
        fprintf(stderr, "%s: %s '%s'; %s\n", c->file, what, name, cure);
    c->wrong++;
}

static bool is_csv(const struct dirent *entry) {
    size_t n = strlen(entry->d_name);
    return entry->d_name[0] != '.' && n > 4 && strcmp(entry->d_name + n - 4, ".csv") == 0;
}
static int csv_filter(const struct dirent *entry) {
    return is_csv(entry);
}
static int by_name(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name); /* not alphasort: that depends on the locale */
}

/* Cells hold no commas and no quotes, so a line is cut at every comma. */
static bool cut(char *line, char *cell[COLUMNS]) {
    line[strcspn(line, "\r\n")] = 0;
    for (int i = 0; i < COLUMNS; i++) {
        cell[i] = line;
        if (i == COLUMNS - 1) break;
        line = strchr(line, ',');
        if (!line) return false;
        *line++ = 0;
    }
    return strchr(cell[NOTE], ',') == NULL;
}

/* Where the page of an id is: a rule's, a pathway's or that of a condition. */
static bool find_page(struct coverage *c, const char *id, char path[JZ_DOC_PATH_MAX]) {
    const struct jz_program *program = c->d->program;
    uint32_t rule = jz_program_rule_by_id(program, id);
    if (rule != UINT32_MAX) {
        jz_rule_set_add(&c->named, rule);
        jz_doc_path(program, rule, path);
        return true;
    }
    for (uint32_t i = 0; i < jz_program_pathway_count(program); i++) {
        if (strcmp(jz_program_pathway(program, i)->id, id) != 0) continue;
        jz_doc_path(program, jz_program_pathway(program, i)->first_rule, path);
        *strchr(path, '#') = 0;
        return true;
    }
    for (uint32_t i = 0; i < jz_program_condition_count(program); i++) {
        if (strcmp(jz_program_condition(program, i)->id, id) != 0) continue;
        snprintf(path, JZ_DOC_PATH_MAX, "conditions.md#%s", id);
        return true;
    }
    return false;
}

static void put_rule(struct coverage *c, const char *id, bool first) {
    char path[JZ_DOC_PATH_MAX];
    if (find_page(c, id, path))
        fprintf(c->d->out, "%s[%s](%s)", first ? "" : " ", id, path);
    else
        complain(c, "no rule, pathway or condition", id, "correct the id, or leave the cell empty");
}

static void put_rules(struct coverage *c, char *cell) {
    bool first = true;
    for (char *at = cell; *at;) {
        char *end = at + strcspn(at, " ");
        bool more = *end != 0;
        *end = 0;
        if (*at) put_rule(c, at, first);
        first = false;
        at = more ? end + 1 : end;
    }
}

static void count_status(struct coverage *c, char *cell[COLUMNS]) {
    c->rows++;
    if (strcmp(cell[STATUS], "implemented") == 0)
        c->implemented++;
    else if (strcmp(cell[STATUS], "disabled") == 0)
        c->disabled++;
    else if (strcmp(cell[STATUS], "not specified") == 0)
        c->not_specified++;
    else
        complain(c, "no status is called", cell[STATUS], "write implemented, disabled or not specified");
    if (strcmp(cell[STATUS], "not specified") != 0 && !cell[RULE][0])
        complain(c, "no rule for", cell[ITEM], "name the rule that stands for it");
    if (strcmp(cell[STATUS], "implemented") != 0 && !cell[NOTE][0])
        complain(c, "no reason for", cell[ITEM], "say in the note why it is not in force");
}

static void put_row(struct coverage *c, char *cell[COLUMNS]) {
    count_status(c, cell);
    fputs("| ", c->d->out);
    for (int i = 0; i < COLUMNS; i++) {
        if (i == RULE)
            put_rules(c, cell[i]);
        else
            jz_doc_cell(c->d->out, cell[i]);
        fputs(i + 1 < COLUMNS ? " | " : " |\n", c->d->out);
    }
}

static void put_file(struct coverage *c) {
    char line[LINE_BYTES], *cell[COLUMNS];
    FILE *in = fopen(c->file, "rb");
    c->line = 0;
    if (!in) {
        complain(c, "cannot open", c->file, "check that it can be read");
        return;
    }
    while (fgets(line, sizeof line, in)) {
        if (++c->line == 1 && strncmp(line, "specification,section,item,rule,status,note", 43) == 0) continue;
        if (line[0] == '#' || line[0] == '\n') continue;
        if (strlen(line) + 1 == sizeof line || !cut(line, cell))
            complain(c, "not six cells in", line,
                     "write specification,section,item,rule,status,note without commas inside");
        else
            put_row(c, cell);
    }
    fclose(in);
}

static void put_files(struct coverage *c, const char *folder) {
    struct dirent **list;
    int count = scandir(folder, &list, csv_filter, by_name);
    for (int i = 0; i < count; i++) {
        snprintf(c->file, sizeof c->file, "%s/%s", folder, list[i]->d_name);
        fprintf(c->d->out,
                "\n## %.*s\n\n| 规范 Specification | 章节 Section | 条目 Item | 规则 Rule | 状态 Status | "
                "说明 Note "
                "|\n|---|---|---|---|---|---|\n",
                (int)strlen(list[i]->d_name) - 4, list[i]->d_name);
        put_file(c);
        free(list[i]);
    }
    if (count >= 0) free(list);
    snprintf(c->file, sizeof c->file, "%s", folder);
    c->line = 0;
    if (count <= 0)
        complain(c, "no *.csv in", folder, "give the folder of the coverage tables with --coverage");
}

static void want_all_named(struct coverage *c) {
    for (uint32_t i = 0; i < jz_program_rule_count(c->d->program); i++)
        if (!jz_rule_set_has(&c->named, i))
            complain(c, "no row names rule", jz_program_rule(c->d->program, i)->id,
                     "add the row it stands for");
}

bool jz_doc_coverage_page(struct jz_doc *d, const char *folder) {
    struct coverage c = {.d = d};
    d->out = jz_page_open(&d->pages, "coverage.md");
    if (d->out) {
        fputs("# 规范覆盖 Coverage of the "
              "specifications\n\n每条规范条目对应的规则；每条规则至少对应一个条目。 Each entry of the "
              "specifications and the rule that stands for it; each rule stands for at least one.\n",
              d->out);
        put_files(&c, folder);
        want_all_named(&c);
        fprintf(d->out,
                "\n## 合计 Totals\n\n%u rows: %u implemented, %u disabled, %u not specified, 0 missing.\n",
                c.rows, c.implemented, c.disabled, c.not_specified);
    }
    jz_page_close(&d->pages, d->out);
    return c.wrong == 0;
}
