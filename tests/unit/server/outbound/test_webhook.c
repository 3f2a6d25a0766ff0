/* SPDX-License-Identifier: Apache-2.0 */
/* What is sent, to whom, and with which key; test_webhook_queue.c has when and how often. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>
#include <openssl/sha.h>

#include "tls_stage.h"
#include "webhook_stage.h"

/* --- body and signature ---------------------------------------------------------------------------------------- */

/* HMAC-SHA256 as RFC 2104 defines it, from the hash alone: the second opinion. */
static void hmac_by_hand(const char *key, const void *text, size_t bytes, char *hex) {
    uint8_t block[64] = {0}, inner[SHA256_DIGEST_LENGTH], outer[SHA256_DIGEST_LENGTH], pad[64 + 17000];
    size_t key_bytes = strlen(key);
    if (key_bytes > sizeof block)
        SHA256((const uint8_t *)key, key_bytes, block);
    else
        memcpy(block, key, key_bytes);
    for (size_t i = 0; i < sizeof block; i++) pad[i] = block[i] ^ 0x36;
    memcpy(pad + sizeof block, text, bytes);
    SHA256(pad, sizeof block + bytes, inner);
    for (size_t i = 0; i < sizeof block; i++) pad[i] = block[i] ^ 0x5c;
    memcpy(pad + sizeof block, inner, sizeof inner);
    SHA256(pad, sizeof block + sizeof inner, outer);
    for (size_t i = 0; i < sizeof outer; i++) sprintf(hex + 2 * i, "%02x", outer[i]);
}

