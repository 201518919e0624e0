/* Plays many DHCP clients: DISCOVER, OFFER, REQUEST, ACK, each exchange once and without a repeat.
 *
 *   -m relay|direct   by a relay agent (giaddr ours, port 67), or broadcast (giaddr 0, port 68)
 *   -i NAME -a OWN -s SERVER   interface, our address on it, the server's
 *   -c N              exchanges outstanding; a finished one starts the next
 *   -r N              at most N exchanges started a second; 0: as many as -c allows
 *   -n N              exchanges in all
 *   -f N -k N         number of the first client, and how many there are: after them the first
 *                     one comes again
 *   -t SECONDS        stops by itself after that time
 *
 * Of every reply, transaction and hardware address are compared, the ACK has to confirm the offer,
 * and no two clients may hold one address. Prints one JSON object. In C, because client and server
 * share the processors: a client that costs more than the server would measure itself.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load.h"

#define MAX_OUTSTANDING 4096
#define BATCH 64
#define MESSAGE_BYTES 300
#define OPTIONS_AT 240
/* A message that is not answered within this time is lost. */
#define LOST_AFTER_US 1000000
#define SCAN_EVERY_US 20000
#define RECEIVE_BUFFER_BYTES (8 << 20)

enum { DISCOVER = 1, OFFER = 2, REQUEST = 3, ACK = 5, NAK = 6 };

typedef enum { IDLE, DISCOVERING, REQUESTING } Stage;

typedef struct {
    Stage stage;
    uint32_t xid;
    uint32_t client;
    uint32_t address; /* offered, network order */
    uint32_t server;  /* option 54, network order */
    uint64_t sent_us;
} Exchange;

static int is_direct, descriptor;
static struct in_addr own;
static struct sockaddr_in to = { .sin_family = AF_INET };

static long total, started, acknowledged, lost, refused, wrong, strays;
static Times offer_times, ack_times;
/* Who holds an address, by its last 16 bits: the client's number and one, 0 for nobody. */
static uint32_t holders[65536];

static int is_mac_of(const uint8_t *mac, uint32_t client)
{
    uint32_t number = htonl(client);
    return mac[0] == 0x02 && mac[1] == 0x0c && memcmp(mac + 2, &number, 4) == 0;
}

static void write_mac(uint8_t *mac, uint32_t client)
{
    uint32_t number = htonl(client);
    mac[0] = 0x02;
    mac[1] = 0x0c;
    memcpy(mac + 2, &number, 4);
}

static uint8_t *add_option(uint8_t *at, uint8_t code, const void *value, uint8_t length)
{
    at[0] = code;
    at[1] = length;
    memcpy(at + 2, value, length);
    return at + 2 + length;
}

/* What a 7960 sends, its parameter list included (RFC 2131 section 2). */
static void send_message(Exchange *exchange, uint8_t type)
{
    static const uint8_t parameters[] = { 1, 3, 6, 15, 42, 66, 150 };
    static const char vendor_class[] = "Cisco Systems, Inc. IP Phone 7960";
    uint8_t message[512] = { 1, 1, 6, is_direct ? 0 : 1 };
    uint8_t identifier[7] = { 1 };
    uint32_t xid = htonl(exchange->xid);
    memcpy(message + 4, &xid, 4);
    if (is_direct) message[10] = 0x80;
    else memcpy(message + 24, &own, 4);
    write_mac(message + 28, exchange->client);
    write_mac(identifier + 1, exchange->client);
    memcpy(message + 236, "\x63\x82\x53\x63", 4);
    uint8_t *at = add_option(message + OPTIONS_AT, 53, &type, 1);
    if (type == REQUEST) {
        at = add_option(at, 50, &exchange->address, 4);
        at = add_option(at, 54, &exchange->server, 4);
    }
    at = add_option(at, 61, identifier, sizeof identifier);
    at = add_option(at, 55, parameters, sizeof parameters);
    at = add_option(at, 60, vendor_class, sizeof vendor_class - 1);
    *at++ = 255;
    size_t length = at - message < MESSAGE_BYTES ? MESSAGE_BYTES : at - message;
    if (sendto(descriptor, message, length, 0, (struct sockaddr *)&to, sizeof to) < 0) fail("sendto");
    exchange->sent_us = now_us();
}

