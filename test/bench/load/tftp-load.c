/* Plays many TFTP clients that read one file (RFC 1350, options of RFC 2347, 2348 and 7440).
 *
 *   -s SERVER -f NAME   the file, on port 69
 *   -l PATH             the same file here: every octet is compared; without it ERROR 1 is wanted
 *   -c N -n N           transfers at once, and in all; a finished one starts the next
 *   -b N -w N           blksize and windowsize that are asked for; 0: not
 *   -t SECONDS          begins none after that time, and lets those that run come to their end: what
 *                       a server still repeated would reach the next run on the same ports
 *
 * A socket for each transfer, as phones have one each. Who hears nothing for a second repeats what
 * it sent last, at most five times, and counts it. A block that came before is not acknowledged
 * again. Prints one JSON object.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "load.h"

#define TFTP_PORT 69
#define DEFAULT_BLOCK 512
#define REPEAT_AFTER_US 1000000
#define MAX_REPEATS 5
#define SCAN_EVERY_US 20000
/* What still runs so long after the last one was begun has failed. */
#define END_WITHIN_US 20000000
#define RECEIVE_BUFFER_BYTES (1 << 20)
#define EVENTS 256

enum { RRQ = 1, DATA = 3, ACK = 4, ERROR = 5, OACK = 6 };
enum { FILE_NOT_FOUND = 1 };

typedef struct {
    int descriptor; /* -1: idle */
    int is_connected, repeats, in_window;
    size_t block_size, window_size, offset;
    uint32_t block; /* the next one, without wrapping */
    uint64_t begun_us, heard_us;
    size_t sent_length;
    uint8_t sent[256];
} Transfer;

static struct sockaddr_in server = { .sin_family = AF_INET };
static const char *name = "";
static const uint8_t *wanted;
static size_t wanted_length;
static int is_absent = 1, epoll;
static long block_size, window_size;

static long started, served, failed, repeated, duplicates, gaps, wrong, blocks;
static uint64_t received_bytes;
static size_t granted_block = DEFAULT_BLOCK, granted_window = 1;
static Times transfer_times;

static void send_last(Transfer *transfer)
{
    const struct sockaddr *to = transfer->is_connected ? NULL : (struct sockaddr *)&server;
    /* Where it does not leave, the clock brings it again. */
    (void)!sendto(transfer->descriptor, transfer->sent, transfer->sent_length, 0, to,
                  to == NULL ? 0 : sizeof server);
}

static void acknowledge(Transfer *transfer, uint32_t block)
{
    uint8_t packet[4] = { 0, ACK, (uint8_t)(block >> 8), (uint8_t)block };
    memcpy(transfer->sent, packet, sizeof packet);
    transfer->sent_length = sizeof packet;
    transfer->in_window = 0;
    send_last(transfer);
}

static void add_text(Transfer *transfer, const char *text)
{
    size_t length = strlen(text) + 1;
    memcpy(transfer->sent + transfer->sent_length, text, length);
    transfer->sent_length += length;
}

static void add_option(Transfer *transfer, const char *option, long value)
{
    char digits[24];
    if (value == 0) return;
    snprintf(digits, sizeof digits, "%ld", value);
    add_text(transfer, option);
    add_text(transfer, digits);
}

static void begin(Transfer *transfer)
{
    int bytes = RECEIVE_BUFFER_BYTES;
    *transfer = (Transfer){ .block_size = DEFAULT_BLOCK, .window_size = 1, .block = 1 };
    transfer->descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    if (transfer->descriptor < 0) fail("socket");
    if (window_size > 1)
        setsockopt(transfer->descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = transfer };
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, transfer->descriptor, &event) < 0) fail("epoll_ctl");
    transfer->sent[1] = RRQ;
    transfer->sent_length = 2;
    add_text(transfer, name);
    add_text(transfer, "octet");
    add_option(transfer, "blksize", block_size);
    add_option(transfer, "windowsize", window_size);
    transfer->begun_us = transfer->heard_us = now_us();
    started++;
    send_last(transfer);
}

