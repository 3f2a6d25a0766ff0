/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OWN_PACKS_H
#define OWN_PACKS_H
#include "jingzhu/rules.h"

/** The project's own packs, compiled; fails the test where they are refused. Free with jz_program_free. */
struct jz_program *own_packs(void);

#endif /* OWN_PACKS_H */
