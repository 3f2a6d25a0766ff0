/* SPDX-License-Identifier: Apache-2.0 */
/** @file guiyang.h  The project's own directory and road graph, as the server would load them. */
#ifndef GUIYANG_H
#define GUIYANG_H
#include <stdbool.h>
#include <stddef.h>

#include "directory.h"
#include "travel.h"

/** Reads a file below server/routing/data; fails the test where it cannot. Free with free(). */
char *data_file(const char *name, size_t *bytes);
/** The shipped directory; static storage, valid until the next call. */
const struct jz_directory *guiyang_directory(bool simulation);
/** The shipped graph for a directory. Free with jz_roads_free. */
struct jz_roads *guiyang_roads(const struct jz_directory *directory);
/** Index of a facility by id; fails the test where there is none. */
uint32_t facility_index(const struct jz_directory *directory, const char *id);

#endif /* GUIYANG_H */
