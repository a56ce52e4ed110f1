/* object.h - included by `gorace cc` before everything else: the object says for which gorace it was
 * built, in a symbol that takes no room. */
#if defined(GORACE_OBJECT_MARK) && !defined(__ASSEMBLER__)
#define GR__OBJECT_TEXT(mark) #mark
#define GR__OBJECT_MARK(mark) __asm__(".set " GR__OBJECT_TEXT(mark) ", 1");
GR__OBJECT_MARK(GORACE_OBJECT_MARK)
#undef GR__OBJECT_MARK
#undef GR__OBJECT_TEXT
#undef GORACE_OBJECT_MARK
#endif