/* Finds message type and server identifier; 0 where a reply has no type. */
static uint8_t read_type(const uint8_t *message, size_t length, uint32_t *server)
{
    uint8_t type = 0;
    for (size_t at = OPTIONS_AT; at + 1 < length && message[at] != 255;) {
        size_t size = message[at + 1];
        if (message[at] == 0) {
            at++;
            continue;
        }
        if (at + 2 + size > length) return 0;
        if (message[at] == 53 && size == 1) type = message[at + 2];
        if (message[at] == 54 && size == 4) memcpy(server, message + at + 2, 4);
        at += 2 + size;
    }
    return type;
}

/* Whether nobody else holds it; from then on this client does. */
static int take_address(const Exchange *exchange)
{
    uint32_t host = ntohl(exchange->address), net = ntohl(own.s_addr);
    if (host >> 16 != net >> 16) return 0;
    uint32_t *holder = &holders[host & 0xffff];
    if (*holder != 0 && *holder != exchange->client + 1) return 0;
    *holder = exchange->client + 1;
    return 1;
}

static void end(Exchange *exchange, long *counter)
{
    exchange->stage = IDLE;
    (*counter)++;
}

static void on_reply(Exchange *exchange, const uint8_t *reply, size_t length, uint64_t at_us)
{
    uint32_t address, server = 0;
    uint8_t type = read_type(reply, length, &server);
    memcpy(&address, reply + 16, 4);
    if (!is_mac_of(reply + 28, exchange->client)) return end(exchange, &wrong);
    if (type == NAK) return end(exchange, &refused);
    if (type == OFFER && exchange->stage == DISCOVERING) {
        if (address == 0 || server == 0) return end(exchange, &wrong);
        note(&offer_times, at_us - exchange->sent_us);
        exchange->address = address;
        exchange->server = server;
        exchange->stage = REQUESTING;
        send_message(exchange, REQUEST);
    } else if (type == ACK && exchange->stage == REQUESTING) {
        if (address != exchange->address || !take_address(exchange)) return end(exchange, &wrong);
        note(&ack_times, at_us - exchange->sent_us);
        end(exchange, &acknowledged);
    } else {
        strays++;
    }
}

/* The number of the exchange is in the low bits of its transaction. */
static void on_datagram(Exchange *exchanges, int outstanding, const uint8_t *bytes, size_t length)
{
    uint32_t xid;
    if (length < OPTIONS_AT + 3 || bytes[0] != 2 || memcmp(bytes + 236, "\x63\x82\x53\x63", 4) != 0) {
        strays++;
        return;
    }
    memcpy(&xid, bytes + 4, 4);
    xid = ntohl(xid);
    uint32_t index = xid % MAX_OUTSTANDING;
    if (index >= (uint32_t)outstanding || exchanges[index].stage == IDLE || exchanges[index].xid != xid)
        strays++;
    else on_reply(&exchanges[index], bytes, length, now_us());
}

static void receive(Exchange *exchanges, int outstanding)
{
    static uint8_t bytes[BATCH][1500];
    struct iovec pieces[BATCH];
    struct mmsghdr messages[BATCH] = { 0 };
    for (int i = 0; i < BATCH; i++) {
        pieces[i] = (struct iovec){ bytes[i], sizeof bytes[i] };
        messages[i].msg_hdr = (struct msghdr){ .msg_iov = &pieces[i], .msg_iovlen = 1 };
    }
    int count = recvmmsg(descriptor, messages, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < count; i++) on_datagram(exchanges, outstanding, bytes[i], messages[i].msg_len);
}

static void give_up_on_lost(Exchange *exchanges, int outstanding, uint64_t at_us)
{
    for (int i = 0; i < outstanding; i++) {
        Exchange *exchange = &exchanges[i];
        if (exchange->stage != IDLE && at_us > exchange->sent_us + LOST_AFTER_US) end(exchange, &lost);
    }
}

