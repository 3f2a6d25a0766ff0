/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PACK_FILES_MAX 128u /* the loader takes no more */
#define PATH_BYTES_MAX 256u
#define FILE_BYTES_MAX (512u * 1024u)
#define PAYLOAD_BYTES_MAX (8000u * 1024u) /* a little less than a journal record */

struct jz_retired {
    struct jz_program *program;
    struct jz_directory *directory;
    struct jz_retired *next;
};

static enum jz_status fail(struct jz_pack_error *error, enum jz_status status, const char *file,
                           const char *text) {
    *error = (struct jz_pack_error){.line = 0};
    snprintf(error->file, sizeof error->file, "%s", file);
    snprintf(error->text, sizeof error->text, "%s", text);
    return status;
}

enum jz_status jz_file_read(const char *path, struct jz_payload *out, struct jz_pack_error *error) {
    FILE *file = fopen(path, "rb");
    if (!file) return fail(error, JZ_E_FILE, path, strerror(errno));
    out->data = malloc(FILE_BYTES_MAX + 1u);
    out->bytes = out->data ? fread(out->data, 1, FILE_BYTES_MAX + 1u, file) : 0;
    bool failed = ferror(file) || !out->data;
    fclose(file);
    if (!failed && out->bytes <= FILE_BYTES_MAX) return JZ_OK;
    free(out->data);
    *out = (struct jz_payload){0};
    return fail(error, JZ_E_FILE, path, failed ? "cannot be read" : "is longer than 512 KiB; split it");
}

/* --- packs: [[name, bytes], ...] --------------------------------------------------------------------------- */

struct names {
    char path[PACK_FILES_MAX][PATH_BYTES_MAX]; /* relative to the folder */
    uint32_t count;
};

static bool is_pack(const char *name) {
    size_t n = strlen(name);
    return n > 5 && strcmp(name + n - 5, ".yaml") == 0 && name[0] != '.';
}

static enum jz_status list(const char *folder, const char *below, struct names *names,
                           struct jz_pack_error *error) {
    char path[2u * PATH_BYTES_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, below);
    DIR *dir = opendir(path);
    if (!dir) return fail(error, JZ_E_FILE, path, strerror(errno));
    enum jz_status status = JZ_OK;
    for (struct dirent *entry; status == JZ_OK && (entry = readdir(dir));) {
        if (!is_pack(entry->d_name)) continue;
        if (names->count == PACK_FILES_MAX)
            status = fail(error, JZ_E_COUNT, path, "more than 128 packs; merge some");
        else if (snprintf(names->path[names->count++], PATH_BYTES_MAX, "%s%s%s", below, below[0] ? "/" : "",
                          entry->d_name) >= (int)PATH_BYTES_MAX)
            status = fail(error, JZ_E_FILE, path, "a file name is longer than 255 bytes; shorten it");
    }
    closedir(dir);
    return status;
}

static enum jz_status list_all(const char *folder, struct names *names, struct jz_pack_error *error) {
    enum jz_status status = list(folder, "", names, error);
    DIR *dir = status == JZ_OK ? opendir(folder) : NULL;
    for (struct dirent *entry; dir && status == JZ_OK && (entry = readdir(dir));) {
        struct stat st;
        char path[2u * PATH_BYTES_MAX];
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) status = list(folder, entry->d_name, names, error);
    }
    if (dir) closedir(dir);
    if (status == JZ_OK && names->count == 0)
        return fail(error, JZ_E_FILE, folder, "holds no *.yaml rule pack");
    return status;
}

static int by_name(const void *a, const void *b) {
    return strcmp(a, b);
}

static enum jz_status append_file(struct jz_writer *w, const char *folder, const char *name,
                                  struct jz_pack_error *error) {
    char path[2u * PATH_BYTES_MAX];
    struct jz_payload text;
    snprintf(path, sizeof path, "%s%s%s", folder, name[0] ? "/" : "", name);
    enum jz_status status = jz_file_read(path, &text, error);
    if (status != JZ_OK) return status;
    jz_write_bytes(w, text.data, text.bytes);
    free(text.data);
    return w->status == JZ_OK
               ? JZ_OK
               : fail(error, JZ_E_STORE_TOO_BIG, path, "all together are longer than 8000 KiB");
}

