/* gorace/go.h - the machinery of the go(fn, args...) macro. Included by gorace.h only.
 *
 * Each argument is evaluated once, now, and carried as one machine word. The call is written out
 * twice more without being run: as it stands, so that the compiler checks it against the
 * prototype, and with pointers in all places, which no floating or struct parameter takes.
 */
#ifndef GORACE_GO_H
#define GORACE_GO_H

#ifdef __cplusplus
extern "C" {
#endif
void gr__go_words(void (*fn)(void), const uintptr_t *words, int count);
#ifdef __cplusplus
}

#if __cplusplus >= 201103L
template <class P> struct gr__go_word {
    static_assert(sizeof(P) <= sizeof(uintptr_t), "go: argument wider than a machine word");
    static uintptr_t of(P p) { return (uintptr_t)p; }
};
template <> struct gr__go_word<float>;
template <> struct gr__go_word<double>;
template <> struct gr__go_word<long double>;
template <class R, class... P, class... A> inline void gr__go_call(R (*fn)(P...), A... args) {
    static_assert(sizeof...(P) == sizeof...(A), "go: wrong number of arguments");
    static_assert(sizeof...(P) <= 8, "go: more than 8 arguments");
    uintptr_t words[] = {gr__go_word<P>::of(args)..., 0};
    gr__go_words((void (*)(void))fn, words, (int)sizeof...(P));
}
#define GR__GO(...) gr__go_call(__VA_ARGS__)
#endif

#else

#define GR__WORD(a) ((uintptr_t)_Generic((a), float: (void)0, double: (void)0, \
                                         long double: (void)0, default: (a)))
#define GR__NIL ((void *)0)

#define GR__DIAGNOSTIC(text) _Pragma(#text)
#define GR__GO_CHECK(call, pointers)                                       \
    if (0) {                                                               \
        (void)(call);                                                      \
        GR__DIAGNOSTIC(GCC diagnostic push)                                \
        GR__DIAGNOSTIC(GCC diagnostic ignored "-Wint-conversion")          \
        GR__DIAGNOSTIC(GCC diagnostic ignored "-Wnonnull")                 \
        (void)(pointers);                                                  \
        GR__DIAGNOSTIC(GCC diagnostic pop)                                 \
    }
#define GR__GO_START(fn, count, ...)                                       \
    gr__go_words((void (*)(void))(fn), (const uintptr_t[]){__VA_ARGS__}, count)

#define GR__GO0(f) do { GR__GO_CHECK((f)(), (f)()) GR__GO_START(f, 0, 0); } while (0)
#define GR__GO1(f, a) do { GR__GO_CHECK((f)(a), (f)(GR__NIL)) \
    GR__GO_START(f, 1, GR__WORD(a)); } while (0)
#define GR__GO2(f, a, b) do { GR__GO_CHECK((f)(a, b), (f)(GR__NIL, GR__NIL)) \
    GR__GO_START(f, 2, GR__WORD(a), GR__WORD(b)); } while (0)
#define GR__GO3(f, a, b, c) do { \
    GR__GO_CHECK((f)(a, b, c), (f)(GR__NIL, GR__NIL, GR__NIL)) \
    GR__GO_START(f, 3, GR__WORD(a), GR__WORD(b), GR__WORD(c)); } while (0)
#define GR__GO4(f, a, b, c, d) do { \
    GR__GO_CHECK((f)(a, b, c, d), (f)(GR__NIL, GR__NIL, GR__NIL, GR__NIL)) \
    GR__GO_START(f, 4, GR__WORD(a), GR__WORD(b), GR__WORD(c), GR__WORD(d)); } while (0)
#define GR__GO5(f, a, b, c, d, e) do { \
    GR__GO_CHECK((f)(a, b, c, d, e), (f)(GR__NIL, GR__NIL, GR__NIL, GR__NIL, GR__NIL)) \
    GR__GO_START(f, 5, GR__WORD(a), GR__WORD(b), GR__WORD(c), GR__WORD(d), GR__WORD(e)); \
    } while (0)
#define GR__GO6(f, a, b, c, d, e, g) do { \
    GR__GO_CHECK((f)(a, b, c, d, e, g), \
                 (f)(GR__NIL, GR__NIL, GR__NIL, GR__NIL, GR__NIL, GR__NIL)) \
    GR__GO_START(f, 6, GR__WORD(a), GR__WORD(b), GR__WORD(c), GR__WORD(d), GR__WORD(e), \
                 GR__WORD(g)); } while (0)
#define GR__GO7(f, a, b, c, d, e, g, h) do { \
    GR__GO_CHECK((f)(a, b, c, d, e, g, h), \
                 (f)(GR__NIL, GR__NIL, GR__NIL, GR__NIL, GR__NIL, GR__NIL, GR__NIL)) \
    GR__GO_START(f, 7, GR__WORD(a), GR__WORD(b), GR__WORD(c), GR__WORD(d), GR__WORD(e), \
                 GR__WORD(g), GR__WORD(h)); } while (0)
#define GR__GO8(f, a, b, c, d, e, g, h, i) do { \
    GR__GO_CHECK((f)(a, b, c, d, e, g, h, i), \
                 (f)(GR__NIL, GR__NIL, GR__NIL, GR__NIL, GR__NIL, GR__NIL, GR__NIL, GR__NIL)) \
    GR__GO_START(f, 8, GR__WORD(a), GR__WORD(b), GR__WORD(c), GR__WORD(d), GR__WORD(e), \
                 GR__WORD(g), GR__WORD(h), GR__WORD(i)); } while (0)

#define GR__PICK(f, a, b, c, d, e, g, h, i, NAME, ...) NAME
#define GR__GO(...) GR__PICK(__VA_ARGS__, GR__GO8, GR__GO7, GR__GO6, GR__GO5, GR__GO4, GR__GO3, \
                             GR__GO2, GR__GO1, GR__GO0, 0)(__VA_ARGS__)
#endif

#endif