static void open_socket(const char *interface)
{
    int on = 1, bytes = RECEIVE_BUFFER_BYTES;
    descriptor = socket(AF_INET, SOCK_DGRAM, 0);
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(descriptor, SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
    if (setsockopt(descriptor, SOL_SOCKET, SO_BINDTODEVICE, interface, strlen(interface) + 1) < 0)
        fail(interface);
    struct sockaddr_in from = { .sin_family = AF_INET, .sin_port = htons(is_direct ? 68 : 67) };
    if (!is_direct) from.sin_addr = own;
    if (bind(descriptor, (struct sockaddr *)&from, sizeof from) < 0) fail("bind");
}

int main(int argc, char **argv)
{
    const char *interface = "";
    long outstanding = 64, rate = 0, first = 1, clients = 0, seconds = 10;
    struct in_addr server = { 0 };
    total = 1;
    for (int option; (option = getopt(argc, argv, "m:i:a:s:c:r:n:f:k:t:")) != -1;) switch (option) {
        case 'm': is_direct = strcmp(optarg, "direct") == 0; break;
        case 'i': interface = optarg; break;
        case 'a': if (!inet_aton(optarg, &own)) fail(optarg); break;
        case 's': if (!inet_aton(optarg, &server)) fail(optarg); break;
        case 'c': outstanding = number("c", optarg, 1, MAX_OUTSTANDING); break;
        case 'r': rate = number("r", optarg, 0, 100000); break;
        case 'n': total = number("n", optarg, 1, 1000000); break;
        case 'f': first = number("f", optarg, 0, 0x7fffffff); break;
        case 'k': clients = number("k", optarg, 1, 1000000); break;
        case 't': seconds = number("t", optarg, 1, MAX_SECONDS); break;
        default: return 2;
    }
    if (*interface == 0 || own.s_addr == 0 || (!is_direct && server.s_addr == 0)) {
        fprintf(stderr, "wanted -i, -a and, by relay, -s\n");
        return 2;
    }
    if (clients == 0) clients = total;
    to.sin_port = htons(67);
    to.sin_addr.s_addr = is_direct ? INADDR_BROADCAST : server.s_addr;
    open_socket(interface);
    offer_times = times_for(total);
    ack_times = times_for(total);
    Exchange *exchanges = zeroed(outstanding, sizeof *exchanges);
    /* A reply to a run before this one, late, must not look like one of ours. */
    uint32_t salt = (uint32_t)now_us() * 2654435761u;
    uint64_t begun_us = now_us(), until_us = begun_us + seconds * 1000000ULL, scanned_us = begun_us;
    uint64_t at_us = begun_us, last_ack_us = begun_us;
    for (; at_us < until_us && acknowledged + lost + refused + wrong < total; at_us = now_us()) {
        long due = rate == 0 ? total : (long)((at_us - begun_us) * rate / 1000000) + 1;
        for (int i = 0; i < outstanding && started < total && started < due; i++) {
            Exchange *exchange = &exchanges[i];
            if (exchange->stage != IDLE) continue;
            exchange->stage = DISCOVERING;
            exchange->client = first + started % clients;
            exchange->xid = (salt + (uint32_t)started) * MAX_OUTSTANDING + (uint32_t)i;
            started++;
            send_message(exchange, DISCOVER);
        }
        long before = acknowledged;
        struct pollfd waiting = { descriptor, POLLIN, 0 };
        if (poll(&waiting, 1, rate == 0 ? 10 : 1) > 0) receive(exchanges, outstanding);
        at_us = now_us();
        if (acknowledged > before) last_ack_us = at_us;
        if (at_us - scanned_us > SCAN_EVERY_US) {
            scanned_us = at_us;
            give_up_on_lost(exchanges, outstanding, at_us);
        }
    }
    printf("{\"seconds\":%.6f,\"started\":%ld,\"acknowledged\":%ld,\"lost\":%ld,\"refused\":%ld,"
           "\"wrong\":%ld,\"strays\":%ld,", (last_ack_us - begun_us) / 1e6, started, acknowledged,
           lost, refused, wrong, strays);
    print_times("offerMs", &offer_times);
    printf(",");
    print_times("ackMs", &ack_times);
    printf("}\n");
    return 0;
}
