// want: race 'wmemcpy_from_x' 'wmemcpy_to_x' 'wmemmove_to_x' 'wmempcpy_to_x' 'wmemset_to_x' 'wmemcmp_of_x'
// want: race 'wmemchr_in_x' 'wcslen_of_x' 'wcsnlen_of_x' 'wcscpy_from_x' 'wcscpy_to_x' 'wcpcpy_to_x'
// want: race 'wcsncpy_to_x' 'wcpncpy_to_x' 'wcscat_to_x' 'wcsncat_to_x' 'wcscmp_of_x' 'wcsncmp_of_x'
// want: race 'wcschr_in_x' 'wcsrchr_in_x' 'wcsstr_in_x' 'wcsspn_of_x' 'wcscspn_of_x' 'wcsdup_of_x'
// want: race 'wcstombs_of_x' 'wcstombs_to_x' 'mbstowcs_of_x' 'mbstowcs_to_x' 'wcstol_of_x' 'wcstoul_of_x'
// want: race 'wcstoll_of_x' 'wcstoull_of_x' 'wcstod_end_x'
// flags: -O1 -D_GNU_SOURCE -fno-builtin
/* Functions of wide characters read and write what they are given. */
#define RACING
#include "wide.h"
