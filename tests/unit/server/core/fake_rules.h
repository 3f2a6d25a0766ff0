/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAKE_RULES_H
#define FAKE_RULES_H
#include "jingzhu/rules.h"

const struct jz_program *fake_program(void);
/** The same rules with the conditions in the opposite order. */
const struct jz_program *fake_program_reversed(void);
/** As much as a program can hold: JZ_RULES_MAX rules, each of which fires as soon as sbp is known, with all the inputs,
 *  items, conditions and the longest texts a rule may have. */
const struct jz_program *fake_program_crowd(void);

#endif /* FAKE_RULES_H */
