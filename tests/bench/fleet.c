/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VALID_BEFORE_S 3600 /* lets a server's clock be a little behind */
#define VALID_AFTER_S 86400

struct authority {
    X509 *certificate;
    EVP_PKEY *key;
};

static enum jz_status read_authority(const char *ca, const char *ca_key, struct authority *a) {
    FILE *certificate = fopen(ca, "re"), *key = fopen(ca_key, "re");
    if (certificate) a->certificate = PEM_read_X509(certificate, NULL, NULL, NULL);
    if (key) a->key = PEM_read_PrivateKey(key, NULL, NULL, NULL);
    if (certificate) fclose(certificate);
    if (key) fclose(key);
    return a->certificate && a->key ? JZ_OK : JZ_E_FILE;
}

static int add_extension(X509 *x, X509V3_CTX *context, int nid, const char *value) {
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, context, nid, value);
    int good = e && X509_add_ext(x, e, -1);
    X509_EXTENSION_free(e);
    return good;
}

static int add_extensions(X509 *x, X509 *issuer, const char *uuid) {
    char name[64];
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, x, NULL, NULL, 0);
    snprintf(name, sizeof name, "URI:urn:device:%s", uuid);
    return add_extension(x, &context, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(x, &context, NID_key_usage, "critical,digitalSignature") &&
           add_extension(x, &context, NID_ext_key_usage, "clientAuth") &&
           add_extension(x, &context, NID_subject_alt_name, name);
}

static int fill(X509 *x, const struct authority *a, EVP_PKEY *key, uint32_t number) {
    char uuid[40];
    snprintf(uuid, sizeof uuid, "00000000-0000-4000-8000-%012x", number);
    X509_NAME *name = X509_get_subject_name(x);
    return X509_set_version(x, X509_VERSION_3) &&
           ASN1_INTEGER_set(X509_get_serialNumber(x), 1000 + (long)number) &&
           X509_gmtime_adj(X509_getm_notBefore(x), -VALID_BEFORE_S) &&
           X509_gmtime_adj(X509_getm_notAfter(x), VALID_AFTER_S) &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)uuid, -1, -1, 0) &&
           X509_set_issuer_name(x, X509_get_subject_name(a->certificate)) && X509_set_pubkey(x, key) &&
           add_extensions(x, a->certificate, uuid) && X509_sign(x, a->key, EVP_sha256()) > 0;
}

static X509 *issue(const struct authority *a, EVP_PKEY *key, uint32_t number) {
    X509 *x = X509_new();
    if (x && fill(x, a, key, number)) return x;
    X509_free(x);
    return NULL;
}

static enum jz_status issue_all(struct fleet *fleet, const struct authority *a, uint32_t count) {
    fleet->key = EVP_EC_gen("P-256");
    fleet->certificate = calloc(count, sizeof *fleet->certificate);
    if (!fleet->key || !fleet->certificate) return JZ_E_MEMORY;
    for (; fleet->count < count; fleet->count++)
        if (!(fleet->certificate[fleet->count] = issue(a, fleet->key, fleet->count))) return JZ_E_TLS;
    return JZ_OK;
}

enum jz_status fleet_init(struct fleet *fleet, const char *ca, const char *ca_key, uint32_t count) {
    struct authority a = {0};
    memset(fleet, 0, sizeof *fleet);
    enum jz_status status = count <= FLEET_DEVICES_MAX ? read_authority(ca, ca_key, &a) : JZ_E_COUNT;
    if (status == JZ_OK) status = issue_all(fleet, &a, count);
    X509_free(a.certificate);
    EVP_PKEY_free(a.key);
    return status;
}

void fleet_deinit(struct fleet *fleet) {
    for (uint32_t i = 0; i < fleet->count; i++) X509_free(fleet->certificate[i]);
    free(fleet->certificate);
    EVP_PKEY_free(fleet->key);
    memset(fleet, 0, sizeof *fleet);
}