static void end(Transfer *transfer, int is_served)
{
    close(transfer->descriptor);
    transfer->descriptor = -1;
    if (is_served) {
        served++;
        note(&transfer_times, now_us() - transfer->begun_us);
    } else failed++;
}

/* What was granted; what the server left out stays as it is without options. */
static void read_grant(Transfer *transfer, const char *text, size_t length)
{
    for (const char *end_of = text + length; text < end_of;) {
        const char *value = text + strnlen(text, end_of - text) + 1;
        if (value >= end_of) return;
        size_t number = strtoul(value, NULL, 10);
        if (strcasecmp(text, "blksize") == 0 && number >= 8 && number <= 65464)
            transfer->block_size = number;
        if (strcasecmp(text, "windowsize") == 0 && number >= 1 && number <= 65535)
            transfer->window_size = number;
        text = value + strnlen(value, end_of - value) + 1;
    }
    granted_block = transfer->block_size;
    granted_window = transfer->window_size;
}

static void on_data(Transfer *transfer, uint16_t number, const uint8_t *octets, size_t length)
{
    int16_t ahead = (int16_t)(number - (uint16_t)transfer->block);
    if (ahead < 0) {
        duplicates++;
        return;
    }
    if (ahead > 0) {
        /* RFC 7440 section 4: the last one in sequence is acknowledged, and the window begins again. */
        gaps++;
        return acknowledge(transfer, transfer->block - 1);
    }
    if (length > transfer->block_size || transfer->offset + length > wanted_length ||
        memcmp(wanted + transfer->offset, octets, length) != 0) {
        wrong++;
        return end(transfer, 0);
    }
    int is_last = length < transfer->block_size;
    blocks++;
    received_bytes += length;
    transfer->offset += length;
    transfer->block++;
    if (is_last || ++transfer->in_window >= (int)transfer->window_size)
        acknowledge(transfer, number);
    if (is_last) {
        int is_whole = transfer->offset == wanted_length;
        if (!is_whole) wrong++;
        end(transfer, is_whole);
    }
}

static void on_packet(Transfer *transfer, const uint8_t *bytes, size_t length)
{
    uint16_t code = bytes[0] << 8 | bytes[1], number = bytes[2] << 8 | bytes[3];
    transfer->heard_us = now_us();
    transfer->repeats = 0;
    if (code == ERROR) return end(transfer, is_absent && number == FILE_NOT_FOUND);
    if (code == OACK && transfer->block == 1) {
        read_grant(transfer, (const char *)bytes + 2, length - 2);
        return acknowledge(transfer, 0);
    }
    if (code == DATA && !is_absent) return on_data(transfer, number, bytes + 4, length - 4);
    wrong++;
    end(transfer, 0);
}

/* The port that answers first is the one that the transfer stays with (RFC 1350 section 4). */
static ssize_t take(Transfer *transfer, uint8_t *bytes, size_t size)
{
    struct sockaddr_in from;
    socklen_t length = sizeof from;
    if (transfer->is_connected) return recv(transfer->descriptor, bytes, size, 0);
    ssize_t taken = recvfrom(transfer->descriptor, bytes, size, 0, (struct sockaddr *)&from, &length);
    if (taken < 0) return taken;
    if (connect(transfer->descriptor, (struct sockaddr *)&from, length) < 0) fail("connect");
    transfer->is_connected = 1;
    return taken;
}

/* As many as a window holds; one where each block is acknowledged. */
static void receive(Transfer *transfer)
{
    static uint8_t bytes[65536];
    size_t most = transfer->window_size;
    for (size_t count = 0; count < most && transfer->descriptor >= 0; count++) {
        ssize_t length = take(transfer, bytes, sizeof bytes);
        if (length < 0) return;
        if (length >= 4) on_packet(transfer, bytes, length);
    }
}

