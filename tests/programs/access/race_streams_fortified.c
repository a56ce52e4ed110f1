// want: race 'fread_to_x' 'fread_unlocked_to_x' 'fwrite_from_x' 'fwrite_unlocked_from_x' 'fputs_from_x'
// want: race 'fputs_unlocked_from_x' 'puts_from_x' 'fgets_to_x' 'fgets_unlocked_to_x' 'getline_block_x'
// want: race 'getline_room_x' 'getline_to_x' 'getdelim_to_x' 'fopen_path_x' 'fopen_mode_x' 'fdopen_mode_x'
// want: race 'freopen_path_x'
// flags: -O2 -D_GNU_SOURCE -D_FORTIFY_SOURCE=2 -Wno-unused-result
/* The same with sizes checked, and with what the compiler makes of the calls itself. */
#define RACING
#include "streams.h"
