/* SPDX-License-Identifier: Apache-2.0 */
#include "sqlite.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "bytes.h"

#define APPLICATION_ID 0x4a5a4a4c /* "JZJL" */

/* One text a schema version; never changed once released, only added to. */
static const char *const migrations[] = {
    "CREATE TABLE record(place INTEGER PRIMARY KEY, key BLOB NOT NULL, body BLOB NOT NULL, chain BLOB NOT "
    "NULL) STRICT;"
    "CREATE TABLE shard(id INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, next INTEGER NOT NULL, chain BLOB "
    "NOT NULL,"
    " seal BLOB NOT NULL) STRICT;"
    "PRAGMA application_id=0x4a5a4a4c;",
};
#define SCHEMA_VERSION ((int64_t)(sizeof migrations / sizeof migrations[0]))

static const char *const statement_text[JZ_SQL_COUNT] = {
    [JZ_SQL_BEGIN] = "BEGIN IMMEDIATE",
    [JZ_SQL_COMMIT] = "COMMIT",
    [JZ_SQL_ROLLBACK] = "ROLLBACK",
    [JZ_SQL_INSERT] = "INSERT INTO record(place, key, body, chain) VALUES(?1, ?2, ?3, ?4)",
    [JZ_SQL_ADVANCE] = "UPDATE shard SET next=?3, chain=?4, seal=?5 WHERE id=?1 AND epoch=?2",
    [JZ_SQL_TAKE] = "INSERT INTO shard(id, epoch, next, chain, seal) VALUES(?1, ?2, ?3, ?4, ?5)"
                    " ON CONFLICT(id) DO UPDATE SET epoch=?2, next=?3, chain=?4, seal=?5",
    [JZ_SQL_ASCENDING] =
        "SELECT place, key, body, chain FROM record WHERE place>=?1 AND place<?2 ORDER BY place",
    [JZ_SQL_DESCENDING] =
        "SELECT place, key, body, chain FROM record WHERE place>=?1 AND place<?2 ORDER BY place DESC",
    [JZ_SQL_LOAD] = "SELECT epoch, next, chain, seal FROM shard WHERE id=?1",
    [JZ_SQL_SNAP_PUT] =
        "INSERT OR REPLACE INTO snapshot(shard, at, hash, digest, state) VALUES(?1, ?2, ?3, ?4, ?5)",
    [JZ_SQL_SNAP_PRUNE] = "DELETE FROM snapshot WHERE shard=?1 AND at NOT IN"
                          " (SELECT at FROM snapshot WHERE shard=?1 ORDER BY at DESC LIMIT ?2)",
    [JZ_SQL_SNAP_GET] =
        "SELECT at, hash, digest, state FROM snapshot WHERE shard=?1 ORDER BY at DESC LIMIT 1 OFFSET ?2",
};

/* Disk-full has more than one name: a quota, a file-size limit, and the shared-memory file that cannot grow
 * all reach us as an I/O error, told apart by errno, which our callers clear before each step (SQLite's own
 * copy of it stays 0 when a commit fails). A failed fsync is never among them, whatever errno says: the pages
 * may be gone. */
static bool is_no_room(int result, int cause) {
    if (result == SQLITE_IOERR_FSYNC || result == SQLITE_IOERR_DIR_FSYNC) return false;
    return cause == ENOSPC || cause == EDQUOT || cause == EFBIG;
}

