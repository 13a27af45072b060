#define _GNU_SOURCE
#include "runtime.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#define TRY(call) \
  if (apus_onnx_failed(onnx, onnx->call, message)) return APUS_ONNX_UNUSABLE

// Ends a run that takes too long, from a thread of its own: the run has ours.
typedef struct {
  const apus_onnx *onnx;
  void *options;
  struct timespec end;
  pthread_mutex_t mutex;
  pthread_cond_t cond;
  int is_done;
  int has_ended_it;
} watch;

static void *look(void *argument) {
  watch *watch = argument;
  pthread_mutex_lock(&watch->mutex);
  int waited = 0;
  while (!watch->is_done && waited != ETIMEDOUT)
    waited = pthread_cond_clockwait(&watch->cond, &watch->mutex, CLOCK_MONOTONIC, &watch->end);
  if (!watch->is_done) {
    watch->has_ended_it = 1;
    void *status = watch->onnx->RunOptionsSetTerminate(watch->options);
    if (status) watch->onnx->ReleaseStatus(status);
  }
  pthread_mutex_unlock(&watch->mutex);
  return NULL;
}

static struct timespec after(int64_t nanoseconds) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  if (nanoseconds < 0) nanoseconds = 0;
  now.tv_sec += nanoseconds / 1000000000;
  now.tv_nsec += nanoseconds % 1000000000;
  if (now.tv_nsec >= 1000000000) {
    now.tv_sec += 1;
    now.tv_nsec -= 1000000000;
  }
  return now;
}

static int run(
    const apus_onnx_session *session, void *options, void *input, int64_t time_ns, apus_onnx_outputs *outputs,
    apus_onnx_message *message) {
  const apus_onnx *onnx = session->onnx;
  // What the arena does not need any more goes back to the system.
  TRY(AddRunConfigEntry(options, "memory.enable_memory_arena_shrinkage", "cpu:0"));
  watch watch = {
      .onnx = onnx, .options = options, .end = after(time_ns), .mutex = PTHREAD_MUTEX_INITIALIZER,
      .cond = PTHREAD_COND_INITIALIZER};
  pthread_t watcher;
  if (pthread_create(&watcher, NULL, look, &watch) != 0)
    return apus_onnx_refuse(message, "there is no thread to watch over its time");
  const char *name = session->input_name;
  const void *value = input;
  void *status = onnx->Run(
      session->session, options, &name, &value, 1, (const char *const *)session->output_names, session->output_count,
      outputs->values);
  pthread_mutex_lock(&watch.mutex);
  watch.is_done = 1;
  pthread_cond_signal(&watch.cond);
  pthread_mutex_unlock(&watch.mutex);
  pthread_join(watcher, NULL);
  int failed = apus_onnx_failed(onnx, status, message);
  if (watch.has_ended_it) return APUS_ONNX_TOO_SLOW;
  return failed ? APUS_ONNX_UNUSABLE : APUS_ONNX_OK;
}

static int read_shape(
    const apus_onnx *onnx, const void *shape, size_t count_max, apus_onnx_tensor *tensor, apus_onnx_message *message) {
  int type = 0;
  TRY(GetTensorElementType(shape, &type));
  if (type != TENSOR_OF_FLOATS) return apus_onnx_refuse(message, "its outputs have to be of 32-bit floats");
  TRY(GetDimensionsCount(shape, &tensor->rank));
  if (tensor->rank > APUS_ONNX_RANK_MAX)
    return apus_onnx_refuse(message, "its outputs may have four dimensions at most");
  TRY(GetDimensions(shape, tensor->dims, tensor->rank));
  TRY(GetTensorShapeElementCount(shape, &tensor->count));
  if (tensor->count > count_max) return apus_onnx_refuse(message, "its output is too large");
  return APUS_ONNX_OK;
}

static int read_output(
    const apus_onnx *onnx, void *value, size_t count_max, apus_onnx_tensor *tensor, apus_onnx_message *message) {
  int type = 0;
  void *shape = NULL, *data = NULL;
  if (value) TRY(GetValueType(value, &type));
  if (type != VALUE_IS_TENSOR) return apus_onnx_refuse(message, "its outputs have to be tensors");
  TRY(GetTensorTypeAndShape(value, &shape));
  int result = read_shape(onnx, shape, count_max, tensor, message);
  onnx->ReleaseTensorTypeAndShapeInfo(shape);
  if (result != APUS_ONNX_OK) return result;
  if (tensor->count > 0) TRY(GetTensorMutableData(value, &data));
  tensor->values = data;
  return APUS_ONNX_OK;
}

int apus_onnx_run(
    const apus_onnx_session *session, const float *input, const int64_t dims[4], int64_t time_ns, size_t count_max,
    apus_onnx_outputs *outputs, apus_onnx_message *message) {
  const apus_onnx *onnx = session->onnx;
  memset(outputs, 0, sizeof *outputs);
  outputs->session = session;
  size_t size = sizeof(float) * (size_t)dims[0] * (size_t)dims[1] * (size_t)dims[2] * (size_t)dims[3];
  void *value = NULL, *options = NULL;
  // The library writes into no input; its interface knows no constant data.
  TRY(CreateTensorWithDataAsOrtValue(onnx->memory, (void *)input, size, dims, 4, TENSOR_OF_FLOATS, &value));
  int result = APUS_ONNX_UNUSABLE;
  if (!apus_onnx_failed(onnx, onnx->CreateRunOptions(&options), message)) {
    result = run(session, options, value, time_ns, outputs, message);
    onnx->ReleaseRunOptions(options);
  }
  onnx->ReleaseValue(value);
  for (size_t i = 0; result == APUS_ONNX_OK && i < session->output_count; i++) {
    result = read_output(onnx, outputs->values[i], count_max, &outputs->tensors[i], message);
    outputs->count = i + 1;
  }
  return result;
}

void apus_onnx_free(apus_onnx_outputs *outputs) {
  for (size_t i = 0; i < APUS_ONNX_OUTPUTS_MAX; i++)
    if (outputs->values[i]) outputs->session->onnx->ReleaseValue(outputs->values[i]);
  memset(outputs, 0, sizeof *outputs);
}
