/* SPDX-License-Identifier: Apache-2.0 */
/** @file faulty_vfs.h  An SQLite VFS that fails the nth write or sync, and from then on every one if asked
 *  to. */
#ifndef JZ_FAULTY_VFS_H
#define JZ_FAULTY_VFS_H
#include <sqlite3.h>
#include <stdatomic.h>
#include <string.h>

struct faulty {
    sqlite3_file base;
    sqlite3_file *real;
    sqlite3_io_methods methods;
};
enum faulty_kind { FAULTY_WRITE, FAULTY_SYNC };
static struct {
    atomic_int countdown[2];
    int result[2];
    bool lasting;
    atomic_int hits;
} faulty_plan;

static int faulty_asks(enum faulty_kind kind) {
    int left = atomic_fetch_sub(&faulty_plan.countdown[kind], 1);
    bool fails = left == 1 || (faulty_plan.lasting && left <= 1 && left > -1000000);
    if (fails) atomic_fetch_add(&faulty_plan.hits, 1);
    return fails ? faulty_plan.result[kind] : SQLITE_OK;
}

static sqlite3_file *faulty_real(sqlite3_file *file) {
    return ((struct faulty *)file)->real;
}
#define PASS(name, parameters, arguments)                                                                    \
    static int faulty_##name parameters {                                                                    \
        return faulty_real(file)->pMethods->name arguments;                                                  \
    }
PASS(xClose, (sqlite3_file * file), (faulty_real(file)))
PASS(xRead, (sqlite3_file * file, void *to, int count, sqlite3_int64 at), (faulty_real(file), to, count, at))
PASS(xTruncate, (sqlite3_file * file, sqlite3_int64 size), (faulty_real(file), size))
PASS(xFileSize, (sqlite3_file * file, sqlite3_int64 *size), (faulty_real(file), size))
PASS(xLock, (sqlite3_file * file, int level), (faulty_real(file), level))
PASS(xUnlock, (sqlite3_file * file, int level), (faulty_real(file), level))
PASS(xCheckReservedLock, (sqlite3_file * file, int *out), (faulty_real(file), out))
PASS(xFileControl, (sqlite3_file * file, int op, void *argument), (faulty_real(file), op, argument))
PASS(xSectorSize, (sqlite3_file * file), (faulty_real(file)))
PASS(xDeviceCharacteristics, (sqlite3_file * file), (faulty_real(file)))
PASS(xShmMap, (sqlite3_file * file, int page, int size, int extend, void volatile **out),
     (faulty_real(file), page, size, extend, out))
PASS(xShmLock, (sqlite3_file * file, int offset, int n, int flags), (faulty_real(file), offset, n, flags))
PASS(xShmUnmap, (sqlite3_file * file, int gone), (faulty_real(file), gone))
static void faulty_xShmBarrier(sqlite3_file *file) {
    faulty_real(file)->pMethods->xShmBarrier(faulty_real(file));
}

static int faulty_xWrite(sqlite3_file *file, const void *from, int count, sqlite3_int64 at) {
    int result = faulty_asks(FAULTY_WRITE);
    return result ? result : faulty_real(file)->pMethods->xWrite(faulty_real(file), from, count, at);
}

static int faulty_xSync(sqlite3_file *file, int flags) {
    int result = faulty_asks(FAULTY_SYNC);
    return result ? result : faulty_real(file)->pMethods->xSync(faulty_real(file), flags);
}

static sqlite3_vfs *faulty_below;

static int faulty_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
    (void)vfs;
    struct faulty *faulty = (struct faulty *)file;
    faulty->real = (sqlite3_file *)(faulty + 1);
    faulty->base.pMethods = NULL;
    int result = faulty_below->xOpen(faulty_below, name, faulty->real, flags, out);
    if (result != SQLITE_OK) return result;
    faulty->methods = (sqlite3_io_methods){.iVersion = 2,
                                           .xClose = faulty_xClose,
                                           .xRead = faulty_xRead,
                                           .xWrite = faulty_xWrite,
                                           .xTruncate = faulty_xTruncate,
                                           .xSync = faulty_xSync,
                                           .xFileSize = faulty_xFileSize,
                                           .xLock = faulty_xLock,
                                           .xUnlock = faulty_xUnlock,
                                           .xCheckReservedLock = faulty_xCheckReservedLock,
                                           .xFileControl = faulty_xFileControl,
                                           .xSectorSize = faulty_xSectorSize,
                                           .xDeviceCharacteristics = faulty_xDeviceCharacteristics,
                                           .xShmMap = faulty_xShmMap,
                                           .xShmLock = faulty_xShmLock,
                                           .xShmBarrier = faulty_xShmBarrier,
                                           .xShmUnmap = faulty_xShmUnmap};
    faulty->base.pMethods = &faulty->methods;
    return SQLITE_OK;
}

static int faulty_register(void) {
    static sqlite3_vfs vfs;
    faulty_below = sqlite3_vfs_find(NULL);
    vfs = *faulty_below;
    vfs.zName = "faulty";
    vfs.szOsFile = faulty_below->szOsFile + (int)sizeof(struct faulty);
    vfs.xOpen = faulty_open;
    return sqlite3_vfs_register(&vfs, 0);
}

/* nth 0: nothing fails. */
static void faulty_set(enum faulty_kind kind, int result, int nth, bool lasting) {
    faulty_plan.result[kind] = result;
    faulty_plan.lasting = lasting;
    atomic_store(&faulty_plan.countdown[kind == FAULTY_WRITE ? FAULTY_SYNC : FAULTY_WRITE], -1000000);
    atomic_store(&faulty_plan.countdown[kind], nth > 0 ? nth : -1000000);
}

#endif /* JZ_FAULTY_VFS_H */
