/* SPDX-License-Identifier: Apache-2.0 */
#include "chain.h"

#include <assert.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <string.h>

#include "bytes.h"

enum jz_status jz_chain_open(struct jz_chain *chain) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_MD *sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (context && sha256 && EVP_DigestInit_ex2(context, sha256, NULL) == 1) {
        EVP_MD_free(sha256); /* the context holds its own reference */
        chain->context = context;
        return JZ_OK;
    }
    EVP_MD_free(sha256);
    EVP_MD_CTX_free(context);
    chain->context = NULL;
    return JZ_E_MEMORY;
}

void jz_chain_close(struct jz_chain *chain) {
    EVP_MD_CTX_free(chain->context);
    chain->context = NULL;
}

enum jz_status jz_chain_digest(struct jz_chain *chain, const void *head, size_t head_bytes, const void *rest,
                               size_t rest_bytes, uint8_t out[32]) {
    assert(chain->context);
    EVP_MD_CTX *context = chain->context;
    bool good =
        EVP_DigestInit_ex2(context, NULL, NULL) == 1 && EVP_DigestUpdate(context, head, head_bytes) == 1 &&
        EVP_DigestUpdate(context, rest, rest_bytes) == 1 && EVP_DigestFinal_ex(context, out, NULL) == 1;
    return good ? JZ_OK : JZ_E_MEMORY;
}

enum jz_status jz_chain_next(struct jz_chain *chain, const uint8_t previous[32], uint64_t offset,
                             const uint8_t key[16], const uint8_t *body, uint32_t bytes, uint8_t out[32]) {
    uint8_t head[32 + 8 + 16];
    memcpy(head, previous, 32);
    jz_put_be64(head + 32, offset);
    memcpy(head + 40, key, 16);
    return jz_chain_digest(chain, head, sizeof head, body, bytes, out);
}
