/* SPDX-License-Identifier: Apache-2.0 */
#include "assets.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DISK_PATH_BYTES 4096
#define HASH_CHARS_MIN 8

static const char *const types[][2] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".json", "application/json"},
    {".woff2", "font/woff2"},
    {".wasm", "application/wasm"},
    {".txt", "text/plain; charset=utf-8"},
};

const char *asset_type(const char *name) {
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof types / sizeof types[0]; i++)
        if (strcmp(dot, types[i][0]) == 0) return types[i][1];
    return "";
}

bool asset_is_hashed(const char *name) {
    const char *dot = strrchr(name, '.');
    if (!dot || dot == name) return false;
    const char *at = dot;
    while (at > name && isalnum((unsigned char)at[-1])) at--;
    return dot - at >= HASH_CHARS_MIN && at > name && (at[-1] == '-' || at[-1] == '.');
}

static uint8_t *read_file(const char *path, size_t *bytes) {
    FILE *in = fopen(path, "re");
    *bytes = 0;
    if (!in) return NULL;
    uint8_t *buffer = malloc(ASSET_BYTES_MAX + 1);
    size_t n = buffer ? fread(buffer, 1, ASSET_BYTES_MAX + 1, in) : 0;
    bool bad = !buffer || ferror(in) || n == 0 || n > ASSET_BYTES_MAX;
    fclose(in);
    uint8_t *fitted = bad ? NULL : realloc(buffer, n);
    if (!fitted) {
        free(buffer);
        return NULL;
    }
    *bytes = n;
    return fitted;
}

static enum jz_status add(struct assets *assets, const char *folder, const char *file, const char *path) {
    char disk[DISK_PATH_BYTES];
    struct asset *a = &assets->asset[assets->count];
    if (assets->count == ASSETS_MAX) return JZ_E_FILE;
    if (snprintf(disk, sizeof disk, "%s/%s.gz", folder, file) >= (int)sizeof disk) return JZ_E_FILE;
    a->gzip = read_file(disk, &a->gzip_bytes);
    disk[strlen(disk) - 3] = 0;
    a->plain = read_file(disk, &a->plain_bytes);
    assets->count++; /* from here on assets_free sees it */
    if (!a->plain || snprintf(a->path, sizeof a->path, "%s", path) >= (int)sizeof a->path) return JZ_E_FILE;
    a->type = asset_type(file);
    a->immutable = strcmp(path, "/") != 0 && asset_is_hashed(file);
    assets->bytes += a->plain_bytes + a->gzip_bytes;
    return assets->bytes <= ASSETS_BYTES_MAX ? JZ_OK : JZ_E_FILE;
}

static enum jz_status add_folder(struct assets *assets, const char *folder) {
    char disk[DISK_PATH_BYTES], file[DISK_PATH_BYTES], path[DISK_PATH_BYTES];
    enum jz_status status = JZ_OK;
    if (snprintf(disk, sizeof disk, "%s/assets", folder) >= (int)sizeof disk) return JZ_E_FILE;
    DIR *dir = opendir(disk);
    if (!dir) return JZ_OK; /* a console of one page is a console */
    for (struct dirent *entry = readdir(dir); status == JZ_OK && entry; entry = readdir(dir)) {
        if (asset_type(entry->d_name)[0] == 0) continue;
        snprintf(file, sizeof file, "assets/%s", entry->d_name);
        snprintf(path, sizeof path, "/assets/%s", entry->d_name);
        status = add(assets, folder, file, path);
    }
    closedir(dir);
    return status;
}

enum jz_status assets_load(const char *folder, struct assets *out) {
    *out = (struct assets){.asset = calloc(ASSETS_MAX, sizeof *out->asset)};
    if (!out->asset) return JZ_E_MEMORY;
    enum jz_status status = add(out, folder, "index.html", "/");
    return status ? status : add_folder(out, folder);
}

void assets_free(struct assets *assets) {
    for (uint32_t i = 0; i < assets->count; i++) {
        free(assets->asset[i].plain);
        free(assets->asset[i].gzip);
    }
    free(assets->asset);
    memset(assets, 0, sizeof *assets);
}

const struct asset *assets_find(const struct assets *assets, const char *path) {
    for (uint32_t i = 0; i < assets->count; i++)
        if (strcmp(assets->asset[i].path, path) == 0) return &assets->asset[i];
    return NULL;
}