static void the_signature_is_hmac_sha256_by_a_second_computation(void **state) {
    static const size_t sizes[] = {0, 1, 40, 41, 42, 63, 64, 65, 1000, JZ_WEBHOOK_BODY_BYTES_MAX};
    static char body[JZ_WEBHOOK_BODY_BYTES_MAX], text[17000];
    char hex[65], signature[JZ_WEBHOOK_SIGNATURE_BYTES], long_key[JZ_WEBHOOK_SECRET_BYTES_MAX + 1];
    const char *key[] = {SECRET, long_key};
    (void)state;
    hmac_by_hand("Jefe", "what do ya want for nothing?", 28, hex); /* RFC 4231, test case 2 */
    assert_string_equal(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(long_key, 'k', sizeof long_key - 1), long_key[sizeof long_key - 1] = '\0';
    for (size_t i = 0; i < sizeof body; i++) body[i] = (char)(i * 31);
    for (size_t i = 0; i < 2 * sizeof sizes / sizeof sizes[0]; i++) {
        int head = sprintf(text, "1753167602.");
        memcpy(text + head, body, sizes[i / 2]);
        hmac_by_hand(key[i % 2], text, (size_t)head + sizes[i / 2], hex);
        assert_true(jz_webhook_sign(key[i % 2], 1753167602, body, sizes[i / 2], signature));
        assert_memory_equal(signature, "v1=", 3);
        assert_string_equal(signature + 3, hex);
    }
}

static char *documented(const char *name) {
    static char text[32768];
    char start[32];
    FILE *file = fopen(JZ_SOURCE_DIR "/docs/webhook.md", "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    snprintf(start, sizeof start, "\n%-11s", name);
    char *at = strstr(text, start);
    assert_non_null(at);
    at += strlen(start);
    return strndup(at, strcspn(at, "\n"));
}

static void the_documented_example_is_what_is_sent(void **state) {
    char *secret = documented("secret"), *timestamp = documented("timestamp"), *body = documented("body"),
         *signature = documented("signature"), signed_text[2048], hex[65];
    struct jz_webhook_notice n = {.id = 8123,
                                  .kind = JZ_WEBHOOK_NOT_DELIVERED,
                                  .encounter = {{0x01, 0x42, 0xa7, 0xc3, 0x5b, 0xe0, 0x4d, 0x1f, 0x9a, 0x6e,
                                                 0x2f, 0x80, 0xb1, 0xc4, 0xd5, 0xe6}},
                                  .alert = 257,
                                  .facility = "gy-2",
                                  .contact = "085100000000",
                                  .raised_ms = 1753167600000};
    n.text_zh = "京筑急救：胸痛患者约18分钟后到达，预警未送达贵院看板，请立即致电调度。\n确认码 8123";
    n.text_en = "Jingzhu: chest pain, arrival in about 18 min. The alert did not reach your board; call "
                "dispatch now.\nCode 8123";
    (void)state;
    write_secret(secret, strlen(secret), 0400); /* no line end: nor need there be one */
    open_hook();
    assert_int_equal(jz_webhook_send(scene.hook, &n), JZ_OK);
    wait_for(&scene.results, 1);
    assert_memory_equal(scene.service.request, "POST /notice HTTP/1.1\r\n", 23);
    assert_string_equal(header_of(0, "Content-Type"), "application/json");
    assert_string_equal(header_of(0, "Jingzhu-Id"), "8123");
    assert_string_equal(header_of(0, "Jingzhu-Timestamp"), timestamp);
    assert_string_equal(body_of(0), body);
    assert_string_equal(header_of(0, "Jingzhu-Signature"), signature);
    int bytes = snprintf(signed_text, sizeof signed_text, "%s.%s", timestamp, body_of(0));
    hmac_by_hand(secret, signed_text, (size_t)bytes, hex);
    assert_string_equal(signature + 3, hex);
    free(secret), free(timestamp), free(body), free(signature);
}

static void every_kind_has_its_name_and_delivery_its_result(void **state) {
    static const char *const name[] = {"not_delivered", "escalated", "standby",           "team_not_ready",
                                       "path_dead",     "consult",   "handover_reminder", "test"};
    (void)state;
    open_hook();
    for (uint32_t i = 0; i < 8; i++) {
        char field[64];
        assert_int_equal(send_kind(70 + i, (enum jz_webhook_kind)(i + 1)), JZ_OK);
        wait_for(&scene.results, i + 1);
        snprintf(field, sizeof field, "\"kind\":\"%s\",", name[i]);
        assert_non_null(strstr(body_of(i), field));
        assert_int_equal(scene.result[i].id, 70 + i);
        assert_int_equal(scene.result[i].kind, i + 1);
        assert_true(scene.result[i].delivered);
        assert_int_equal(scene.result[i].http, 204);
        assert_int_equal(scene.result[i].tries, 1);
        assert_string_equal(scene.why, "");
    }
    assert_int_equal(jz_webhook_queued(scene.hook), 0);
}

static void texts_are_escaped_and_come_back_as_they_were(void **state) {
    static const char text[] = "a\"b\\c/\b\f\n\r\t\x01\x1f\x7f 胸\xf0\x9f\x9a\x91\xe2\x80\xa8 </script>";
    struct jz_webhook_notice n = notice(UINT64_MAX);
    (void)state;
    open_hook();
    n.text_zh = n.text_en = text, n.contact = "\"},{", n.facility = "a\\", n.alert = UINT64_MAX;
    assert_int_equal(jz_webhook_send(scene.hook, &n), JZ_OK);
    wait_for(&scene.results, 1);
    const char *body = body_of(0);
    for (const char *c = body; *c; c++) assert_true((unsigned char)*c >= ' '); /* none of them as it is */
    assert_non_null(strstr(body, "a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0001\\u001F"));
    json_t *read = json_loads(body, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(read);
    assert_string_equal(json_string_value(json_object_get(read, "text_zh")), text);
    assert_string_equal(json_string_value(json_object_get(read, "text_en")), text);
    assert_string_equal(json_string_value(json_object_get(read, "contact")), "\"},{");
    assert_string_equal(json_string_value(json_object_get(read, "facility")), "a\\");
    assert_string_equal(json_string_value(json_object_get(read, "id")), "18446744073709551615");
    assert_string_equal(json_string_value(json_object_get(read, "alert")), "18446744073709551615");
    json_decref(read);
}

static void what_is_missing_is_null(void **state) {
    struct jz_webhook_notice n = {.id = 5, .kind = JZ_WEBHOOK_TEST, .raised_ms = 1, .text_en = "x"};
    (void)state;
    open_hook();
    n.text_zh = "";
    assert_int_equal(jz_webhook_send(scene.hook, &n), JZ_OK);
    wait_for(&scene.results, 1);
    assert_string_equal(
        body_of(0),
        "{\"version\":1,\"id\":\"5\",\"kind\":\"test\",\"encounter\":null,\"alert\":null,\"facility\":null,"
        "\"contact\":null,\"raised_ms\":1,\"text_zh\":null,\"text_en\":\"x\"}");
}

static void what_is_no_utf8_is_refused(void **state) {
    static const char *const text[] = {"\xff",         "\xe6\x80",         "\xc0\xaf",
                                       "\xed\xa0\x80", "\xf4\x90\x80\x80", "ok\x80ok"};
    (void)state;
    open_hook();
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
        struct jz_webhook_notice n = notice(1);
        n.text_zh = text[i];
        assert_int_equal(jz_webhook_send(scene.hook, &n), JZ_E_UTF8);
    }
    assert_int_equal(jz_webhook_queued(scene.hook), 0);
}

static char *of_length(size_t bytes) {
    char *text = malloc(bytes + 1);
    memset(text, '\x01', bytes); /* six bytes each in the body */
    text[bytes] = '\0';
    return text;
}

static void a_notice_at_every_limit_is_taken_and_one_over_any_is_not(void **state) {
    char *text = of_length(JZ_WEBHOOK_TEXT_BYTES_MAX), *over = of_length(JZ_WEBHOOK_TEXT_BYTES_MAX + 1),
         *contact = of_length(JZ_WEBHOOK_CONTACT_BYTES_MAX),
         *contact_over = of_length(JZ_WEBHOOK_CONTACT_BYTES_MAX + 1),
         *facility = of_length(JZ_WEBHOOK_FACILITY_BYTES_MAX),
         *facility_over = of_length(JZ_WEBHOOK_FACILITY_BYTES_MAX + 1);
    struct jz_webhook_notice full = notice(UINT64_MAX), n;
    (void)state;
    open_hook();
    full.alert = UINT64_MAX, full.raised_ms = INT64_MAX, full.kind = JZ_WEBHOOK_HANDOVER_REMINDER;
    full.text_zh = full.text_en = text, full.contact = contact, full.facility = facility;
#define REFUSED(field, value)                                                                                \
    (n = full, n.field = (value), assert_int_equal(jz_webhook_send(scene.hook, &n), JZ_E_VALUE))
    REFUSED(text_zh, over);
    REFUSED(text_en, over);
    REFUSED(contact, contact_over);
    REFUSED(facility, facility_over);
    REFUSED(id, 0);
    REFUSED(kind, JZ_WEBHOOK_NO_KIND);
    REFUSED(kind, (enum jz_webhook_kind)9);
    REFUSED(raised_ms, 0);
    full.text_zh = "";
    REFUSED(text_en, NULL);
#undef REFUSED
    assert_int_equal(jz_webhook_queued(scene.hook), 0);
    full.text_zh = text;
    assert_int_equal(jz_webhook_send(scene.hook, &full), JZ_OK);
    free(text), free(over), free(contact), free(contact_over), free(facility), free(facility_over);
    wait_for(&scene.results, 1); /* what the notice pointed to is gone by now */
    assert_int_equal(scene.result[0].http, 204);
    size_t bytes = strlen(body_of(0));
    assert_true(bytes > 6u * 2u * JZ_WEBHOOK_TEXT_BYTES_MAX && bytes <= JZ_WEBHOOK_BODY_BYTES_MAX);
}

/* --- address, secret, TLS ---------------------------------------------------------------------------------------- */

static void only_https_or_this_machine_is_an_address(void **state) {
    static const char *const good[] = {"https://sms.example.cn/notice?key=1",
                                       "https://[2001:db8::1]:8443/",
                                       "HTTPS://sms.example.cn",
                                       "http://127.0.0.1:8080/x",
                                       "http://127.255.255.254/",
                                       "http://[::1]:80/",
                                       "http://localhost:9/"};
    static const char *const bad[] = {"",
                                      "sms.example.cn",
                                      "http://sms.example.cn/",
                                      "http://10.0.0.1/",
                                      "http://128.0.0.1/",
                                      "http://127.0.0.1.example.cn/",
                                      "http://127.0.0.1@sms.example.cn/",
                                      "http://localhost.example.cn/",
                                      "http://[::2]/",
                                      "http://0.0.0.0/",
                                      "https://user@sms.example.cn/",
                                      "https://user:word@sms.example.cn/",
                                      "ftp://127.0.0.1/",
                                      "file:///etc/passwd",
                                      "https://",
                                      "https://a b/"};
    char longest[JZ_WEBHOOK_URL_BYTES_MAX + 2];
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (jz_webhook_url_refused(good[i])) fail_msg("%s: %s", good[i], jz_webhook_url_refused(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (!jz_webhook_url_refused(bad[i])) fail_msg("%s is taken", bad[i]);
        assert_int_equal(open_at(bad[i], "", 0), JZ_E_CONFIG);
        assert_null(scene.hook);
        assert_string_equal(scene.error.file, "webhook_url");
        assert_string_equal(scene.error.text, jz_webhook_url_refused(bad[i]));
    }
    memset(longest, 'a', sizeof longest), longest[sizeof longest - 1] = '\0';
    memcpy(longest, "https://", 8);
    assert_non_null(jz_webhook_url_refused(longest));
    longest[JZ_WEBHOOK_URL_BYTES_MAX] = '\0';
    longest[20] = '/';
    assert_null(jz_webhook_url_refused(longest));
}

static void a_secret_that_others_may_touch_is_refused(void **state) {
    static const mode_t bad[] = {0640, 0620, 0610, 0604, 0602, 0601, 0666, 0440};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(chmod(scene.secret_file, bad[i]), 0);
        assert_int_equal(open_at(scene.url, "", 0), JZ_E_CONFIG);
        assert_null(scene.hook);
        assert_string_equal(scene.error.file, scene.secret_file);
        assert_non_null(strstr(scene.error.text, "chmod 600"));
    }
    assert_int_equal(chmod(scene.secret_file, 0600), 0);
    open_hook();
}

static void a_secret_is_one_line_of_32_to_256_characters(void **state) {
    char text[JZ_WEBHOOK_SECRET_BYTES_MAX + 8];
    static const struct {
        size_t bytes;
        const char *end;
        enum jz_status status;
    } row[] = {{0, "", JZ_E_CONFIG},        {31, "\n", JZ_E_CONFIG},   {32, "", JZ_OK},
               {32, "\n", JZ_OK},           {32, "\r\n", JZ_OK},       {32, "\n\n", JZ_E_CONFIG},
               {32, " ", JZ_E_CONFIG},      {32, "\x80", JZ_E_CONFIG}, {32, "\nmore", JZ_E_CONFIG},
               {256, "\r\n", JZ_OK},        {257, "", JZ_E_CONFIG},    {257, "\n", JZ_E_CONFIG},
               {256, "\nmore", JZ_E_CONFIG}};
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        memset(text, 's', row[i].bytes);
        memcpy(text + row[i].bytes, row[i].end, strlen(row[i].end));
        write_secret(text, row[i].bytes + strlen(row[i].end), 0600);
        assert_int_equal(open_at(scene.url, "", 0), row[i].status);
        if (row[i].status != JZ_OK) assert_non_null(strstr(scene.error.text, "a webhook secret"));
        close_hook();
    }
}

static void a_secret_that_is_no_file_is_refused_without_waiting(void **state) {
    (void)state;
    unlink(scene.secret_file);
    assert_int_equal(open_at(scene.url, "", 0), JZ_E_FILE);
    assert_string_equal(scene.error.text, "No such file or directory");
    assert_int_equal(mkfifo(scene.secret_file, 0600), 0);
    assert_int_equal(open_at(scene.url, "", 0), JZ_E_CONFIG);
    assert_string_equal(scene.error.text, "a webhook secret is a file");
}

static void https_delivers_to_a_certificate_that_is_trusted_and_named(void **state) {
    struct tls_stage gateway;
    (void)state;
    assert_true(tls_stage_open(&gateway, scene.service.loop, "IP:127.0.0.1"));
    assert_int_equal(open_at(gateway.url, gateway.ca_file, 0), JZ_OK);
    send_notice(1);
    wait_for(&scene.results, 1);
    assert_true(scene.result[0].delivered);
    assert_int_equal(gateway.requests, 1);
    close_hook();
    tls_stage_close(&gateway);
}

static void assert_no_notice_leaves(struct tls_stage *gateway, const char *ca_file, const char *why) {
    assert_int_equal(open_at(gateway->url, ca_file, 0), JZ_OK);
    send_notice(1);
    wait_for(&scene.downs, 1);
    assert_non_null(strstr(scene.down_why, why));
    assert_int_equal(gateway->requests, 0);
    assert_int_equal(scene.results, 0);
    close_hook();
}

static void a_stranger_with_a_certificate_gets_no_notice(void **state) {
    struct tls_stage gateway, other;
    (void)state;
    assert_true(tls_stage_open(&gateway, scene.service.loop, "IP:127.0.0.1"));
    assert_true(tls_stage_open(&other, scene.service.loop, "IP:127.0.0.1"));
    assert_no_notice_leaves(&gateway, other.ca_file, "SSL certificate problem");
    tls_stage_close(&gateway);
    tls_stage_close(&other);
}

static void a_certificate_for_another_name_gets_no_notice_and_is_not_quoted(void **state) {
    struct tls_stage gateway;
    (void)state;
    assert_true(tls_stage_open(&gateway, scene.service.loop, NULL));
    assert_no_notice_leaves(&gateway, gateway.ca_file,
                            "the certificate is valid for another name than that of the address");
    tls_stage_close(&gateway);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(the_signature_is_hmac_sha256_by_a_second_computation),
        TEST(the_documented_example_is_what_is_sent),
        TEST(every_kind_has_its_name_and_delivery_its_result),
        TEST(texts_are_escaped_and_come_back_as_they_were),
        TEST(what_is_missing_is_null),
        TEST(what_is_no_utf8_is_refused),
        TEST(a_notice_at_every_limit_is_taken_and_one_over_any_is_not),
        TEST(only_https_or_this_machine_is_an_address),
        TEST(a_secret_that_others_may_touch_is_refused),
        TEST(a_secret_is_one_line_of_32_to_256_characters),
        TEST(a_secret_that_is_no_file_is_refused_without_waiting),
        TEST(https_delivers_to_a_certificate_that_is_trusted_and_named),
        TEST(a_stranger_with_a_certificate_gets_no_notice),
        TEST(a_certificate_for_another_name_gets_no_notice_and_is_not_quoted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
