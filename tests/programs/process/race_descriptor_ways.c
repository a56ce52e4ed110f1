// want: race 'write_read_x' 'writev_readv_x' 'send_recv_x' 'sendto_recvfrom_x' 'sendmsg_recvmsg_x'
// want: race 'sendmmsg_recvmmsg_x' 'vmsplice_read_x' 'eventfd_both_x' 'eventfd_plain_x' 'timer_set_x'
// want: race 'dup_read_x' 'fcntl_read_x' 'dup2_read_x' 'dup3_read_x' 'named_pipe_x' 'dprintf_read_x'
// want: race 'fputs_fgets_x' 'fprintf_fscanf_x' 'fwrite_fread_x' 'putc_getc_x' 'fputc_getline_x'
// want: race 'connect_accept_x' 'stream_socket_x' 'terminal_x' 'queue_x' 'shutdown_end_x' 'close_end_x'
// want: race 'close_range_end_x' 'fclose_end_x'
// flags: -O1 -D_GNU_SOURCE -Wno-unused-result
/* What is done after a byte went, or a descriptor was closed, is not there for who got it. */
#define RACING
#include "descriptors.h"
