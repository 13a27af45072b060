// OpenSSL 3 as Swift can call it: the library's own headers, and functions for what they offer as macros only.
#ifndef APUS_COPENSSL_H
#define APUS_COPENSSL_H

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stddef.h>
#include <stdint.h>

// --- The library -----------------------------------------------------------------------------------------------------

/// Before anything else; again is no error. 1, or 0 if OpenSSL can't start. Leaves out its exit handler, which frees
/// what other threads still use.
int apus_tls_start(void);

// --- The wire below a session ----------------------------------------------------------------------------------------

/// What the callbacks answer besides a count of bytes (0 from `read` is the end of input).
enum { APUS_TLS_WAIT = -1, APUS_TLS_BROKEN = -2 };

typedef ptrdiff_t (*apus_tls_read)(void *context, void *bytes, size_t count);
typedef ptrdiff_t (*apus_tls_write)(void *context, const void *bytes, size_t count);

/// Makes `session` read and write through the callbacks, to which `context` must stay valid as long as the session.
/// 1, or 0 when out of memory.
int apus_tls_set_wire(SSL *session, void *context, apus_tls_read read, apus_tls_write write);

// --- Macros as functions ---------------------------------------------------------------------------------------------

/// What server and client have in common: TLS 1.2 at least, no renegotiation, buffers only while there is something in
/// them, and reading in large pieces.
void apus_ctx_set_defaults(SSL_CTX *context);

static inline void apus_ctx_set_no_session_cache(SSL_CTX *context) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

static inline void apus_ctx_on_server_name(SSL_CTX *context, int (*select)(SSL *, int *, void *), void *argument) {
  SSL_CTX_set_tlsext_servername_callback(context, select);
  SSL_CTX_set_tlsext_servername_arg(context, argument);
}

static inline int apus_ssl_set_server_name(SSL *session, const char *name) {
  return (int)SSL_set_tlsext_host_name(session, name);
}

#endif
