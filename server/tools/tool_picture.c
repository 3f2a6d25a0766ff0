/* SPDX-License-Identifier: Apache-2.0 */
#include "tool_picture.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATH_BYTES 1024u
#define PNG_DPI "200" /* a millimetre is 7.9 points: the 1 mm grid stays visible */

static bool ends_in(const char *path, const char *ending) {
    size_t bytes = strlen(path), tail = strlen(ending);
    return bytes > tail && strcasecmp(path + bytes - tail, ending) == 0;
}

bool jz_picture_name(const char *path) {
    if ((ends_in(path, ".svg") || ends_in(path, ".png")) && strlen(path) + 16 < PATH_BYTES) return true;
    fprintf(stderr, "'%s' of --draw ends neither in .svg nor in .png\n", path);
    return false;
}

static void write_file(void *out, const char *text, size_t bytes) {
    fwrite(text, 1, bytes, out);
}

static bool draw_svg(const char *path, jz_picture_draw *draw, const void *context) {
    FILE *file = fopen(path, "we");
    if (!file) return fprintf(stderr, "%s: %s\n", path, strerror(errno)), false;
    enum jz_status status = draw(context, write_file, file);
    bool whole = !ferror(file);
    whole = fclose(file) == 0 && whole;
    if (status != JZ_OK)
        fprintf(stderr, "%s: cannot be drawn: %s\n", path, jz_status_text(status));
    else if (!whole)
        fprintf(stderr, "%s: cannot be written; is the disk full?\n", path);
    return status == JZ_OK && whole;
}

/* The converter is asked with its own arguments, never through a shell. */
static bool convert(const char *svg, const char *png) {
    char *arguments[] = {"rsvg-convert", "--unlimited", "--dpi-x",   PNG_DPI,     "--dpi-y",
                         PNG_DPI,        "--output",    (char *)png, (char *)svg, NULL};
    pid_t child;
    int status = 0;
    int error = posix_spawnp(&child, arguments[0], NULL, NULL, arguments, environ);
    if (error == 0)
        while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    bool missing = error == ENOENT || (error == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 127);
    if (missing)
        fprintf(stderr,
                "%s: no rsvg-convert on this machine; install Debian's librsvg2-bin, or draw to a .svg\n",
                png);
    else if (error != 0)
        fprintf(stderr, "%s: rsvg-convert cannot be started: %s\n", png, strerror(error));
    else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fprintf(stderr, "%s: rsvg-convert could not make it; see its words above\n", png);
    else
        return true;
    return false;
}

bool jz_picture(const char *path, jz_picture_draw *draw, const void *context) {
    char svg[PATH_BYTES + 16], png[PATH_BYTES + 16];
    bool as_png = ends_in(path, ".png");
    snprintf(svg, sizeof svg, "%s.part.svg", path);
    snprintf(png, sizeof png, "%s.part.png", path);
    bool good = draw_svg(svg, draw, context) && (!as_png || convert(svg, png));
    if (good && rename(as_png ? png : svg, path) != 0) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        good = false;
    }
    unlink(svg);
    unlink(png);
    return good;
}
