// want: race 'memcpy_from_x' 'memcpy_to_x' 'memmove_from_x' 'memmove_to_x' 'memset_to_x' 'mempcpy_to_x'
// want: race 'memccpy_from_x' 'memccpy_to_x' 'bzero_to_x' 'explicit_bzero_to_x' 'bcopy_to_x' 'swab_to_x'
// want: race 'memcmp_of_x' 'bcmp_of_x' 'memchr_in_x' 'memrchr_in_x' 'rawmemchr_in_x' 'memmem_in_x'
// want: race 'strlen_of_x' 'strnlen_of_x' 'strcpy_from_x' 'strcpy_to_x' 'stpcpy_to_x' 'strncpy_from_x'
// want: race 'strncpy_to_x' 'stpncpy_to_x' 'strcat_to_x' 'strncat_to_x' 'strcmp_of_x' 'strncmp_of_x'
// want: race 'strcasecmp_of_x' 'strncasecmp_of_x' 'strverscmp_of_x' 'strcoll_of_x' 'strxfrm_to_x'
// want: race 'strchr_in_x' 'strrchr_in_x' 'strchrnul_in_x' 'strstr_in_x' 'strcasestr_in_x' 'strspn_of_x'
// want: race 'strspn_set_x' 'strcspn_of_x' 'strpbrk_in_x' 'strsep_cuts_x' 'strsep_rest_x' 'strtok_r_cuts_x'
// want: race 'strtok_r_rest_x' 'strtok_cuts_x' 'strdup_of_x' 'strndup_of_x'
// flags: -O2 -D_GNU_SOURCE -D_FORTIFY_SOURCE=2 -Wno-unused-result
/* The same with sizes checked, and with what the compiler makes of the calls itself. */
#define RACING
#include "strings.h"
