/* SPDX-License-Identifier: Apache-2.0 */
#include "http_stage.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void hang_up(struct ev_loop *loop, ev_io *io) {
    ev_io_stop(loop, io);
    close(io->fd);
}

static bool whole(const char *request) {
    const char *head_end = strstr(request, "\r\n\r\n"), *length = strstr(request, "Content-Length: ");
    size_t body = length ? strtoul(length + strlen("Content-Length: "), NULL, 10) : 0;
    return head_end && strlen(head_end + 4) >= body;
}

static void on_request(struct ev_loop *loop, ev_io *io, int events) {
    struct http_stage *stage = io->data;
    (void)events;
    char *to = stage->request + stage->request_bytes;
    ssize_t got = recv(io->fd, to, sizeof stage->request - stage->request_bytes - 1, 0);
    if (got <= 0) {
        hang_up(loop, io);
        return;
    }
    stage->request_bytes += (size_t)got;
    stage->request[stage->request_bytes] = '\0';
    if (!whole(to) || !stage->reply) return;
    for (size_t sent = 0, all = strlen(stage->reply); sent < all;) {
        ssize_t n = send(io->fd, stage->reply + sent, all - sent, MSG_NOSIGNAL);
        if (n <= 0) break; /* the client had enough */
        sent += (size_t)n;
    }
    hang_up(loop, io);
}

static void on_connection(struct ev_loop *loop, ev_io *io, int events) {
    struct http_stage *stage = io->data;
    (void)events;
    int fd = accept(io->fd, NULL, NULL);
    if (fd < 0 || stage->connections == STAGE_CONNECTIONS_MAX) abort();
    ev_io *connection = &stage->connection[stage->connections++];
    ev_io_init(connection, on_request, fd, EV_READ);
    connection->data = stage;
    ev_io_start(loop, connection);
}

bool stage_open(struct http_stage *stage) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t bytes = sizeof at;
    memset(stage, 0, sizeof *stage);
    stage->loop = ev_loop_new(EVFLAG_AUTO);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (!stage->loop || bind(fd, (struct sockaddr *)&at, sizeof at) || listen(fd, STAGE_CONNECTIONS_MAX))
        return false;
    getsockname(fd, (struct sockaddr *)&at, &bytes);
    snprintf(stage->base, sizeof stage->base, "http://127.0.0.1:%u", ntohs(at.sin_port));
    ev_io_init(&stage->listener, on_connection, fd, EV_READ);
    stage->listener.data = stage;
    ev_io_start(stage->loop, &stage->listener);
    return true;
}

void stage_deafen(struct http_stage *stage) {
    if (ev_is_active(&stage->listener)) hang_up(stage->loop, &stage->listener);
}

void stage_close(struct http_stage *stage) {
    for (uint32_t i = 0; i < stage->connections; i++)
        if (ev_is_active(&stage->connection[i])) hang_up(stage->loop, &stage->connection[i]);
    stage_deafen(stage);
    ev_loop_destroy(stage->loop);
}

static void give_up(struct ev_loop *loop, ev_timer *timer, int events) {
    (void)timer, (void)events;
    ev_break(loop, EVBREAK_ALL);
}

bool stage_wait(struct http_stage *stage, const uint32_t *count, uint32_t wanted) {
    ev_timer limit;
    ev_timer_init(&limit, give_up, STAGE_WAIT_S, 0.0);
    ev_timer_start(stage->loop, &limit);
    while (*count < wanted && ev_is_active(&limit)) ev_run(stage->loop, EVRUN_ONCE);
    ev_timer_stop(stage->loop, &limit);
    return *count == wanted;
}