enum jz_status jz_sqlite_status(sqlite3 *db, int result) {
    static const struct {
        int result;
        enum jz_status status;
    } rows[] = {
        {SQLITE_OK, JZ_OK},
        {SQLITE_ROW, JZ_OK},
        {SQLITE_DONE, JZ_OK},
        {SQLITE_FULL, JZ_E_STORE_FULL},
        {SQLITE_CORRUPT, JZ_E_STORE_CHAIN},
        {SQLITE_NOTADB, JZ_E_FORMAT},
        {SQLITE_NOMEM, JZ_E_MEMORY},
        {SQLITE_BUSY, JZ_E_STORE_UNKNOWN}, /* the checkpointer holds the log: ask again */
        {SQLITE_LOCKED, JZ_E_STORE_UNKNOWN},
        {SQLITE_CANTOPEN, JZ_E_FILE},
        {SQLITE_READONLY, JZ_E_FILE},
        {SQLITE_PERM, JZ_E_FILE},
        {SQLITE_AUTH, JZ_E_FILE},
        {SQLITE_TOOBIG, JZ_E_STORE_TOO_BIG},
        {SQLITE_ERROR, JZ_E_FORMAT},           /* our own SQL is tested, so the schema is not ours */
        {SQLITE_CONSTRAINT, JZ_E_STORE_CHAIN}, /* a place that should be free is taken */
    };
    int cause = errno;
    int extended = db ? sqlite3_extended_errcode(db) : result;
    if ((result & 0xff) == SQLITE_IOERR) return is_no_room(extended, cause) ? JZ_E_STORE_FULL : JZ_E_STORE_IO;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].result == (result & 0xff)) return rows[i].status;
    return JZ_E_STORE_IO;
}

enum jz_status jz_sqlite_exec(sqlite3 *db, const char *sql) {
    errno = 0;
    return jz_sqlite_status(db, sqlite3_exec(db, sql, NULL, NULL, NULL));
}

enum jz_status jz_sqlite_number(sqlite3 *db, const char *sql, int64_t *out) {
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (result == SQLITE_OK) result = sqlite3_step(statement);
    *out = result == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    enum jz_status status = result == SQLITE_DONE ? JZ_E_FORMAT : jz_sqlite_status(db, result);
    sqlite3_finalize(statement);
    return status;
}

enum jz_status jz_sqlite_prepare(struct jz_sqlite *sqlite, sqlite3 *db, enum jz_sqlite_statement which) {
    return jz_sqlite_status(db, sqlite3_prepare_v3(db, statement_text[which], -1, SQLITE_PREPARE_PERSISTENT,
                                                   &sqlite->statement[which], NULL));
}

enum jz_status jz_sqlite_run(sqlite3_stmt *statement) {
    errno = 0;
    int result = sqlite3_step(statement);
    enum jz_status status = jz_sqlite_status(sqlite3_db_handle(statement), result);
    /* Reset repeats the error of the step; with the step judged, its answer says nothing new. */
    int again = sqlite3_reset(statement);
    return status == JZ_OK ? jz_sqlite_status(sqlite3_db_handle(statement), again) : status;
}

enum jz_status jz_sqlite_seal(struct jz_chain *chain, uint32_t shard, const struct jz_shard_tail *tail,
                              uint8_t seal[32]) {
    uint8_t head[24];
    jz_put_be64(head, shard);
    jz_put_be64(head + 8, tail->epoch);
    jz_put_be64(head + 16, tail->next);
    return jz_chain_digest(chain, head, sizeof head, tail->chain, sizeof tail->chain, seal);
}

enum jz_status jz_sqlite_bind_tail(sqlite3_stmt *statement, uint32_t shard, const struct jz_shard_tail *tail,
                                   const uint8_t seal[32]) {
    int result = sqlite3_bind_int64(statement, 1, shard);
    if (result == SQLITE_OK) result = sqlite3_bind_int64(statement, 2, (int64_t)tail->epoch);
    if (result == SQLITE_OK) result = sqlite3_bind_int64(statement, 3, (int64_t)tail->next);
    if (result == SQLITE_OK) result = sqlite3_bind_blob(statement, 4, tail->chain, 32, SQLITE_STATIC);
    if (result == SQLITE_OK) result = sqlite3_bind_blob(statement, 5, seal, 32, SQLITE_STATIC);
    return jz_sqlite_status(sqlite3_db_handle(statement), result);
}

