// want: race 'read_to_x' 'pread_to_x' 'readv_to_x' 'preadv_to_x' 'write_from_x' 'pwrite_from_x'
// want: race 'writev_from_x' 'pwritev_from_x' 'readv_vector_x' 'send_from_x' 'recv_to_x' 'sendto_from_x'
// want: race 'recvfrom_to_x' 'sendmsg_from_x' 'recvmsg_to_x' 'sendmmsg_from_x' 'recvmmsg_to_x'
// want: race 'vmsplice_from_x' 'sendfile_offset_x' 'getsockname_to_x' 'getsockname_length_x'
// want: race 'getpeername_to_x' 'getsockopt_to_x' 'setsockopt_of_x' 'connect_of_x' 'bind_of_x'
// want: race 'inet_pton_from_x' 'inet_pton_to_x' 'inet_ntop_to_x' 'inet_aton_to_x' 'inet_addr_from_x'
// want: race 'getaddrinfo_host_x' 'getaddrinfo_to_x' 'getnameinfo_to_x' 'pipe_to_x' 'socketpair_to_x'
// want: race 'eventfd_read_to_x' 'poll_asks_x' 'poll_answers_x' 'ppoll_answers_x' 'select_in_x'
// want: race 'pselect_out_x' 'epoll_ctl_of_x' 'epoll_wait_to_x' 'epoll_pwait_to_x' 'epoll_pwait2_to_x'
// flags: -O1 -D_GNU_SOURCE -Wno-unused-result
/* What descriptors transfer, addresses, options and sets are read and written. */
#define RACING
#include "sockets.h"