static void repeat(Transfer *transfer, uint64_t at_us)
{
    if (transfer->descriptor < 0 || at_us < transfer->heard_us + REPEAT_AFTER_US) return;
    if (transfer->repeats++ == MAX_REPEATS) return end(transfer, 0);
    repeated++;
    transfer->heard_us = at_us;
    if (transfer->block > 1) acknowledge(transfer, transfer->block - 1);
    else send_last(transfer);
}

static void open_wanted(const char *path)
{
    struct stat about;
    int file = open(path, O_RDONLY);
    if (file < 0 || fstat(file, &about) < 0) fail(path);
    wanted_length = about.st_size;
    wanted = mmap(NULL, wanted_length, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    if (wanted == MAP_FAILED) fail(path);
    is_absent = 0;
}

static void allow_sockets(long count)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if ((rlim_t)count + 16 > limit.rlim_cur) fail("open files");
}

static void begin_next(Transfer *transfer, long total, int is_time)
{
    if (transfer->descriptor < 0 && started < total && is_time) begin(transfer);
}

static void run(Transfer *transfers, long at_once, long total, long seconds)
{
    struct epoll_event events[EVENTS];
    uint64_t at_us = now_us(), until_us = at_us + seconds * 1000000ULL, scanned_us = at_us;
    for (long i = 0; i < at_once; i++) {
        transfers[i].descriptor = -1;
        begin_next(&transfers[i], total, 1);
    }
    for (; at_us < until_us + END_WITHIN_US; at_us = now_us()) {
        int is_time = at_us < until_us;
        if (served + failed == (is_time ? total : started)) return;
        int count = epoll_wait(epoll, events, EVENTS, 20);
        for (int i = 0; i < count; i++) {
            Transfer *transfer = events[i].data.ptr;
            receive(transfer);
            begin_next(transfer, total, is_time);
        }
        if (at_us < scanned_us + SCAN_EVERY_US) continue;
        scanned_us = at_us;
        for (long i = 0; i < at_once; i++) {
            repeat(&transfers[i], at_us);
            begin_next(&transfers[i], total, is_time);
        }
    }
}

int main(int argc, char **argv)
{
    long at_once = 1, total = 1, seconds = 10;
    for (int option; (option = getopt(argc, argv, "s:f:l:c:n:b:w:t:")) != -1;) switch (option) {
        case 's': if (!inet_aton(optarg, &server.sin_addr)) fail(optarg); break;
        case 'f': name = optarg; break;
        case 'l': open_wanted(optarg); break;
        case 'c': at_once = number("c", optarg, 1, 10000); break;
        case 'n': total = number("n", optarg, 1, 1000000); break;
        case 'b': block_size = number("b", optarg, 8, 65464); break;
        case 'w': window_size = number("w", optarg, 1, 65535); break;
        case 't': seconds = number("t", optarg, 1, MAX_SECONDS); break;
        default: return 2;
    }
    if (server.sin_addr.s_addr == 0 || *name == 0 || strlen(name) > 100) {
        fprintf(stderr, "wanted -s, and -f with at most 100 characters\n");
        return 2;
    }
    server.sin_port = htons(TFTP_PORT);
    allow_sockets(at_once);
    epoll = epoll_create1(0);
    transfer_times = times_for(total);
    Transfer *transfers = zeroed(at_once, sizeof *transfers);
    uint64_t begun_us = now_us();
    double used = processor_seconds();
    run(transfers, at_once, total, seconds);
    double took = (now_us() - begun_us) / 1e6;
    used = processor_seconds() - used;
    failed += started - served - failed;
    printf("{\"seconds\":%.6f,\"processorSeconds\":%.6f,\"served\":%ld,\"failed\":%ld,\"bytes\":%lu,"
           "\"blocks\":%ld,\"repeated\":%ld,\"duplicates\":%ld,\"gaps\":%ld,\"wrong\":%ld,"
           "\"blockSize\":%zu,\"windowSize\":%zu,", took, used, served, failed, received_bytes, blocks,
           repeated, duplicates, gaps, wrong, granted_block, granted_window);
    print_times("transferMs", &transfer_times);
    printf("}\n");
    return 0;
}
