/* SPDX-License-Identifier: Apache-2.0 */
/** @file notices.h  What boards cannot be told, told to the city's own gateway (docs/webhook.md). Loop thread only.
 *
 *  Read off the durable state after each commit, so nothing is sent that a crash could unsay; after a restart what is still
 *  true is sent again under the same number. */
#ifndef JZ_NOTICES_H
#define JZ_NOTICES_H
#include "config.h"
#include "ledger.h"

struct ev_loop;
struct jz_notices;

/** @param[out] notices  NULL where no gateway is configured: every call below allows it
 *  @param hooks  real ones: the gateway compares their UTC with its own clock
 *  @retval JZ_E_CONFIG, JZ_E_FILE  address or secret; see `error`  @retval JZ_E_MEMORY */
JZ_MUST_CHECK enum jz_status jz_notices_open(struct jz_notices **notices, struct ev_loop *loop,
                                             const struct jz_config *config, const struct jz_ledger *ledger,
                                             const struct jz_hooks *hooks, struct jz_pack_error *error);
void jz_notices_close(struct jz_notices *notices);
/** After a commit: patients and hospitals that changed. */
void jz_notices_released(struct jz_notices *notices, const struct jz_released *released);
/** After a start: all that is true. */
void jz_notices_all(struct jz_notices *notices);
/** Now and then: what the gateway's queue had no room for, if all that is known is durable. */
void jz_notices_tick(struct jz_notices *notices);

#endif /* JZ_NOTICES_H */
