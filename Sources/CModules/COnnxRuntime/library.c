#define _GNU_SOURCE
#include "runtime.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int apus_onnx_refuse(apus_onnx_message *message, const char *text) {
  strncpy(message->text, text, sizeof message->text - 1);
  message->text[sizeof message->text - 1] = 0;
  return APUS_ONNX_UNUSABLE;
}

int apus_onnx_failed(const apus_onnx *onnx, void *status, apus_onnx_message *message) {
  if (!status) return 0;
  apus_onnx_refuse(message, onnx->GetErrorMessage(status));
  onnx->ReleaseStatus(status);
  return 1;
}

// One arena for the tensors of all networks, so that there is one limit, and memory that goes back after each run.
static int bound(apus_onnx *onnx, size_t memory_max, apus_onnx_message *message) {
  void *arena = NULL;
  if (apus_onnx_failed(onnx, onnx->CreateArenaCfg(memory_max, EXTEND_AS_REQUESTED, -1, -1, &arena), message))
    return APUS_ONNX_UNUSABLE;
  int failed = apus_onnx_failed(onnx, onnx->CreateAndRegisterAllocator(onnx->env, onnx->memory, arena), message);
  onnx->ReleaseArenaCfg(arena);
  return failed ? APUS_ONNX_UNUSABLE : APUS_ONNX_OK;
}

static int start(apus_onnx *onnx, size_t memory_max, apus_onnx_message *message) {
  // What fails is told in a status, so nothing of it has to stand in the log as well.
  if (apus_onnx_failed(onnx, onnx->CreateEnv(FATAL_ONLY, "apus", &onnx->env), message)) return APUS_ONNX_UNUSABLE;
  if (apus_onnx_failed(onnx, onnx->DisableTelemetryEvents(onnx->env), message)) return APUS_ONNX_UNUSABLE;
  if (apus_onnx_failed(onnx, onnx->CreateCpuMemoryInfo(ARENA_ALLOCATOR, DEFAULT_MEMORY, &onnx->memory), message))
    return APUS_ONNX_UNUSABLE;
  return bound(onnx, memory_max, message);
}

static int write_all(int file, const char *bytes, size_t size) {
  while (size > 0) {
    ssize_t count = write(file, bytes, size);
    if (count <= 0) return 0;
    bytes += count;
    size -= (size_t)count;
  }
  return fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0;
}

// A file in memory alone (memfd_create(2)).
static void *load(const void *bytes, size_t size, apus_onnx_message *message) {
  int file = memfd_create("libonnxruntime.so", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  void *library = NULL;
  if (file < 0 || !write_all(file, bytes, size)) {
    apus_onnx_refuse(message, "there is no file in memory for it");
  } else {
    char path[40];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    const char *reason = library ? NULL : dlerror();
    if (!library) apus_onnx_refuse(message, reason ? reason : "it can't be loaded");
  }
  // What is loaded is known by its path: the number stays taken, so that no other library is mistaken for this one.
  if (file >= 0 && !library) close(file);
  return library;
}

int apus_onnx_open(
    const void *bytes, size_t size, size_t memory_max, apus_onnx **out, apus_onnx_message *message) {
  *out = NULL;
  void *library = load(bytes, size, message);
  if (!library) return APUS_ONNX_UNUSABLE;
  // The two functions of OrtApiBase: the table of a version, and the library's own version.
  typedef struct {
    const void *const *(*table)(uint32_t version);
    const char *(*version)(void);
  } base;
  const base *(*get_base)(void) = (const base *(*)(void))dlsym(library, "OrtGetApiBase");
  if (!get_base) return apus_onnx_refuse(message, "it has no OrtGetApiBase, so it is not ONNX Runtime");
  const base *found = get_base();
  const void *const *table = found ? found->table(TABLE_VERSION) : NULL;
  if (!table) return apus_onnx_refuse(message, "it is older than version 1.8");
  apus_onnx *onnx = calloc(1, sizeof *onnx);
  if (!onnx) return apus_onnx_refuse(message, "there is no memory");
#define FILL(place, name, result, parameters) onnx->name = (result(*) parameters)table[place];
  FUNCTIONS(FILL)
  onnx->version = found->version();
  if (start(onnx, memory_max, message) != APUS_ONNX_OK) {
    if (onnx->memory) onnx->ReleaseMemoryInfo(onnx->memory);
    if (onnx->env) onnx->ReleaseEnv(onnx->env);
    free(onnx);
    return APUS_ONNX_UNUSABLE;
  }
  *out = onnx;
  return APUS_ONNX_OK;
}

const char *apus_onnx_version(const apus_onnx *onnx) { return onnx->version; }
