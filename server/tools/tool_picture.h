/* SPDX-License-Identifier: Apache-2.0 */
/** @file tool_picture.h  A drawing as a file: SVG, or PNG by Debian's rsvg-convert in a process of its own. */
#ifndef JZ_TOOL_PICTURE_H
#define JZ_TOOL_PICTURE_H
#include <stdbool.h>

#include "jingzhu/draw.h"

/** Draws into `write`. */
typedef enum jz_status jz_picture_draw(const void *context, jz_svg_write *write, void *out);

/** Whether the name ends in .svg or .png; says on standard error what does not. */
bool jz_picture_name(const char *path);
/** Makes the file; says on standard error what failed and the cure. A file that was there is replaced only when the
 *  drawing is whole. */
bool jz_picture(const char *path, jz_picture_draw *draw, const void *context);

#endif /* JZ_TOOL_PICTURE_H */
