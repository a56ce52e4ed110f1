/* mapping.c - what the program has mapped, and where it did so: intervals that do not overlap, in a treap
 * (a search tree by addresses that is a heap by random numbers, so that it stays shallow). One lock guards
 * it. Without memory for a node its mapping is left out: then nobody knows where it was mapped. */
#include "detector/finding/finding.h"
#include "runtime/base/base.h"

typedef struct node {
    struct node *left, *right;
    uint32_t weight; /* no child's is larger */
    gr__mapping is;
} node;

static uint32_t lock;
static node *root;
static uint32_t chance = 1;

/* No signal handler of the program comes in between: it may map, too. */
static void take(void) {
    gr__engine_go_in();
    gr__lock(&lock);
}
static void give(void) {
    gr__unlock(&lock);
    gr__engine_come_out();
}

static node *make(const gr__mapping *m) {
    node *n = gr__alloc(sizeof *n);
    if (!n) return NULL;
    chance ^= chance << 13;
    chance ^= chance >> 17;
    chance ^= chance << 5;
    *n = (node){NULL, NULL, chance, *m};
    return n;
}

/* Into those that begin below address, and the others. */
static void split(node *tree, uintptr_t address, node **below, node **others) {
    while (tree) {
        if (tree->is.low < address) {
            *below = tree;
            below = &tree->right;
            tree = tree->right;
        } else {
            *others = tree;
            others = &tree->left;
            tree = tree->left;
        }
    }
    *below = *others = NULL;
}

/* All of `low` lies below all of `high`. */
static node *join(node *low, node *high) {
    node *tree = NULL, **at = &tree;
    while (low && high) {
        if (low->weight >= high->weight) {
            *at = low;
            at = &low->right;
            low = low->right;
        } else {
            *at = high;
            at = &high->left;
            high = high->left;
        }
    }
    *at = low ? low : high;
    return tree;
}

static void drop(node *tree) {
    while (tree) {
        node *left = tree->left;
        if (left) { /* it goes up */
            tree->left = left->right;
            left->right = tree;
            tree = left;
        } else {
            node *right = tree->right;
            gr__free(tree, sizeof *tree);
            tree = right;
        }
    }
}

static node *last_of(node *tree) {
    while (tree && tree->right) tree = tree->right;
    return tree;
}

/* What there is in [low, high) goes, and `made`, if it is not NULL, comes. */
static void replace(uintptr_t low, uintptr_t high, node *made) {
    node *below, *inside, *above, *rest = NULL, *edge;
    split(root, low, &below, &above);
    split(above, high, &inside, &above);
    if ((edge = last_of(inside ? inside : below)) != NULL && edge->is.high > high) {
        gr__mapping m = edge->is;
        m.low = high;
        rest = make(&m);
    }
    if ((edge = last_of(below)) != NULL && edge->is.high > low) edge->is.high = low;
    drop(inside);
    root = join(join(join(below, made), rest), above);
}

void gr__mapping_made(const gr__mapping *made) {
    take();
    replace(made->low, made->high, make(made));
    give();
}

void gr__mapping_gone(uintptr_t low, uintptr_t high) {
    take();
    replace(low, high, NULL);
    give();
}

bool gr__mapping_find(uintptr_t address, gr__mapping *out) {
    const node *found = NULL;
    take();
    for (const node *n = root; n; n = n->is.low <= address ? n->right : n->left)
        if (n->is.low <= address) found = n;
    bool inside = found && address < found->is.high;
    if (inside) *out = found->is;
    give();
    return inside;
}
