// want: race 'open_path_x' 'openat_path_x' 'creat_path_x' 'stat_path_x' 'stat_to_x' 'lstat_to_x' 'fstat_to_x'
// want: race 'fstatat_to_x' 'statx_to_x' 'statvfs_to_x' 'fstatvfs_to_x' 'uname_to_x' 'getrlimit_to_x'
// want: race 'getrusage_to_x' 'times_to_x' 'readlink_path_x' 'readlink_to_x' 'readlinkat_to_x' 'getcwd_to_x'
// want: race 'realpath_to_x' 'gethostname_to_x' 'opendir_path_x' 'getenv_name_x' 'setenv_value_x'
// want: race 'putenv_text_x' 'unsetenv_name_x' 'strerror_r_to_x' 'waitpid_status_x' 'wait_status_x'
// want: race 'wait4_usage_x' 'wait3_status_x' 'waitid_about_x' 'getpwuid_r_to_x' 'getpwnam_r_name_x'
// want: race 'getgrgid_r_to_x' 'getgrnam_r_name_x' 'iconv_to_x'
// flags: -O2 -D_GNU_SOURCE -D_FORTIFY_SOURCE=2 -Wno-unused-result
/* The same with sizes checked, and with what the compiler makes of the calls itself. */
#define RACING
#include "files.h"