static enum jz_status seal(struct jz_writer *w, enum jz_status status, struct jz_payload *payload) {
    uint8_t *smaller = status == JZ_OK ? realloc(w->buffer, w->used) : NULL;
    payload->data = smaller ? smaller : w->buffer;
    payload->bytes = w->used;
    if (status == JZ_OK) return JZ_OK;
    free(w->buffer);
    *payload = (struct jz_payload){0};
    return status;
}

enum jz_status jz_packs_read(const char *folder, struct jz_payload *payload, struct jz_pack_error *error) {
    *payload = (struct jz_payload){0};
    struct names *names = calloc(1, sizeof *names);
    uint8_t *buffer = malloc(PAYLOAD_BYTES_MAX);
    struct jz_writer w;
    jz_writer_init(&w, buffer, PAYLOAD_BYTES_MAX);
    enum jz_status status = names && buffer ? list_all(folder, names, error) : JZ_E_MEMORY;
    if (status == JZ_OK) {
        qsort(names->path, names->count, PATH_BYTES_MAX, by_name);
        jz_write_array(&w, names->count);
    }
    for (uint32_t i = 0; status == JZ_OK && i < names->count; i++) {
        jz_write_array(&w, 2);
        jz_write_cstr(&w, names->path[i]);
        status = append_file(&w, folder, names->path[i], error);
    }
    free(names);
    return seal(&w, status, payload);
}

static bool keep_payload(struct jz_payload *to, struct jz_bytes from) {
    uint8_t *copy = malloc(from.bytes ? from.bytes : 1u);
    if (!copy) return false;
    memcpy(copy, from.data, from.bytes);
    free(to->data);
    *to = (struct jz_payload){copy, from.bytes};
    return true;
}

static bool retire(struct jz_world *world, struct jz_program *program, struct jz_directory *directory) {
    struct jz_retired *r = calloc(1, sizeof *r);
    if (!r) return false;
    *r = (struct jz_retired){program, directory, world->retired};
    world->retired = r;
    return true;
}

static enum jz_status unpack(struct jz_bytes payload, struct jz_pack_source *pack,
                             char (*name)[PATH_BYTES_MAX], uint32_t *count) {
    struct jz_reader r;
    jz_reader_init(&r, payload.data, payload.bytes);
    r.bytes_max = PAYLOAD_BYTES_MAX;
    r.items_max = PACK_FILES_MAX;
    *count = jz_read_array(&r);
    if (*count > PACK_FILES_MAX) return JZ_E_COUNT;
    for (uint32_t i = 0; i < *count && r.status == JZ_OK; i++) {
        jz_read_array(&r);
        struct jz_text text = jz_read_text(&r);
        struct jz_bytes yaml = jz_read_bytes(&r);
        snprintf(name[i], PATH_BYTES_MAX, "%.*s", (int)text.bytes, text.data ? text.data : "");
        pack[i] = (struct jz_pack_source){name[i], (const char *)yaml.data, yaml.bytes};
    }
    return r.status;
}

/* Both things that packs are compiled for: to be used, and to be tested. */
static enum jz_status with_packs(struct jz_bytes payload, struct jz_program **program,
                                 struct jz_pack_tests *tests, struct jz_pack_error *error) {
    struct jz_pack_source *pack = calloc(PACK_FILES_MAX, sizeof *pack);
    char(*name)[PATH_BYTES_MAX] = calloc(PACK_FILES_MAX, PATH_BYTES_MAX);
    uint32_t count = 0;
    enum jz_status status = pack && name ? unpack(payload, pack, name, &count) : JZ_E_MEMORY;
    if (status != JZ_OK)
        status = fail(error, status, "packs", "the payload in the journal is not a list of packs");
    else if (tests)
        status = jz_pack_tests_run(pack, count, tests, error);
    else
        status = jz_program_compile(pack, count, program, error);
    free(pack);
    free(name);
    return status;
}

