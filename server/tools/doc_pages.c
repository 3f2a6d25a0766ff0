/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doc.h"

#define PAGES_MAX (JZ_RULES_MAX + 64u)

static void complain(struct jz_pages *pages, const char *path, const char *why) {
    fprintf(stderr, "%s: %s\n", path, why);
    pages->wrong++;
}

bool jz_pages_begin(struct jz_pages *pages) {
    pages->name = calloc(PAGES_MAX, sizeof *pages->name);
    if (!pages->name) fprintf(stderr, "jingzhu rules docs: out of memory\n");
    return pages->name != NULL;
}

FILE *jz_page_open(struct jz_pages *pages, const char *name) {
    if (pages->count == PAGES_MAX) return NULL;
    snprintf(pages->name[pages->count++], JZ_DOC_PATH_MAX, "%s", name);
    FILE *out = open_memstream(&pages->text, &pages->bytes);
    if (out) fprintf(out, "%s\n\n", JZ_DOC_MARKER);
    return out;
}

static bool same_file(const char *path, const char *text, size_t bytes) {
    FILE *in = fopen(path, "rb");
    size_t at = 0;
    if (!in) return false;
    int c = getc(in);
    for (; c != EOF && at < bytes && (char)c == text[at]; c = getc(in)) at++;
    fclose(in);
    return c == EOF && at == bytes;
}

/* Makes the folders in front of the file's name. */
static bool make_folders(char *path) {
    for (char *at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
        *at = 0;
        bool made = mkdir(path, 0777) == 0 || errno == EEXIST;
        *at = '/';
        if (!made) return false;
    }
    return true;
}

static void write_page(struct jz_pages *pages, char *path) {
    if (same_file(path, pages->text, pages->bytes)) return;
    FILE *out = make_folders(path) ? fopen(path, "wb") : NULL;
    bool written = out && fwrite(pages->text, 1, pages->bytes, out) == pages->bytes;
    if (out && fclose(out) != 0) written = false;
    if (!written) complain(pages, path, strerror(errno));
}

void jz_page_close(struct jz_pages *pages, FILE *out) {
    char path[2u * JZ_DOC_PATH_MAX];
    bool whole = out && fclose(out) == 0;
    snprintf(path, sizeof path, "%s/%s", pages->folder, pages->count ? pages->name[pages->count - 1u] : "");
    if (!whole)
        complain(pages, path, "out of memory");
    else if (!pages->check)
        write_page(pages, path);
    else if (!same_file(path, pages->text, pages->bytes))
        complain(pages, path, "is not what the packs say; make it anew with `jingzhu rules docs`");
    free(pages->text);
    pages->text = NULL;
}

static bool is_made(const struct jz_pages *pages, const char *name) {
    for (uint32_t i = 0; i < pages->count; i++)
        if (strcmp(pages->name[i], name) == 0) return true;
    return false;
}

static bool is_ours(const char *path) {
    char line[sizeof JZ_DOC_MARKER] = "";
    FILE *in = fopen(path, "rb");
    if (!in) return false;
    bool ours = fgets(line, sizeof line, in) && strcmp(line, JZ_DOC_MARKER) == 0;
    fclose(in);
    return ours;
}

static void look_at(struct jz_pages *pages, const char *name) {
    char path[3u * JZ_DOC_PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", pages->folder, name);
    if (is_made(pages, name) || !is_ours(path)) return;
    if (pages->check)
        complain(pages, path, "belongs to no rule any more; remove it, or make the pages anew");
    else if (unlink(path) != 0)
        complain(pages, path, strerror(errno));
}

/* One folder of pages, and once the folders in it. */
static void look_into(struct jz_pages *pages, const char *below, bool deeper) {
    char path[2u * JZ_DOC_PATH_MAX], name[JZ_DOC_PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", pages->folder, below);
    DIR *dir = opendir(path);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        size_t n = strlen(entry->d_name);
        if (entry->d_name[0] == '.') continue;
        snprintf(name, sizeof name, "%s%s%s", below, below[0] ? "/" : "", entry->d_name);
        if (n > 3 && strcmp(entry->d_name + n - 3, ".md") == 0)
            look_at(pages, name);
        else if (deeper)
            look_into(pages, name, false);
    }
    if (dir) closedir(dir);
}

void jz_pages_end(struct jz_pages *pages) {
    if (pages->name) look_into(pages, "", true);
    free(pages->name);
    pages->name = NULL;
}
