// What of ONNX Runtime's C interface is called. It is a table of functions that only ever grows at its end, so a
// function's place in it is part of the binary interface; all that are used here are in version 8 and later.
#ifndef APUS_ONNX_RUNTIME_H
#define APUS_ONNX_RUNTIME_H

#include "COnnxRuntime.h"

enum { TABLE_VERSION = 8 };

// Numbers of the interface's enumerations.
enum {
  TENSOR_OF_FLOATS = 1,
  VALUE_IS_TENSOR = 1,
  FATAL_ONLY = 4,
  ARENA_ALLOCATOR = 1,
  DEFAULT_MEMORY = 0,
  EXTEND_AS_REQUESTED = 1,
  ALL_OPTIMISATIONS = 99,
};

// Place, name, result, parameters. A status is NULL when all went well; whoever gets another one releases it.
#define STATUS void *
#define FUNCTIONS(USE) \
  USE(2, GetErrorMessage, const char *, (const void *status)) \
  USE(3, CreateEnv, STATUS, (int level, const char *name, void **env)) \
  USE(6, DisableTelemetryEvents, STATUS, (const void *env)) \
  USE(8, CreateSessionFromArray, STATUS, \
      (const void *env, const void *model, size_t size, const void *options, void **session)) \
  USE(9, Run, STATUS, \
      (void *session, const void *options, const char *const *input_names, const void *const *inputs, \
       size_t input_count, const char *const *output_names, size_t output_count, void **outputs)) \
  USE(10, CreateSessionOptions, STATUS, (void **options)) \
  USE(23, SetSessionGraphOptimizationLevel, STATUS, (void *options, int level)) \
  USE(24, SetIntraOpNumThreads, STATUS, (void *options, int count)) \
  USE(25, SetInterOpNumThreads, STATUS, (void *options, int count)) \
  USE(30, SessionGetInputCount, STATUS, (const void *session, size_t *count)) \
  USE(31, SessionGetOutputCount, STATUS, (const void *session, size_t *count)) \
  USE(33, SessionGetInputTypeInfo, STATUS, (const void *session, size_t index, void **info)) \
  USE(36, SessionGetInputName, STATUS, (const void *session, size_t index, void *allocator, char **name)) \
  USE(37, SessionGetOutputName, STATUS, (const void *session, size_t index, void *allocator, char **name)) \
  USE(39, CreateRunOptions, STATUS, (void **options)) \
  USE(46, RunOptionsSetTerminate, STATUS, (void *options)) \
  USE(49, CreateTensorWithDataAsOrtValue, STATUS, \
      (const void *memory, void *data, size_t size, const int64_t *dims, size_t rank, int type, void **value)) \
  USE(51, GetTensorMutableData, STATUS, (void *value, void **data)) \
  USE(55, CastTypeInfoToTensorInfo, STATUS, (const void *info, const void **tensor)) \
  USE(60, GetTensorElementType, STATUS, (const void *tensor, int *type)) \
  USE(61, GetDimensionsCount, STATUS, (const void *tensor, size_t *rank)) \
  USE(62, GetDimensions, STATUS, (const void *tensor, int64_t *dims, size_t rank)) \
  USE(64, GetTensorShapeElementCount, STATUS, (const void *tensor, size_t *count)) \
  USE(65, GetTensorTypeAndShape, STATUS, (const void *value, void **tensor)) \
  USE(67, GetValueType, STATUS, (const void *value, int *type)) \
  USE(69, CreateCpuMemoryInfo, STATUS, (int allocator, int type, void **memory)) \
  USE(76, AllocatorFree, STATUS, (void *allocator, void *memory)) \
  USE(78, GetAllocatorWithDefaultOptions, STATUS, (void **allocator)) \
  USE(92, ReleaseEnv, void, (void *env)) \
  USE(93, ReleaseStatus, void, (void *status)) \
  USE(94, ReleaseMemoryInfo, void, (void *memory)) \
  USE(95, ReleaseSession, void, (void *session)) \
  USE(96, ReleaseValue, void, (void *value)) \
  USE(97, ReleaseRunOptions, void, (void *options)) \
  USE(98, ReleaseTypeInfo, void, (void *info)) \
  USE(99, ReleaseTensorTypeAndShapeInfo, void, (void *tensor)) \
  USE(100, ReleaseSessionOptions, void, (void *options)) \
  USE(130, AddSessionConfigEntry, STATUS, (void *options, const char *key, const char *value)) \
  USE(144, CreateAndRegisterAllocator, STATUS, (void *env, const void *memory, const void *arena)) \
  USE(156, CreateArenaCfg, STATUS, (size_t bytes_max, int strategy, int first_chunk, int dead_max, void **arena)) \
  USE(157, ReleaseArenaCfg, void, (void *arena)) \
  USE(165, AddRunConfigEntry, STATUS, (void *options, const char *key, const char *value))

struct apus_onnx {
#define POINTER(place, name, result, parameters) result(*name) parameters;
  FUNCTIONS(POINTER)
  const char *version;
  void *env;
  void *memory;
};

struct apus_onnx_session {
  const apus_onnx *onnx;
  void *session;
  char *input_name;
  char *output_names[APUS_ONNX_OUTPUTS_MAX];
  size_t output_count;
};

// Whether the status says that something failed; then the message does, too, and the status is no more.
int apus_onnx_failed(const apus_onnx *onnx, void *status, apus_onnx_message *message);
int apus_onnx_refuse(apus_onnx_message *message, const char *text);

#endif
