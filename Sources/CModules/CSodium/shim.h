// libsodium as Swift can call it: its own header, and numbers that it has as macros of macros.
#ifndef APUS_CSODIUM_H
#define APUS_CSODIUM_H

#include <sodium.h>
#include <stddef.h>

/// XChaCha20-Poly1305-IETF, in bytes.
enum {
  APUS_SEAL_KEY_SIZE = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
  APUS_SEAL_NONCE_SIZE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
  APUS_SEAL_TAG_SIZE = crypto_aead_xchacha20poly1305_ietf_ABYTES,
};

/// BLAKE2b (RFC 7693) of both parts, without a key; the state is of a type that Swift can't hold. 0, or -1.
static inline int apus_hash(
    unsigned char *hash, size_t hash_size, const void *context, size_t context_size, const void *bytes, size_t size) {
  crypto_generichash_state state;
  if (crypto_generichash_init(&state, NULL, 0, hash_size) != 0) return -1;
  if (crypto_generichash_update(&state, context, context_size) != 0) return -1;
  if (crypto_generichash_update(&state, bytes, size) != 0) return -1;
  int result = crypto_generichash_final(&state, hash, hash_size);
  sodium_memzero(&state, sizeof state);
  return result;
}

#endif
