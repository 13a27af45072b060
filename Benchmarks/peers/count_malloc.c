// Counts calls of the allocator in a program linked with `--wrap` (ld(1)) for each name below.
// The shipped executables are static, where LD_PRELOAD does nothing; wrapping counts in exactly the code that ships.
//
// The count lies in the file named by BENCH_ALLOCATIONS (8 bytes, native order), so that it can be read at any time.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static _Atomic uint64_t early;
static _Atomic(_Atomic uint64_t *) counter = &early;

__attribute__((constructor)) static void share_counter(void) {
  const char *path = getenv("BENCH_ALLOCATIONS");
  int descriptor = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return;
  void *page = mmap(NULL, sizeof early, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  close(descriptor);
  if (page == MAP_FAILED) return;
  atomic_store((_Atomic uint64_t *)page, atomic_load(&early));
  atomic_store(&counter, (_Atomic uint64_t *)page);
}

static inline void count(void) {
  atomic_fetch_add_explicit(atomic_load_explicit(&counter, memory_order_relaxed), 1, memory_order_relaxed);
}

void *__real_malloc(size_t);
void *__real_calloc(size_t, size_t);
void *__real_realloc(void *, size_t);
void *__real_memalign(size_t, size_t);
void *__real_aligned_alloc(size_t, size_t);
int __real_posix_memalign(void **, size_t, size_t);

void *__wrap_malloc(size_t size) {
  count();
  return __real_malloc(size);
}

void *__wrap_calloc(size_t number, size_t size) {
  count();
  return __real_calloc(number, size);
}

void *__wrap_realloc(void *block, size_t size) {
  count();
  return __real_realloc(block, size);
}

void *__wrap_memalign(size_t alignment, size_t size) {
  count();
  return __real_memalign(alignment, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size) {
  count();
  return __real_aligned_alloc(alignment, size);
}

int __wrap_posix_memalign(void **block, size_t alignment, size_t size) {
  count();
  return __real_posix_memalign(block, alignment, size);
}
