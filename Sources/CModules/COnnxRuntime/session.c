#include "runtime.h"

#include <stdlib.h>
#include <string.h>

#define TRY(call) \
  if (apus_onnx_failed(onnx, onnx->call, message)) return APUS_ONNX_UNUSABLE

static int configure(const apus_onnx *onnx, void *options, int threads, apus_onnx_message *message) {
  TRY(SetIntraOpNumThreads(options, threads));
  TRY(SetInterOpNumThreads(options, 1));
  TRY(SetSessionGraphOptimizationLevel(options, ALL_OPTIMISATIONS));
  // Its threads would wait for the next call by turning in circles.
  TRY(AddSessionConfigEntry(options, "session.intra_op.allow_spinning", "0"));
  TRY(AddSessionConfigEntry(options, "session.use_env_allocators", "1"));
  return APUS_ONNX_OK;
}

static int read_dims(const apus_onnx *onnx, const void *tensor, int64_t dims[4], apus_onnx_message *message) {
  int type = 0;
  size_t rank = 0;
  // NULL where it is a sequence, a map or the like.
  if (tensor) TRY(GetTensorElementType(tensor, &type));
  if (type != TENSOR_OF_FLOATS) return apus_onnx_refuse(message, "its input has to be of 32-bit floats");
  TRY(GetDimensionsCount(tensor, &rank));
  if (rank != 4) return apus_onnx_refuse(message, "its input has to have four dimensions: 1, 3, height, width");
  TRY(GetDimensions(tensor, dims, rank));
  return APUS_ONNX_OK;
}

static int describe_input(apus_onnx_session *session, int64_t dims[4], apus_onnx_message *message) {
  const apus_onnx *onnx = session->onnx;
  void *info = NULL;
  const void *tensor = NULL;
  TRY(SessionGetInputTypeInfo(session->session, 0, &info));
  int failed = apus_onnx_failed(onnx, onnx->CastTypeInfoToTensorInfo(info, &tensor), message);
  int result = failed ? APUS_ONNX_UNUSABLE : read_dims(onnx, tensor, dims, message);
  onnx->ReleaseTypeInfo(info);
  return result;
}

// A name of ours, since theirs would have to go back to where it came from.
static int keep_name(const apus_onnx *onnx, void *allocator, char *name, char **kept, apus_onnx_message *message) {
  *kept = strdup(name);
  TRY(AllocatorFree(allocator, name));
  return *kept ? APUS_ONNX_OK : apus_onnx_refuse(message, "there is no memory");
}

static int describe(apus_onnx_session *session, int64_t dims[4], apus_onnx_message *message) {
  const apus_onnx *onnx = session->onnx;
  size_t inputs = 0, outputs = 0;
  TRY(SessionGetInputCount(session->session, &inputs));
  TRY(SessionGetOutputCount(session->session, &outputs));
  if (inputs != 1) return apus_onnx_refuse(message, "it has to have one input");
  if (outputs == 0 || outputs > APUS_ONNX_OUTPUTS_MAX)
    return apus_onnx_refuse(message, "it has to have 1 to 16 outputs");
  if (describe_input(session, dims, message) != APUS_ONNX_OK) return APUS_ONNX_UNUSABLE;
  void *allocator = NULL;
  char *name = NULL;
  TRY(GetAllocatorWithDefaultOptions(&allocator));
  TRY(SessionGetInputName(session->session, 0, allocator, &name));
  if (keep_name(onnx, allocator, name, &session->input_name, message) != APUS_ONNX_OK) return APUS_ONNX_UNUSABLE;
  for (; session->output_count < outputs; session->output_count++) {
    TRY(SessionGetOutputName(session->session, session->output_count, allocator, &name));
    char **kept = &session->output_names[session->output_count];
    if (keep_name(onnx, allocator, name, kept, message) != APUS_ONNX_OK) return APUS_ONNX_UNUSABLE;
  }
  return APUS_ONNX_OK;
}

int apus_onnx_load(
    const apus_onnx *onnx, const void *model, size_t size, int threads, int64_t dims[4], apus_onnx_session **out,
    apus_onnx_message *message) {
  *out = NULL;
  void *options = NULL;
  TRY(CreateSessionOptions(&options));
  apus_onnx_session *session = calloc(1, sizeof *session);
  int result = session ? configure(onnx, options, threads, message) : apus_onnx_refuse(message, "there is no memory");
  if (result == APUS_ONNX_OK) {
    session->onnx = onnx;
    void *status = onnx->CreateSessionFromArray(onnx->env, model, size, options, &session->session);
    result = apus_onnx_failed(onnx, status, message) ? APUS_ONNX_UNUSABLE : describe(session, dims, message);
  }
  onnx->ReleaseSessionOptions(options);
  if (result == APUS_ONNX_OK) {
    *out = session;
  } else if (session) {
    session->onnx = onnx;
    apus_onnx_unload(session);
  }
  return result;
}

void apus_onnx_unload(apus_onnx_session *session) {
  if (session->session) session->onnx->ReleaseSession(session->session);
  free(session->input_name);
  for (size_t i = 0; i < APUS_ONNX_OUTPUTS_MAX; i++) free(session->output_names[i]);
  free(session);
}
