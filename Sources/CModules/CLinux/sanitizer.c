// What the thread sanitizer must be told; nothing in other builds.

#if defined(__has_feature) && __has_feature(thread_sanitizer)
#include <stdbool.h>
#include <stdint.h>

// A Mutex of Swift's Synchronization that has to wait does so in a library built without the sanitizer, which then sees
// no order between the two threads and reports a race. `make tsan` links these around that library's functions (ld
// --wrap). Their names and convention are those of the stable ABI: Mutex itself is inlined into its callers, down to
// these.
#define WRAP(name) __asm__("__wrap_$s15Synchronization12_MutexHandleV" name)
#define REAL(name) __asm__("__real_$s15Synchronization12_MutexHandleV" name) __attribute__((weak))
#define MUTEX __attribute__((swift_context)) void *mutex
#define SWIFT __attribute__((swiftcall))

extern void __tsan_acquire(void *);
extern void __tsan_release(void *);

SWIFT void apus_real_lock(uint32_t thread, MUTEX) REAL("9_lockSlowyys6UInt32VF");
SWIFT bool apus_real_try_lock(MUTEX) REAL("12_tryLockSlowSbyF");
SWIFT void apus_real_unlock(MUTEX) REAL("11_unlockSlowyyF");
SWIFT void apus_wrapped_lock(uint32_t thread, MUTEX) WRAP("9_lockSlowyys6UInt32VF");
SWIFT bool apus_wrapped_try_lock(MUTEX) WRAP("12_tryLockSlowSbyF");
SWIFT void apus_wrapped_unlock(MUTEX) WRAP("11_unlockSlowyyF");

SWIFT void apus_wrapped_lock(uint32_t thread, MUTEX) {
  apus_real_lock(thread, mutex);
  __tsan_acquire(mutex);
}

SWIFT bool apus_wrapped_try_lock(MUTEX) {
  bool taken = apus_real_try_lock(mutex);
  if (taken) __tsan_acquire(mutex);
  return taken;
}

SWIFT void apus_wrapped_unlock(MUTEX) {
  __tsan_release(mutex);
  apus_real_unlock(mutex);
}
#else
typedef int apus_nothing_to_tell;
#endif