enum jz_status jz_sqlite_connect(struct jz_sqlite *sqlite, const char *path, sqlite3 **db) {
    const struct jz_hooks *hooks = sqlite->base.hooks;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int result = sqlite3_open_v2(path, db, flags, hooks ? hooks->vfs : NULL);
    if (result == SQLITE_OK) result = sqlite3_extended_result_codes(*db, 1);
    if (result == SQLITE_OK) result = sqlite3_busy_timeout(*db, JZ_SQLITE_BUSY_MS);
    enum jz_status status = jz_sqlite_status(*db, result);
    if (status == JZ_OK)
        status = jz_sqlite_exec(*db, "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;");
    return status;
}

/* Asked for and read back: a build or VFS that refuses would otherwise lose acknowledged records at a power
 * cut. */
static enum jz_status make_durable(sqlite3 *db) {
    static const struct {
        const char *ask;
        const char *sql;
        int64_t answer;
    } rows[] = {
        {"PRAGMA journal_mode=WAL", "SELECT journal_mode='wal' FROM pragma_journal_mode", 1},
        {"PRAGMA synchronous=FULL", "PRAGMA synchronous", 2},
        {"PRAGMA wal_autocheckpoint=0", "PRAGMA wal_autocheckpoint", 0},
    };
    enum jz_status status = JZ_OK;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] && status == JZ_OK; i++) {
        int64_t answer = -1;
        status = jz_sqlite_exec(db, rows[i].ask);
        if (status == JZ_OK) status = jz_sqlite_number(db, rows[i].sql, &answer);
        if (status == JZ_OK && answer != rows[i].answer) status = JZ_E_CONFIG;
    }
    return status;
}

static enum jz_status migrate_one(sqlite3 *db, int64_t version) {
    char mark[64];
    (void)snprintf(mark, sizeof mark, "PRAGMA user_version=%lld; COMMIT", (long long)version + 1);
    enum jz_status status = jz_sqlite_exec(db, "BEGIN IMMEDIATE");
    if (status == JZ_OK) status = jz_sqlite_exec(db, migrations[version]);
    if (status == JZ_OK) status = jz_sqlite_exec(db, mark);
    if (status != JZ_OK && !sqlite3_get_autocommit(db))
        return jz_sqlite_exec(db, "ROLLBACK") == JZ_OK ? status : JZ_E_STORE_IO;
    return status;
}

static enum jz_status migrate(sqlite3 *db) {
    int64_t version = 0, id = 0, tables = 0;
    enum jz_status status = jz_sqlite_number(db, "PRAGMA user_version", &version);
    if (status == JZ_OK) status = jz_sqlite_number(db, "PRAGMA application_id", &id);
    if (status == JZ_OK) status = jz_sqlite_number(db, "SELECT count(*) FROM sqlite_schema", &tables);
    if (status != JZ_OK) return status;
    bool fresh = version == 0 && id == 0 && tables == 0;
    if (!fresh && (id != APPLICATION_ID || version < 1 || version > SCHEMA_VERSION)) return JZ_E_FORMAT;
    for (; version < SCHEMA_VERSION && status == JZ_OK; version++) status = migrate_one(db, version);
    return status;
}

static enum jz_status parse(struct jz_sqlite *sqlite, const char *rest) {
    static const struct {
        const char *query;
        enum jz_commit_mode mode;
    } modes[] = {
        {"", JZ_COMMIT_AUTO},
        {"?commit=auto", JZ_COMMIT_AUTO},
        {"?commit=inline", JZ_COMMIT_INLINE},
        {"?commit=thread", JZ_COMMIT_THREAD},
    };
    size_t bytes = strcspn(rest, "?");
    if (bytes == 0 || bytes + sizeof ".snap" > sizeof sqlite->path) return JZ_E_CONFIG;
    memcpy(sqlite->path, rest, bytes);
    sqlite->path[bytes] = '\0';
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        sqlite->mode = modes[i].mode;
        if (strcmp(rest + bytes, modes[i].query) == 0) return JZ_OK;
    }
    return JZ_E_CONFIG;
}

static void beside(const struct jz_sqlite *sqlite, const char *suffix, char out[JZ_SQLITE_PATH_MAX + 8]) {
    (void)snprintf(out, JZ_SQLITE_PATH_MAX + 8, "%s%s", sqlite->path, suffix);
}

