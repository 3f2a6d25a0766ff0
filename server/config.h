/* SPDX-License-Identifier: Apache-2.0 */
/** @file config.h  Settings of jingzhud: one table, `key = value` lines, every one with a default and a sentence. */
#ifndef JZ_CONFIG_H
#define JZ_CONFIG_H
#include "jingzhu/rules.h" /* struct jz_pack_error */

#define JZ_CONFIG_TEXT 256u

struct jz_config {
    char data_dir[JZ_CONFIG_TEXT], listen[JZ_CONFIG_TEXT], tls_cert[JZ_CONFIG_TEXT], tls_key[JZ_CONFIG_TEXT],
        device_ca[JZ_CONFIG_TEXT], users[JZ_CONFIG_TEXT], revoked[JZ_CONFIG_TEXT], directory[JZ_CONFIG_TEXT],
        roads[JZ_CONFIG_TEXT], travel_url[JZ_CONFIG_TEXT], travel_ca[JZ_CONFIG_TEXT], packs[JZ_CONFIG_TEXT],
        webhook_url[JZ_CONFIG_TEXT], webhook_ca[JZ_CONFIG_TEXT], webhook_secret[JZ_CONFIG_TEXT],
        console_dir[JZ_CONFIG_TEXT], packs_shadow[JZ_CONFIG_TEXT], operator[JZ_CONFIG_TEXT];
    int device_port, console_port, simulation, encounters_max, peers_max, device_rate, device_burst,
        connections_max, snapshot_every, commit_spacing_us;
};

/** Reads a file of settings over the defaults.
 *  @param[out] error  File, line and cure on JZ_E_CONFIG / JZ_E_FILE. */
JZ_MUST_CHECK enum jz_status jz_config_load(const char *file, struct jz_config *config,
                                            struct jz_pack_error *error);
/** Prints every setting with its default and meaning, as a file that can be used. */
void jz_config_print(void);

#endif /* JZ_CONFIG_H */
