/* SPDX-License-Identifier: Apache-2.0 */
#include "hasher.h"

#include <ev.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct job_list {
    struct hash_job *first, **end;
};
struct hasher {
    pthread_mutex_t lock;
    pthread_cond_t work;
    pthread_t thread[HASHER_THREADS];
    uint32_t threads, waiting;
    bool stop;
    struct job_list todo, finished;
    struct ev_loop *loop;
    ev_async wake;
    hasher_done done;
    void *context;
};

static void put(struct job_list *list, struct hash_job *job) {
    job->next = NULL;
    *list->end = job;
    list->end = &job->next;
}

static struct hash_job *take(struct job_list *list) {
    struct hash_job *job = list->first;
    if (!job) return NULL;
    list->first = job->next;
    if (!list->first) list->end = &list->first;
    return job;
}

void hash_job_free(struct hash_job *job) {
    if (!job) return;
    OPENSSL_cleanse(job, sizeof *job);
    free(job);
}

static struct hash_job *next_job(struct hasher *h) {
    pthread_mutex_lock(&h->lock);
    while (!h->stop && !h->todo.first) pthread_cond_wait(&h->work, &h->lock);
    struct hash_job *job = h->stop ? NULL : take(&h->todo);
    if (job) h->waiting--;
    pthread_mutex_unlock(&h->lock);
    return job;
}

static void *worker(void *arg) {
    struct hasher *h = arg;
    for (struct hash_job *job = next_job(h); job; job = next_job(h)) {
        job->matches = jz_password_matches(job->hash, job->password, strlen(job->password));
        OPENSSL_cleanse(job->password, sizeof job->password);
        pthread_mutex_lock(&h->lock);
        put(&h->finished, job);
        pthread_mutex_unlock(&h->lock);
        ev_async_send(h->loop, &h->wake);
    }
    return NULL;
}

static struct hash_job *take_finished(struct hasher *h) {
    pthread_mutex_lock(&h->lock);
    struct hash_job *job = take(&h->finished);
    pthread_mutex_unlock(&h->lock);
    return job;
}

static void on_wake(struct ev_loop *loop, ev_async *wake, int events) {
    (void)loop, (void)events;
    struct hasher *h = wake->data;
    for (struct hash_job *job = take_finished(h); job; job = take_finished(h)) h->done(h->context, job);
}

enum jz_status hasher_open(struct hasher **hasher, struct ev_loop *loop, hasher_done done, void *context) {
    *hasher = NULL;
    struct hasher *h = calloc(1, sizeof *h);
    if (!h) return JZ_E_MEMORY;
    h->todo.end = &h->todo.first;
    h->finished.end = &h->finished.first;
    h->loop = loop;
    h->done = done;
    h->context = context;
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->work, NULL);
    ev_async_init(&h->wake, on_wake);
    h->wake.data = h;
    ev_async_start(loop, &h->wake);
    while (h->threads < HASHER_THREADS && pthread_create(&h->thread[h->threads], NULL, worker, h) == 0)
        h->threads++;
    if (h->threads == HASHER_THREADS) {
        *hasher = h;
        return JZ_OK;
    }
    hasher_close(h);
    return JZ_E_MEMORY;
}

void hasher_close(struct hasher *h) {
    if (!h) return;
    pthread_mutex_lock(&h->lock);
    h->stop = true;
    pthread_cond_broadcast(&h->work);
    pthread_mutex_unlock(&h->lock);
    for (uint32_t i = 0; i < h->threads; i++) pthread_join(h->thread[i], NULL);
    for (struct hash_job *job = take(&h->todo); job; job = take(&h->todo)) hash_job_free(job);
    for (struct hash_job *job = take(&h->finished); job; job = take(&h->finished)) hash_job_free(job);
    ev_async_stop(h->loop, &h->wake);
    pthread_cond_destroy(&h->work);
    pthread_mutex_destroy(&h->lock);
    free(h);
}

bool hasher_submit(struct hasher *h, struct hash_job *job) {
    pthread_mutex_lock(&h->lock);
    bool room = h->waiting < HASHER_WAITING_MAX;
    if (room) {
        put(&h->todo, job);
        h->waiting++;
        pthread_cond_signal(&h->work);
    }
    pthread_mutex_unlock(&h->lock);
    return room;
}
