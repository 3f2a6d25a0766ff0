/* SPDX-License-Identifier: Apache-2.0 */
/* Snapshots live in a file of their own: a state of many megabytes must not pass through the log of the
 * appends, and a snapshot may be written while a commit is under way. */
#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sqlite.h"

static_assert(JZ_SNAPSHOT_BYTES_MAX <= INT_MAX, "a blob's length is an int");

static enum jz_status prepare_snapshots(struct jz_sqlite *sqlite) {
    enum jz_status status = JZ_OK;
    for (enum jz_sqlite_statement i = JZ_SQL_SNAP_PUT; i <= JZ_SQL_SNAP_GET && status == JZ_OK; i++)
        status = jz_sqlite_prepare(sqlite, sqlite->snapshots, i);
    return status;
}

static enum jz_status open_file(struct jz_sqlite *sqlite, const char *path) {
    int64_t synchronous = 0;
    enum jz_status status = jz_sqlite_connect(sqlite, path, &sqlite->snapshots);
    if (status == JZ_OK) status = jz_sqlite_exec(sqlite->snapshots, "PRAGMA synchronous=FULL");
    if (status == JZ_OK) status = jz_sqlite_number(sqlite->snapshots, "PRAGMA synchronous", &synchronous);
    if (status == JZ_OK && synchronous != 2) status = JZ_E_CONFIG;
    if (status == JZ_OK)
        status =
            jz_sqlite_exec(sqlite->snapshots,
                           "CREATE TABLE IF NOT EXISTS snapshot(shard INTEGER NOT NULL, at INTEGER NOT NULL,"
                           " hash BLOB NOT NULL, digest BLOB NOT NULL, state BLOB NOT NULL,"
                           " PRIMARY KEY(shard, at)) STRICT");
    return status == JZ_OK ? prepare_snapshots(sqlite) : status;
}

/* Snapshots are only a shortcut: a file that is damaged is put aside, and the journal is replayed. */
enum jz_status jz_sqlite_snapshots_open(struct jz_sqlite *sqlite) {
    char path[JZ_SQLITE_PATH_MAX + 16], aside[JZ_SQLITE_PATH_MAX + 16];
    (void)snprintf(path, sizeof path, "%s.snap", sqlite->path);
    (void)snprintf(aside, sizeof aside, "%s.snap.damaged", sqlite->path);
    enum jz_status status = open_file(sqlite, path);
    if (status != JZ_E_FORMAT && status != JZ_E_STORE_CHAIN) return status;
    for (enum jz_sqlite_statement i = JZ_SQL_SNAP_PUT; i <= JZ_SQL_SNAP_GET; i++) {
        (void)sqlite3_finalize(sqlite->statement[i]);
        sqlite->statement[i] = NULL;
    }
    (void)sqlite3_close(sqlite->snapshots);
    sqlite->snapshots = NULL;
    if (rename(path, aside) != 0) return JZ_E_FILE;
    return open_file(sqlite, path);
}

static enum jz_status put(struct jz_sqlite *sqlite, const struct jz_snapshot *snapshot) {
    sqlite3_stmt *statement = sqlite->statement[JZ_SQL_SNAP_PUT];
    const void *state = snapshot->bytes > 0 ? snapshot->state : "";
    int result = sqlite3_bind_int64(statement, 1, snapshot->shard);
    if (result == SQLITE_OK) result = sqlite3_bind_int64(statement, 2, (int64_t)snapshot->offset);
    if (result == SQLITE_OK) result = sqlite3_bind_blob(statement, 3, snapshot->hash, 32, SQLITE_STATIC);
    if (result == SQLITE_OK) result = sqlite3_bind_blob(statement, 4, snapshot->digest, 32, SQLITE_STATIC);
    if (result == SQLITE_OK)
        result = sqlite3_bind_blob(statement, 5, state, (int)snapshot->bytes, SQLITE_STATIC);
    enum jz_status status = jz_sqlite_status(sqlite->snapshots, result);
    if (status == JZ_OK) status = jz_sqlite_run(statement);
    (void)sqlite3_clear_bindings(statement); /* always SQLITE_OK; the bound storage ends with the caller */
    return status;
}

static enum jz_status prune(struct jz_sqlite *sqlite, uint32_t shard) {
    sqlite3_stmt *statement = sqlite->statement[JZ_SQL_SNAP_PRUNE];
    int result = sqlite3_bind_int64(statement, 1, shard);
    if (result == SQLITE_OK) result = sqlite3_bind_int64(statement, 2, JZ_SNAPSHOTS_KEPT);
    return result == SQLITE_OK ? jz_sqlite_run(statement) : jz_sqlite_status(sqlite->snapshots, result);
}

enum jz_status jz_sqlite_snapshot_put(struct jz_journal *journal, const struct jz_snapshot *snapshot) {
    struct jz_sqlite *sqlite = jz_sqlite_of(journal);
    enum jz_status status = jz_sqlite_exec(sqlite->snapshots, "BEGIN IMMEDIATE");
    if (status == JZ_OK) status = put(sqlite, snapshot);
    if (status == JZ_OK) status = prune(sqlite, snapshot->shard);
    if (status == JZ_OK) status = jz_sqlite_exec(sqlite->snapshots, "COMMIT");
    /* The snapshots are only a shortcut: an open transaction is taken back, and the error goes to the caller.
     */
    if (status != JZ_OK && !sqlite3_get_autocommit(sqlite->snapshots))
        return jz_sqlite_exec(sqlite->snapshots, "ROLLBACK") == JZ_OK ? status : JZ_E_STORE_IO;
    return status;
}

static enum jz_status copy_row(sqlite3_stmt *row, struct jz_snapshot *snapshot) {
    if (sqlite3_column_bytes(row, 1) != 32 || sqlite3_column_bytes(row, 2) != 32) return JZ_E_FORMAT;
    snapshot->offset = (uint64_t)sqlite3_column_int64(row, 0);
    memcpy(snapshot->hash, sqlite3_column_blob(row, 1), 32);
    memcpy(snapshot->digest, sqlite3_column_blob(row, 2), 32);
    const void *state = sqlite3_column_blob(row, 3);
    snapshot->bytes = (size_t)sqlite3_column_bytes(row, 3);
    if (snapshot->bytes > JZ_SNAPSHOT_BYTES_MAX) return JZ_E_FORMAT;
    snapshot->state = malloc(snapshot->bytes + 1u); /* an empty state is not NULL */
    if (!snapshot->state) return JZ_E_MEMORY;
    if (snapshot->bytes > 0 && !state) return JZ_E_MEMORY;
    if (snapshot->bytes > 0) memcpy(snapshot->state, state, snapshot->bytes);
    return JZ_OK;
}

enum jz_status jz_sqlite_snapshot_get(struct jz_journal *journal, uint32_t nth,
                                      struct jz_snapshot *snapshot) {
    struct jz_sqlite *sqlite = jz_sqlite_of(journal);
    sqlite3_stmt *statement = sqlite->statement[JZ_SQL_SNAP_GET];
    int result = sqlite3_bind_int64(statement, 1, snapshot->shard);
    if (result == SQLITE_OK) result = sqlite3_bind_int64(statement, 2, nth);
    if (result == SQLITE_OK) result = sqlite3_step(statement);
    enum jz_status status = result == SQLITE_DONE ? JZ_E_FILE : jz_sqlite_status(sqlite->snapshots, result);
    if (result == SQLITE_ROW) status = copy_row(statement, snapshot);
    (void)sqlite3_reset(statement); /* repeats the error of the step, judged above */
    return status;
}
