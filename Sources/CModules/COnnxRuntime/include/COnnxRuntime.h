// ONNX Runtime as far as one network needs it: a picture in, tensors of floats out. The library is loaded when it is
// asked for, so nothing of it is needed to build, or to run without it.
#ifndef APUS_CONNXRUNTIME_H
#define APUS_CONNXRUNTIME_H

#include <stddef.h>
#include <stdint.h>

enum {
  APUS_ONNX_OK = 0,
  /// The library, the network or its output can't be used; the message says why.
  APUS_ONNX_UNUSABLE = 1,
  APUS_ONNX_TOO_SLOW = 2,
  /// More outputs than any network that is known here has.
  APUS_ONNX_OUTPUTS_MAX = 16,
  APUS_ONNX_RANK_MAX = 4,
};

typedef struct {
  char text[400];
} apus_onnx_message;

typedef struct apus_onnx apus_onnx;
typedef struct apus_onnx_session apus_onnx_session;

/// Loads a library's bytes into the process, for as long as that lives: not its file, which may have changed since it
/// was looked at, and may lie where no file is executed. Tensors of all its networks together may have `memory_max`
/// bytes.
int apus_onnx_open(
    const void *bytes, size_t size, size_t memory_max, apus_onnx **onnx, apus_onnx_message *message);

/// As the library says, "1.20.0" say.
const char *apus_onnx_version(const apus_onnx *onnx);

/// Makes a network ready that has one input, of four dimensions of floats. `dims` are what it says of them, -1 for any.
int apus_onnx_load(
    const apus_onnx *onnx, const void *model, size_t size, int threads, int64_t dims[4], apus_onnx_session **session,
    apus_onnx_message *message);
void apus_onnx_unload(apus_onnx_session *session);

typedef struct {
  size_t rank;
  int64_t dims[APUS_ONNX_RANK_MAX];
  const float *values;
  size_t count;
} apus_onnx_tensor;

typedef struct {
  const apus_onnx_session *session;
  size_t count;
  apus_onnx_tensor tensors[APUS_ONNX_OUTPUTS_MAX];
  void *values[APUS_ONNX_OUTPUTS_MAX];
} apus_onnx_outputs;

/// Runs it on `dims[0] * … * dims[3]` floats, for at most `time_ns`; each output may have `count_max` values. Several
/// threads may use one session at once. apus_onnx_free ends what comes out, whatever is returned.
int apus_onnx_run(
    const apus_onnx_session *session, const float *input, const int64_t dims[4], int64_t time_ns, size_t count_max,
    apus_onnx_outputs *outputs, apus_onnx_message *message);
void apus_onnx_free(apus_onnx_outputs *outputs);

#endif
