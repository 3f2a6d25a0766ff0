/* SPDX-License-Identifier: Apache-2.0 */
/** @file assets.h  The built console, read into memory once.
 *
 *  A request is looked up by its whole path in a list, so there is no path on disk for it to escape to. */
#ifndef JZ_NET_ASSETS_H
#define JZ_NET_ASSETS_H
#include "net.h"

#define ASSETS_MAX 256u
#define ASSET_BYTES_MAX ((size_t)8 * 1024 * 1024)
#define ASSETS_BYTES_MAX ((size_t)32 * 1024 * 1024)

struct asset {
    char path[JZ_NET_PATH_BYTES_MAX]; /**< "/", "/assets/main-4f2a9c1e.js" */
    const char *type;
    bool immutable;        /**< the name holds a hash of the content */
    uint8_t *plain, *gzip; /**< gzip NULL: none */
    size_t plain_bytes, gzip_bytes;
};
struct assets {
    uint32_t count;
    size_t bytes;
    struct asset *asset;
};

/** index.html and the files of assets/ whose kind is known, each with its .gz where there is one.
 *  @retval JZ_E_FILE  The folder has no index.html, or a file cannot be read or is too large. */
JZ_MUST_CHECK enum jz_status assets_load(const char *folder, struct assets *out);
void assets_free(struct assets *assets);
/** NULL: 404. */
const struct asset *assets_find(const struct assets *assets, const char *path);
/** "" for a kind that is not served. */
const char *asset_type(const char *name);
/** True for names like main-4f2a9c1e.js: at least 8 letters or digits between '-' or '.' and the extension. */
bool asset_is_hashed(const char *name);

#endif /* JZ_NET_ASSETS_H */
