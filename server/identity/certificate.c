/* SPDX-License-Identifier: Apache-2.0 */
#include "certificate.h"

#include <errno.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define URN "urn:device:"
#define UUID_CHARS 36u
#define LINE_BYTES 256u

struct serial {
    uint8_t byte[JZ_SERIAL_BYTES_MAX]; /* big endian, right-aligned */
};
struct jz_revoked {
    size_t count, capacity;
    struct serial *serial;
};

static int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

/* 8-4-4-4-12 lower-case digits and nothing else: one identity has one spelling. */
static bool parse_uuid(const char *text, uint8_t uuid[16]) {
    size_t nibble = 0;
    for (size_t i = 0; i < UUID_CHARS; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        int value = hex_value(text[i]);
        if (dash ? text[i] != '-' : value < 0) return false;
        if (dash) continue;
        uuid[nibble / 2] = (uint8_t)(uuid[nibble / 2] << 4 | value);
        nibble++;
    }
    return true;
}

static bool parse_uri(const ASN1_STRING *uri, uint8_t uuid[16]) {
    const char *text = (const char *)ASN1_STRING_get0_data(uri);
    int bytes = ASN1_STRING_length(uri);
    size_t prefix = sizeof URN - 1;
    if (bytes != (int)(prefix + UUID_CHARS) || memcmp(text, URN, prefix) != 0) return false;
    return parse_uuid(text + prefix, uuid);
}

static bool is_device_uri(const GENERAL_NAME *name) {
    if (name->type != GEN_URI) return false;
    const ASN1_STRING *uri = name->d.uniformResourceIdentifier;
    size_t prefix = sizeof URN - 1;
    return ASN1_STRING_length(uri) >= (int)prefix && memcmp(ASN1_STRING_get0_data(uri), URN, prefix) == 0;
}

/* Exactly one device URI; other kinds of names do not matter. */
static bool find_device(const GENERAL_NAMES *names, uint8_t uuid[16]) {
    size_t found = 0;
    bool good = false;
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        if (!is_device_uri(name)) continue;
        if (found++ == 0) good = parse_uri(name->d.uniformResourceIdentifier, uuid);
    }
    return found == 1 && good;
}

static bool is_client_leaf(X509 *certificate) {
    uint32_t flags = X509_get_extension_flags(certificate);
    if (flags & (EXFLAG_CA | EXFLAG_INVALID)) return false;
    return (flags & EXFLAG_XKUSAGE) && (X509_get_extended_key_usage(certificate) & XKU_SSL_CLIENT);
}

enum jz_status jz_certificate_device(const X509 *certificate, uint8_t uuid[16]) {
    memset(uuid, 0, 16);
    /* OpenSSL caches extension flags in the object, hence its missing const. */
    if (!is_client_leaf((X509 *)(uintptr_t)certificate)) return JZ_E_TLS;
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    bool good = names && find_device(names, uuid);
    GENERAL_NAMES_free(names);
    if (good) return JZ_OK;
    memset(uuid, 0, 16);
    return JZ_E_TLS;
}

static bool serial_of(const X509 *certificate, struct serial *out) {
    const ASN1_INTEGER *number = X509_get0_serialNumber(certificate);
    int bytes = ASN1_STRING_length(number);
    memset(out, 0, sizeof *out);
    if (bytes < 0 || bytes > (int)JZ_SERIAL_BYTES_MAX) return false;
    memcpy(out->byte + JZ_SERIAL_BYTES_MAX - (size_t)bytes, ASN1_STRING_get0_data(number), (size_t)bytes);
    return true;
}

static int compare(const void *a, const void *b) {
    return memcmp(a, b, sizeof(struct serial));
}

/* Digits are shifted in from the right; false for no digit, too many, or another character. */
static bool parse_serial(const char *text, struct serial *out) {
    size_t digits = 0;
    memset(out, 0, sizeof *out);
    for (; *text && *text != '\n' && *text != '\r'; text++) {
        if (*text == ':' || *text == ' ') continue;
        int value = hex_value(*text >= 'A' && *text <= 'F' ? (char)(*text + 32) : *text);
        if (value < 0 || ++digits > (size_t)2 * JZ_SERIAL_BYTES_MAX) return false;
        for (size_t i = 0; i + 1 < JZ_SERIAL_BYTES_MAX; i++)
            out->byte[i] = (uint8_t)(out->byte[i] << 4 | out->byte[i + 1] >> 4);
        out->byte[JZ_SERIAL_BYTES_MAX - 1] = (uint8_t)(out->byte[JZ_SERIAL_BYTES_MAX - 1] << 4 | value);
    }
    return digits > 0;
}

static bool append(struct jz_revoked *list, const struct serial *serial) {
    if (list->count == JZ_REVOKED_MAX) return false;
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 64;
        struct serial *grown = realloc(list->serial, capacity * sizeof *grown);
        if (!grown) return false;
        list->serial = grown;
        list->capacity = capacity;
    }
    list->serial[list->count++] = *serial;
    return true;
}

static enum jz_status refuse(struct jz_identity_error *error, uint32_t line, const char *text,
                             enum jz_status status) {
    error->line = line;
    snprintf(error->text, sizeof error->text, "%s", text);
    return status;
}

static enum jz_status read_serials(FILE *in, struct jz_revoked *list, struct jz_identity_error *error) {
    char line[LINE_BYTES];
    struct serial serial;
    for (uint32_t number = 1; fgets(line, sizeof line, in); number++) {
        if (line[0] == '#' || line[strspn(line, " \r\n")] == 0) continue;
        if (!parse_serial(line, &serial))
            return refuse(error, number, "not a hexadecimal serial", JZ_E_FORMAT);
        if (!append(list, &serial)) return refuse(error, number, "too many serials", JZ_E_FORMAT);
    }
    return ferror(in) ? refuse(error, 0, "cannot be read", JZ_E_FILE) : JZ_OK;
}

enum jz_status jz_revoked_load(const char *file, struct jz_revoked **revoked,
                               struct jz_identity_error *error) {
    enum jz_status status = JZ_OK;
    *revoked = NULL;
    struct jz_revoked *list = calloc(1, sizeof *list);
    if (!list) return refuse(error, 0, "out of memory", JZ_E_MEMORY);
    if (file && *file) {
        FILE *in = fopen(file, "re");
        status = in ? read_serials(in, list, error) : refuse(error, 0, strerror(errno), JZ_E_FILE);
        if (in) fclose(in);
    }
    if (status) {
        jz_revoked_free(list);
        return status;
    }
    if (list->count) qsort(list->serial, list->count, sizeof *list->serial, compare);
    *revoked = list;
    return JZ_OK;
}

void jz_revoked_free(struct jz_revoked *revoked) {
    if (!revoked) return;
    free(revoked->serial);
    free(revoked);
}

bool jz_revoked_has(const struct jz_revoked *revoked, const X509 *certificate) {
    struct serial serial;
    if (!serial_of(certificate, &serial)) return true;
    if (!revoked || revoked->count == 0) return false;
    return bsearch(&serial, revoked->serial, revoked->count, sizeof serial, compare) != NULL;
}
