/* SPDX-License-Identifier: Apache-2.0 */
/** @file command.h  The commands of `jingzhu`. Each takes what follows its name and returns an exit code:
 *  0 done, 1 what was looked at is wrong, 64 used wrongly, 70 could not look. The commands of `rules`
 *  answer in pipelines and tests, where three codes do: enum jz_exit. */
#ifndef JZ_COMMAND_H
#define JZ_COMMAND_H

enum jz_exit {
    JZ_EXIT_OK = 0,
    JZ_EXIT_WRONG = 1, /**< something was wrong with what was looked at, or it could not be read */
    JZ_EXIT_USAGE = 2
};

int jz_cmd_decode(int argc, char **argv);
int jz_cmd_journal_verify(int argc, char **argv);
int jz_cmd_journal_list(int argc, char **argv);
int jz_cmd_journal_export(int argc, char **argv);
int jz_cmd_journal_replay(int argc, char **argv);
int jz_cmd_report(int argc, char **argv);
int jz_cmd_user_add(int argc, char **argv);
int jz_cmd_rules_check(int argc, char **argv);
int jz_cmd_rules_list(int argc, char **argv);
int jz_cmd_rules_eval(int argc, char **argv);
int jz_cmd_rules_explain(int argc, char **argv);
int jz_cmd_rules_test(int argc, char **argv);
int jz_cmd_rules_diff(int argc, char **argv);
int jz_cmd_rules_replay(int argc, char **argv);
int jz_cmd_rules_docs(int argc, char **argv);
int jz_cmd_ecg_measure(int argc, char **argv);
int jz_cmd_ecg_beats(int argc, char **argv);
int jz_cmd_ctg_analyse(int argc, char **argv);

#endif /* JZ_COMMAND_H */
