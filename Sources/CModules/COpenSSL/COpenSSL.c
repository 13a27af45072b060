#include "COpenSSL.h"

#include <stdlib.h>

// --- The library -----------------------------------------------------------------------------------------------------

static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
static BIO_METHOD *method;

struct wire {
  void *context;
  apus_tls_read read;
  apus_tls_write write;
  int ended;
};

static int wire_read(BIO *bio, char *bytes, int count) {
  struct wire *wire = BIO_get_data(bio);
  BIO_clear_retry_flags(bio);
  if (!bytes || count <= 0) return 0;
  ptrdiff_t result = wire->read(wire->context, bytes, (size_t)count);
  if (result == APUS_TLS_WAIT) BIO_set_retry_read(bio);
  if (result == 0) wire->ended = 1;
  return result < 0 ? -1 : (int)result;
}

static int wire_write(BIO *bio, const char *bytes, int count) {
  struct wire *wire = BIO_get_data(bio);
  BIO_clear_retry_flags(bio);
  if (!bytes || count <= 0) return 0;
  ptrdiff_t result = wire->write(wire->context, bytes, (size_t)count);
  if (result == APUS_TLS_WAIT) BIO_set_retry_write(bio);
  return result < 0 ? -1 : (int)result;
}

static long wire_control(BIO *bio, int command, long number, void *pointer) {
  (void)number;
  (void)pointer;
  struct wire *wire = BIO_get_data(bio);
  switch (command) {
    case BIO_CTRL_FLUSH: return 1;
    // By this OpenSSL tells a cut connection from one that only has nothing to say.
    case BIO_CTRL_EOF: return wire->ended;
    default: return 0;
  }
}

static int wire_destroy(BIO *bio) {
  if (!bio) return 0;
  free(BIO_get_data(bio));
  BIO_set_data(bio, NULL);
  return 1;
}

static void start(void) {
  if (OPENSSL_init_ssl(OPENSSL_INIT_NO_ATEXIT, NULL) != 1) return;
  BIO_METHOD *made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "a stream of a loop");
  if (!made) return;
  BIO_meth_set_read(made, wire_read);
  BIO_meth_set_write(made, wire_write);
  BIO_meth_set_ctrl(made, wire_control);
  BIO_meth_set_destroy(made, wire_destroy);
  method = made;
}

int apus_tls_start(void) { return CRYPTO_THREAD_run_once(&once, start) == 1 && method; }

// --- The wire below a session ----------------------------------------------------------------------------------------

int apus_tls_set_wire(SSL *session, void *context, apus_tls_read read, apus_tls_write write) {
  struct wire *wire = malloc(sizeof *wire);
  if (!wire) return 0;
  BIO *bio = BIO_new(method);
  if (!bio) {
    free(wire);
    return 0;
  }
  *wire = (struct wire){.context = context, .read = read, .write = write};
  BIO_set_data(bio, wire);
  BIO_set_init(bio, 1);
  // One reference serves both directions (SSL_set_bio(3)).
  SSL_set_bio(session, bio, bio);
  return 1;
}

// --- Contexts --------------------------------------------------------------------------------------------------------

void apus_ctx_set_defaults(SSL_CTX *context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  // A peer that may ask for handshakes without end has a lever on our processor; TLS 1.3 has none of it.
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // The moving buffer: what a task writes may lie elsewhere when it tries again.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY);
  // Otherwise each record costs two reads, one for its five bytes of header.
  SSL_CTX_set_read_ahead(context, 1);
}
