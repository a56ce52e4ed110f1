/* libc_net.c - sockets' addresses and options, names of hosts: memory that is read and filled. Any thread.
 * What is sent and received is in libc_io.c. */
#include "detector/doors/interpose.h"
#include "detector/doors/stop.h"

#pragma GCC diagnostic ignored "-Wnonnull-compare"

void gr__address_told(void *address, socklen_t room, socklen_t *length, uintptr_t pc) {
    WRITES(length, sizeof *length);
    WRITES(address, *length < room ? *length : room);
}
static int told(int failed, void *address, socklen_t room, socklen_t *length, uintptr_t pc) {
    if (failed >= 0) gr__address_told(address, room, length, pc);
    return failed;
}
GR__EXPORT int getsockname(int fd, struct sockaddr *restrict to, socklen_t *restrict length) {
    socklen_t room = *length;
    return told(REAL(getsockname)(fd, to, length), to, room, length, PLACE);
}
GR__EXPORT int getpeername(int fd, struct sockaddr *restrict to, socklen_t *restrict length) {
    socklen_t room = *length;
    return told(REAL(getpeername)(fd, to, length), to, room, length, PLACE);
}
GR__EXPORT int getsockopt(int fd, int level, int option, void *restrict to, socklen_t *restrict length) {
    socklen_t room = *length;
    return told(REAL(getsockopt)(fd, level, option, to, length), to, room, length, PLACE);
}
GR__EXPORT int setsockopt(int fd, int level, int option, const void *value, socklen_t length) {
    HERE;
    if (value) READS(value, length);
    return REAL(setsockopt)(fd, level, option, value, length);
}
GR__EXPORT int bind(int fd, const struct sockaddr *address, socklen_t length) {
    HERE;
    READS(address, length);
    return REAL(bind)(fd, address, length);
}
/* Who accepts it comes after. */
GR__EXPORT int connect(int fd, const struct sockaddr *address, socklen_t length) {
    HERE;
    READS(address, length);
    gr__descriptor_from(fd, pc);
    return WAITS(REAL(connect)(fd, address, length));
}

GR__EXPORT int inet_pton(int family, const char *restrict s, void *restrict to) {
    HERE;
    int done = REAL(inet_pton)(family, s, to);
    READS_STRING(s);
    if (done == 1) WRITES(to, family == AF_INET6 ? 16 : 4);
    return done;
}
GR__EXPORT const char *inet_ntop(int family, const void *restrict from, char *restrict to,
                                 socklen_t room) {
    HERE;
    const char *got = REAL(inet_ntop)(family, from, to, room);
    if (!got) return got;
    READS(from, family == AF_INET6 ? 16 : 4);
    WRITES_STRING(got);
    return got;
}
GR__EXPORT int inet_aton(const char *s, struct in_addr *to) {
    HERE;
    int done = REAL(inet_aton)(s, to);
    READS_STRING(s);
    if (done && to) WRITES(to, sizeof *to);
    return done;
}
GR__EXPORT in_addr_t inet_addr(const char *s) {
    HERE;
    READS_STRING(s);
    return REAL(inet_addr)(s);
}

/* The list is made of blocks, in there. */
GR__EXPORT int getaddrinfo(const char *restrict host, const char *restrict service,
                           const struct addrinfo *restrict hints, struct addrinfo **restrict to) {
    HERE;
    READS_STRING(host);
    READS_STRING(service);
    if (hints) READS(hints, sizeof *hints);
    gr__inside i = gr__go_inside(GR__PC);
    int failed = REAL(getaddrinfo)(host, service, hints, to);
    gr__come_out(i);
    if (!failed) WRITES(to, sizeof *to);
    return failed;
}
GR__EXPORT void freeaddrinfo(struct addrinfo *list) {
    gr__inside i = gr__go_inside(GR__PC);
    REAL(freeaddrinfo)(list);
    gr__come_out(i);
}
GR__EXPORT int getnameinfo(const struct sockaddr *restrict address, socklen_t length, char *restrict host,
                           socklen_t host_room, char *restrict service, socklen_t service_room,
                           int flags) {
    HERE;
    int failed = REAL(getnameinfo)(address, length, host, host_room, service, service_room, flags);
    READS(address, length);
    if (failed) return failed;
    if (host_room) WRITES_STRING(host);
    if (service_room) WRITES_STRING(service);
    return failed;
}