enum jz_status jz_packs_test(struct jz_bytes payload, struct jz_pack_tests *tests,
                             struct jz_pack_error *error) {
    return with_packs(payload, NULL, tests, error);
}

enum jz_status jz_packs_compile(struct jz_bytes payload, struct jz_program **program,
                                struct jz_pack_error *error) {
    *program = NULL;
    return with_packs(payload, program, NULL, error);
}

enum jz_status jz_world_set_packs(struct jz_world *world, struct jz_bytes payload,
                                  struct jz_pack_error *error) {
    struct jz_program *program;
    enum jz_status status = jz_packs_compile(payload, &program, error);
    return status == JZ_OK ? jz_world_use_packs(world, payload, program, error) : status;
}

enum jz_status jz_world_use_packs(struct jz_world *world, struct jz_bytes payload, struct jz_program *program,
                                  struct jz_pack_error *error) {
    if (!retire(world, world->program, NULL) || !keep_payload(&world->packs, payload)) {
        jz_program_free(program);
        return fail(error, JZ_E_MEMORY, "packs", "out of memory");
    }
    world->program = program;
    return JZ_OK;
}

/* --- directory: [name, bytes, simulation] -------------------------------------------------------------------- */

enum jz_status jz_directory_read(const char *file, bool simulation, struct jz_payload *payload,
                                 struct jz_pack_error *error) {
    *payload = (struct jz_payload){0};
    struct jz_writer w;
    const char *base = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
    uint8_t *buffer = malloc(PAYLOAD_BYTES_MAX);
    if (!buffer) return fail(error, JZ_E_MEMORY, file, "out of memory");
    jz_writer_init(&w, buffer, PAYLOAD_BYTES_MAX);
    jz_write_array(&w, 3);
    jz_write_cstr(&w, base);
    enum jz_status status = append_file(&w, file, "", error);
    jz_write_bool(&w, simulation);
    return seal(&w, status, payload);
}

enum jz_status jz_world_set_directory(struct jz_world *world, struct jz_bytes payload,
                                      struct jz_pack_error *error) {
    struct jz_reader r;
    char name[PATH_BYTES_MAX];
    jz_reader_init(&r, payload.data, payload.bytes);
    r.bytes_max = PAYLOAD_BYTES_MAX;
    jz_read_array(&r);
    struct jz_text text = jz_read_text(&r);
    struct jz_bytes yaml = jz_read_bytes(&r);
    bool simulation = jz_read_bool(&r);
    if (r.status != JZ_OK)
        return fail(error, r.status, "directory", "the payload in the journal is not a directory");
    snprintf(name, sizeof name, "%.*s", (int)text.bytes, text.data ? text.data : "");
    struct jz_directory *directory = calloc(1, sizeof *directory);
    if (!directory) return fail(error, JZ_E_MEMORY, name, "out of memory");
    enum jz_status status =
        jz_directory_parse(name, (const char *)yaml.data, yaml.bytes, simulation, directory, error);
    if (status == JZ_OK &&
        (!retire(world, NULL, world->directory) || !keep_payload(&world->directory_source, payload)))
        status = fail(error, JZ_E_MEMORY, name, "out of memory");
    if (status != JZ_OK) {
        free(directory);
        return status;
    }
    world->directory = directory;
    return JZ_OK;
}

void jz_world_deinit(struct jz_world *world) {
    while (world->retired) {
        struct jz_retired *r = world->retired;
        world->retired = r->next;
        jz_program_free(r->program);
        free(r->directory);
        free(r);
    }
    jz_program_free(world->program);
    free(world->directory);
    free(world->packs.data);
    free(world->directory_source.data);
    *world = (struct jz_world){0};
}
