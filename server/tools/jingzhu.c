/* SPDX-License-Identifier: Apache-2.0 */
/* jingzhu: the engineer's tool. One table of commands; each says how it is used. */
#include "command.h"

#include <stdio.h>
#include <string.h>

#include "tool_packs.h"

static const struct {
    const char *group, *name, *usage;
    int (*run)(int argc, char **argv);
} command[] = {
    {"decode", NULL,
     "decode [FILE | HEX]           frames of a message in diagnostic notation (standard input without "
     "argument)",
     jz_cmd_decode},
    {"journal", "verify",
     "journal verify DIR            chain, replay, and snapshot against full replay; prints the state hash",
     jz_cmd_journal_verify},
    {"journal", "list", "journal list DIR [--raw] [FROM [MAX]] records in diagnostic notation",
     jz_cmd_journal_list},
    {"journal", "export",
     "journal export DIR CASE [--json]   everything on record of one patient, in order and in words",
     jz_cmd_journal_export},
    {"journal", "replay",
     "journal replay DIR CASE [--at TIME | --from TIME --to TIME] [--every 1s]   what each screen showed, "
     "and why",
     jz_cmd_journal_replay},
    {"report", NULL,
     "report DIR [--month YYYY-MM | --from DAY --to DAY] [--csv] [--lang zh|en] [--facility ID]   indicators "
     "of a "
     "journal's patients, month by month",
     jz_cmd_report},
    {"user", "add",
     "user add --file FILE --name NAME --role ROLE [--facility ID] [--replace]   password on standard "
     "input; roles: paramedic dispatcher receiving consultant administrator auditor",
     jz_cmd_user_add},
    {"rules", "check", "rules check [FOLDER]          compiles every pack and runs its own test cases",
     jz_cmd_rules_check},
    {"rules", "list", "rules list [--json]           every rule: inputs, levels, source, signature",
     jz_cmd_rules_list},
    {"rules", "eval",
     "rules eval [--explain] ID...  cases in JSON on standard input, one a line; results likewise",
     jz_cmd_rules_eval},
    {"rules", "explain", "rules explain ID              one case in words, Chinese and English",
     jz_cmd_rules_explain},
    {"rules", "test",
     "rules test [--mutate] [FOLDER]  every failed test of the packs; the small errors no test would notice",
     jz_cmd_rules_test},
    {"rules", "diff", "rules diff A B                what changes from one folder of packs to another",
     jz_cmd_rules_diff},
    {"rules", "replay",
     "rules replay DIR --pack NEW   a journal's patients under other packs: whose triage would have changed",
     jz_cmd_rules_replay},
    {"rules", "docs", "rules docs [--check] [--out docs/rules]  pages of the rules, to be read and signed",
     jz_cmd_rules_docs},
    {"ecg", "measure",
     "ecg measure RECORD [--json] [--draw FILE]   a 12-lead ECG (WFDB): measures, criteria, statement; paper",
     jz_cmd_ecg_measure},
    {"ecg", "beats",
     "ecg beats RECORD --lead NAME  the beats of a recording of any length, as a monitor finds them",
     jz_cmd_ecg_beats},
    {"ctg", "analyse",
     "ctg analyse FILE [--json] [--draw FILE]   a cardiotocogram (CSV): measures, classes, statement; paper",
     jz_cmd_ctg_analyse},
};
#define COMMAND_COUNT (sizeof command / sizeof command[0])

/* The group says which exit codes its callers expect. */
static int usage(const char *group) {
    fprintf(stderr, "jingzhu: tools around the dispatch server\n\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++) fprintf(stderr, "  jingzhu %s\n", command[i].usage);
    fprintf(stderr, "\nrules, ecg measure, ctg: --packs FOLDER (default " JZ_TOOL_PACKS_FOLDER ")\n");
    return strcmp(group, "rules") == 0 ? JZ_EXIT_USAGE : 64;
}

int main(int argc, char **argv) {
    for (size_t i = 0; argc > 1 && i < COMMAND_COUNT; i++) {
        if (strcmp(argv[1], command[i].group) != 0) continue;
        if (!command[i].name) return command[i].run(argc - 2, argv + 2);
        if (argc > 2 && strcmp(argv[2], command[i].name) == 0) return command[i].run(argc - 3, argv + 3);
    }
    return usage(argc > 1 ? argv[1] : "");
}
