/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAKE_RULES_H
#define FAKE_RULES_H
#include "jingzhu/rules.h"

const struct jz_program *fake_program(void);
/** The same rules with the conditions in the opposite order. */
const struct jz_program *fake_program_reversed(void);

#endif /* FAKE_RULES_H */
