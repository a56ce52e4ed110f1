// want: race 'printf_format_x' 'printf_string_x' 'printf_cut_x' 'printf_count_x' 'fprintf_string_x'
// want: race 'vprintf_string_x' 'vfprintf_string_x' 'dprintf_string_x' 'sprintf_to_x' 'sprintf_string_x'
// want: race 'snprintf_to_x' 'vsprintf_to_x' 'vsnprintf_to_x' 'asprintf_to_x' 'vasprintf_string_x'
// want: race 'wide_string_x' 'sscanf_from_x' 'sscanf_format_x' 'sscanf_int_x' 'sscanf_long_x'
// want: race 'sscanf_short_x' 'sscanf_double_x' 'sscanf_string_x' 'sscanf_set_x' 'sscanf_chars_x'
// want: race 'sscanf_block_x' 'vsscanf_int_x' 'fscanf_int_x'
// flags: -O2 -D_GNU_SOURCE -D_FORTIFY_SOURCE=2 -Wno-unused-result -Wno-format -Wno-format-security
/* The same with sizes checked, and with what the compiler makes of the calls itself. */
#define RACING
#include "formats.h"
