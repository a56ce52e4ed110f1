/* gorace/go.h - the machinery of the go(fn, args...) macro. Included by gorace.h only.
 *
 * Each argument is evaluated once, now, and carried as one machine word. In C the call is written out
 * twice more without being run: as it stands, so that the compiler checks it against the prototype, and
 * with GR__ANY in all places, which no floating or struct parameter takes. C has no way to ask for the
 * type of a parameter, so the word is what the argument is, not what a call would convert it to: give
 * a bool a bool, and a narrow integer a value that it can hold.
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
/* Conversions are those of a call; the compiler's word about narrowing would name a line of this file. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"

template <class T> struct gr__is_floating { static constexpr bool yes = false; };
template <> struct gr__is_floating<float> { static constexpr bool yes = true; };
template <> struct gr__is_floating<double> { static constexpr bool yes = true; };
template <> struct gr__is_floating<long double> { static constexpr bool yes = true; };

template <class P> struct gr__go_word {
    static_assert(!gr__is_floating<P>::yes, "go: a floating parameter");
    static_assert(!__is_class(P) && !__is_union(P), "go: a parameter is an object: pass a pointer");
    static_assert(sizeof(P) <= sizeof(uintptr_t), "go: a parameter wider than a machine word");
    static uintptr_t of(P p) { return static_cast<uintptr_t>(p); }
};
template <class T> struct gr__go_word<T *> {
    static uintptr_t of(T *p) { return reinterpret_cast<uintptr_t>(p); }
};
template <class T> struct gr__go_word<T &> {
    static_assert(sizeof(T *) == 0, "go: a parameter is a reference: pass a pointer");
};
template <class T> struct gr__go_word<T &&> {
    static_assert(sizeof(T *) == 0, "go: a parameter is a reference: pass a pointer");
};
template <class P, class A> inline uintptr_t gr__go_convert(A a) {
    static_assert(!gr__is_floating<A>::yes, "go: a floating argument");
    return gr__go_word<P>::of(a);
}

template <class R, class... P, class... A> inline void gr__go_call(R (*fn)(P...), A... args) {
    static_assert(sizeof...(P) == sizeof...(A), "go: wrong number of arguments");
    static_assert(sizeof...(P) <= 8, "go: more than 8 arguments");
    uintptr_t words[] = {gr__go_convert<P>(args)..., 0};
    gr__go_words(reinterpret_cast<void (*)()>(fn), words, static_cast<int>(sizeof...(P)));
}

/* A lambda without captures is a function, too; only of a class there is a pointer to a member. */
template <class F, class Member = int F::*, class... A> inline void gr__go_call(F fn, A... args) {
    gr__go_call(+fn, args...);
}
#define GR__GO(...) gr__go_call(__VA_ARGS__)

/* The address of a value, good to the end of the full expression. */
template <class T> inline const T *gr__address_of_value(const T &value) {
    return __builtin_addressof(value);
}
#pragma GCC diagnostic pop
#endif

#else

#define GR__WORD(a) ((uintptr_t)_Generic((a), float: (void)0, double: (void)0, \
                                         long double: (void)0, default: (a)))
#define GR__DIAGNOSTIC(text) _Pragma(#text)

#ifdef __clang__
#define GR__ANY ((void *)0)
#define GR__ALLOW_ANY
#else
/* gcc gives no pointer to an enum. This integer is exact in none of the floating types. */
#define GR__ANY (__extension__((__int128)1 << 120 | 1))
#define GR__ALLOW_ANY                                                      \
        GR__DIAGNOSTIC(GCC diagnostic ignored "-Woverflow")                \
        GR__DIAGNOSTIC(GCC diagnostic ignored "-Wconversion")              \
        GR__DIAGNOSTIC(GCC diagnostic ignored "-Wsign-conversion")         \
        GR__DIAGNOSTIC(GCC diagnostic error "-Wfloat-conversion")
