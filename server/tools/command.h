/* SPDX-License-Identifier: Apache-2.0 */
/** @file command.h  The commands of `jingzhu`. Each takes what follows its name and returns an exit code:
 *  0 done, 1 what was looked at is wrong, 64 used wrongly, 70 could not look. */
#ifndef JZ_COMMAND_H
#define JZ_COMMAND_H

int jz_cmd_decode(int argc, char **argv);
int jz_cmd_journal_verify(int argc, char **argv);
int jz_cmd_journal_list(int argc, char **argv);
int jz_cmd_user_add(int argc, char **argv);
int jz_cmd_rules_check(int argc, char **argv);

#endif /* JZ_COMMAND_H */