/* The lock is on a file of its own: closing any descriptor of the database would drop SQLite's own locks on
 * it. The database is made here, readable by its owner only; SQLite gives its side files the same mode. */
static enum jz_status lock(struct jz_sqlite *sqlite) {
    char name[JZ_SQLITE_PATH_MAX + 8];
    beside(sqlite, ".lock", name);
    sqlite->lock_fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (sqlite->lock_fd < 0) return JZ_E_FILE;
    if (flock(sqlite->lock_fd, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? JZ_E_STORE_BUSY : JZ_E_FILE;
    int made = open(sqlite->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (made < 0) return JZ_E_FILE;
    return close(made) == 0 ? JZ_OK : JZ_E_FILE;
}

static enum jz_status prepare_all(struct jz_sqlite *sqlite) {
    enum jz_status status = JZ_OK;
    for (enum jz_sqlite_statement i = JZ_SQL_BEGIN; i <= JZ_SQL_LOAD && status == JZ_OK; i++)
        status = jz_sqlite_prepare(sqlite, i < JZ_SQL_ASCENDING ? sqlite->writer : sqlite->reader, i);
    return status;
}

static enum jz_status open_writer(struct jz_sqlite *sqlite) {
    int64_t page_bytes = 0;
    enum jz_status status = jz_sqlite_connect(sqlite, sqlite->path, &sqlite->writer);
    if (status == JZ_OK) status = make_durable(sqlite->writer);
    if (status == JZ_OK) status = migrate(sqlite->writer);
    if (status == JZ_OK) status = jz_sqlite_number(sqlite->writer, "PRAGMA page_size", &page_bytes);
    sqlite->page_bytes = (uint32_t)page_bytes;
    return status;
}

static enum jz_status sqlite_open(struct jz_journal *journal, const char *rest) {
    struct jz_sqlite *sqlite = jz_sqlite_of(journal);
    char wal[JZ_SQLITE_PATH_MAX + 8];
    sqlite->lock_fd = sqlite->committer.epoll_fd = -1;
    enum jz_status status = parse(sqlite, rest);
    if (status == JZ_OK) status = lock(sqlite);
    beside(sqlite, "-wal", wal);
    if (status == JZ_OK) status = jz_sqlite_wal_check(wal);
    if (status == JZ_OK) status = jz_chain_open(&sqlite->chain);
    if (status == JZ_OK) status = open_writer(sqlite);
    if (status == JZ_OK) status = jz_sqlite_connect(sqlite, sqlite->path, &sqlite->reader);
    if (status == JZ_OK) status = prepare_all(sqlite);
    if (status == JZ_OK) status = jz_sqlite_snapshots_open(sqlite);
    if (status == JZ_OK) status = jz_sqlite_checkpointer_start(sqlite);
    if (status == JZ_OK && sqlite->mode != JZ_COMMIT_INLINE) status = jz_sqlite_committer_start(sqlite);
    return status;
}

static void sqlite_close(struct jz_journal *journal) {
    struct jz_sqlite *sqlite = jz_sqlite_of(journal);
    jz_sqlite_committer_stop(sqlite);
    jz_sqlite_checkpointer_stop(sqlite);
    for (int i = 0; i < JZ_SQL_COUNT; i++) sqlite3_finalize(sqlite->statement[i]);
    int results[] = {sqlite3_close(sqlite->reader), sqlite3_close(sqlite->snapshots),
                     sqlite3_close(sqlite->writer)};
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++) assert(results[i] == SQLITE_OK);
    (void)results;
    jz_chain_close(&sqlite->chain);
    if (sqlite->lock_fd >= 0) close(sqlite->lock_fd); /* the lock goes with it, after the last write */
}

static bool column_is(sqlite3_stmt *statement, int column, int bytes) {
    return sqlite3_column_type(statement, column) == SQLITE_BLOB &&
           sqlite3_column_bytes(statement, column) == bytes;
}

static enum jz_status load_row(struct jz_sqlite *sqlite, sqlite3_stmt *row, uint32_t shard,
                               struct jz_shard_tail *out) {
    uint8_t seal[32];
    if (!column_is(row, 2, 32) || !column_is(row, 3, 32)) return JZ_E_STORE_CHAIN;
    struct jz_shard_tail tail = {.epoch = (uint64_t)sqlite3_column_int64(row, 0),
                                 .next = (uint64_t)sqlite3_column_int64(row, 1)};
    memcpy(tail.chain, sqlite3_column_blob(row, 2), sizeof tail.chain);
    enum jz_status status = jz_sqlite_seal(&sqlite->base.chain, shard, &tail, seal);
    if (status != JZ_OK) return status;
    if (memcmp(seal, sqlite3_column_blob(row, 3), sizeof seal) != 0) return JZ_E_STORE_CHAIN;
    *out = tail;
    return JZ_OK;
}

static enum jz_status sqlite_load(struct jz_journal *journal, uint32_t shard, struct jz_shard_tail *out) {
    struct jz_sqlite *sqlite = jz_sqlite_of(journal);
    sqlite3_stmt *statement = sqlite->statement[JZ_SQL_LOAD];
    *out = (struct jz_shard_tail){0};
    int result = sqlite3_bind_int64(statement, 1, shard);
    if (result == SQLITE_OK) result = sqlite3_step(statement);
    enum jz_status status = jz_sqlite_status(sqlite->reader, result);
    if (result == SQLITE_ROW) status = load_row(sqlite, statement, shard, out);
    (void)sqlite3_reset(statement); /* repeats the error of the step, judged above */
    return status;
}

static struct jz_row row_of(sqlite3_stmt *statement) {
    struct jz_row row = {.offset = (uint64_t)sqlite3_column_int64(statement, 0) & JZ_PLACE_OFFSET_MASK};
    if (!column_is(statement, 1, 16) || !column_is(statement, 3, 32)) return row;
    row.key = sqlite3_column_blob(statement, 1);
    row.body = sqlite3_column_blob(statement, 2);
    row.bytes = (uint32_t)sqlite3_column_bytes(statement, 2);
    row.chain = sqlite3_column_blob(statement, 3);
    return row;
}

static enum jz_status sqlite_rows(struct jz_journal *journal, uint32_t shard, uint64_t from, uint64_t end,
                                  bool descending, jz_row_each each, void *context) {
    struct jz_sqlite *sqlite = jz_sqlite_of(journal);
    sqlite3_stmt *statement = sqlite->statement[descending ? JZ_SQL_DESCENDING : JZ_SQL_ASCENDING];
    int64_t base = (int64_t)((uint64_t)shard << JZ_PLACE_SHIFT);
    int result = sqlite3_bind_int64(statement, 1, base | (int64_t)from);
    if (result == SQLITE_OK) result = sqlite3_bind_int64(statement, 2, base | (int64_t)end);
    if (result == SQLITE_OK) result = sqlite3_step(statement);
    for (; result == SQLITE_ROW; result = sqlite3_step(statement)) {
        struct jz_row row = row_of(statement);
        if (!each(context, &row)) break;
    }
    enum jz_status status = jz_sqlite_status(sqlite->reader, result);
    (void)sqlite3_reset(statement); /* repeats the error of the step, judged above */
    return status;
}

static int sqlite_fd(const struct jz_journal *journal) {
    return ((const struct jz_sqlite *)journal)->committer.epoll_fd;
}

const struct jz_engine jz_engine_sqlite = {
    .scheme = "sqlite:",
    .bytes = sizeof(struct jz_sqlite),
    .open = sqlite_open,
    .close = sqlite_close,
    .load = sqlite_load,
    .take = jz_sqlite_take,
    .commit = jz_sqlite_commit,
    .poll = jz_sqlite_poll,
    .rows = sqlite_rows,
    .snapshot_put = jz_sqlite_snapshot_put,
    .snapshot_get = jz_sqlite_snapshot_get,
    .fd = sqlite_fd,
};
