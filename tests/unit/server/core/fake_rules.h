/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAKE_RULES_H
#define FAKE_RULES_H
#include "jingzhu/rules.h"

const struct jz_program *fake_program(void);

#endif /* FAKE_RULES_H */
