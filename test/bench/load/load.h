/* What both load generators need: a clock, numbers from the command line, percentiles. */
#ifndef LOAD_H
#define LOAD_H

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* No run lasts longer, whatever is asked for. */
#define MAX_SECONDS 600

static void fail(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, errno ? strerror(errno) : "not a value that is taken");
    exit(2);
}

static uint64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Processor time of this program so far, user and system. */
static double processor_seconds(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return used.tv_sec + used.tv_nsec / 1e9;
}

/* A whole number within bounds, or the end. */
static long number(const char *name, const char *text, long low, long high)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno == 0 && end != text && *end == 0 && value >= low && value <= high) return value;
    fprintf(stderr, "-%s %s: wanted a whole number from %ld to %ld\n", name, text, low, high);
    exit(2);
}

static void *zeroed(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    if (memory == NULL) fail("calloc");
    return memory;
}

/* Times that were measured, in microseconds. */
typedef struct {
    uint32_t *us;
    size_t count;
} Times;

static Times times_for(size_t count)
{
    return (Times){ zeroed(count, sizeof(uint32_t)), 0 };
}

static void note(Times *times, uint64_t us)
{
    times->us[times->count++] = us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
}

static int by_size(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return left < right ? -1 : left > right;
}

/* Prints `"name":{"p50":..,"p99":..,"max":..}` in milliseconds; nothing measured is null. */
static void print_times(const char *name, Times *times)
{
    size_t count = times->count;
    if (count == 0) {
        printf("\"%s\":null", name);
        return;
    }
    qsort(times->us, count, sizeof(uint32_t), by_size);
    double p50 = times->us[(count - 1) / 2] / 1e3;
    double p99 = times->us[(size_t)((count - 1) * 0.99)] / 1e3;
    printf("\"%s\":{\"p50\":%.3f,\"p99\":%.3f,\"max\":%.3f}", name, p50, p99,
           times->us[count - 1] / 1e3);
}

#endif