#endif
#define GR__GO_CHECK(call, with_any)                                       \
    if (0) {                                                               \
        GR__DIAGNOSTIC(GCC diagnostic push)                                \
        GR__DIAGNOSTIC(GCC diagnostic error "-Wint-conversion")            \
        GR__DIAGNOSTIC(GCC diagnostic error "-Wincompatible-pointer-types") \
        (void)(call);                                                      \
        GR__DIAGNOSTIC(GCC diagnostic ignored "-Wint-conversion")          \
        GR__DIAGNOSTIC(GCC diagnostic ignored "-Wnonnull")                 \
        GR__ALLOW_ANY                                                      \
        (void)(with_any);                                                  \
        GR__DIAGNOSTIC(GCC diagnostic pop)                                 \
    }
#define GR__GO_START(fn, count, ...)                                       \
    gr__go_words((void (*)(void))(fn), (const uintptr_t[]){__VA_ARGS__}, count)

#define GR__GO0(f) do { GR__GO_CHECK((f)(), (f)()) GR__GO_START(f, 0, 0); } while (0)
#define GR__GO1(f, a) do { GR__GO_CHECK((f)(a), (f)(GR__ANY)) \
    GR__GO_START(f, 1, GR__WORD(a)); } while (0)
#define GR__GO2(f, a, b) do { GR__GO_CHECK((f)(a, b), (f)(GR__ANY, GR__ANY)) \
    GR__GO_START(f, 2, GR__WORD(a), GR__WORD(b)); } while (0)
#define GR__GO3(f, a, b, c) do { \
    GR__GO_CHECK((f)(a, b, c), (f)(GR__ANY, GR__ANY, GR__ANY)) \
    GR__GO_START(f, 3, GR__WORD(a), GR__WORD(b), GR__WORD(c)); } while (0)
#define GR__GO4(f, a, b, c, d) do { \
    GR__GO_CHECK((f)(a, b, c, d), (f)(GR__ANY, GR__ANY, GR__ANY, GR__ANY)) \
    GR__GO_START(f, 4, GR__WORD(a), GR__WORD(b), GR__WORD(c), GR__WORD(d)); } while (0)
#define GR__GO5(f, a, b, c, d, e) do { \
    GR__GO_CHECK((f)(a, b, c, d, e), (f)(GR__ANY, GR__ANY, GR__ANY, GR__ANY, GR__ANY)) \
    GR__GO_START(f, 5, GR__WORD(a), GR__WORD(b), GR__WORD(c), GR__WORD(d), GR__WORD(e)); \
    } while (0)
#define GR__GO6(f, a, b, c, d, e, g) do { \
    GR__GO_CHECK((f)(a, b, c, d, e, g), \
                 (f)(GR__ANY, GR__ANY, GR__ANY, GR__ANY, GR__ANY, GR__ANY)) \
    GR__GO_START(f, 6, GR__WORD(a), GR__WORD(b), GR__WORD(c), GR__WORD(d), GR__WORD(e), \
                 GR__WORD(g)); } while (0)
#define GR__GO7(f, a, b, c, d, e, g, h) do { \
    GR__GO_CHECK((f)(a, b, c, d, e, g, h), \
                 (f)(GR__ANY, GR__ANY, GR__ANY, GR__ANY, GR__ANY, GR__ANY, GR__ANY)) \
    GR__GO_START(f, 7, GR__WORD(a), GR__WORD(b), GR__WORD(c), GR__WORD(d), GR__WORD(e), \
                 GR__WORD(g), GR__WORD(h)); } while (0)
#define GR__GO8(f, a, b, c, d, e, g, h, i) do { \
    GR__GO_CHECK((f)(a, b, c, d, e, g, h, i), \
                 (f)(GR__ANY, GR__ANY, GR__ANY, GR__ANY, GR__ANY, GR__ANY, GR__ANY, GR__ANY)) \
    GR__GO_START(f, 8, GR__WORD(a), GR__WORD(b), GR__WORD(c), GR__WORD(d), GR__WORD(e), \
                 GR__WORD(g), GR__WORD(h), GR__WORD(i)); } while (0)

#define GR__PICK(f, a, b, c, d, e, g, h, i, NAME, ...) NAME
#define GR__GO(...) GR__PICK(__VA_ARGS__, GR__GO8, GR__GO7, GR__GO6, GR__GO5, GR__GO4, GR__GO3, \
                             GR__GO2, GR__GO1, GR__GO0, 0)(__VA_ARGS__)
#endif

#endif
