// The MongoDB driver (libmongoc), loaded when it is first asked for: a program that keeps its accounts in SQLite
// neither needs the library nor pays for its start. Commands and replies are BSON documents as bytes, so no struct of
// the library is seen here.
#ifndef APUS_CMONGO_H
#define APUS_CMONGO_H

#include <stddef.h>
#include <stdint.h>

/// A pool of connections to one deployment of MongoDB.
typedef struct apus_mongo apus_mongo;

/// Whether it is the command that failed, or the way to a server that takes it.
typedef enum {
  APUS_MONGO_REFUSED,
  /// No server is to be had, or the connection broke.
  APUS_MONGO_SILENT,
  /// The server lets nobody in with these credentials.
  APUS_MONGO_LOCKED,
  /// Its certificate is not to be trusted, or there is nothing to check it by; when opening, the URI says not to.
  APUS_MONGO_UNTRUSTED,
} apus_mongo_trouble;

/// Why something failed.
typedef struct {
  apus_mongo_trouble trouble;
  /// Of a refusal, the server's.
  uint32_t code;
  char message[512];
} apus_mongo_failure;

/// Whether the library is on this machine; loads it.
int apus_mongo_is_there(void);

/// A pool for that URI, or NULL. Writes are retryable and acknowledged by a majority, in its journal; reads are the
/// primary's.
apus_mongo *apus_mongo_open(const char *uri, apus_mongo_failure *failure);

void apus_mongo_close(apus_mongo *mongo);

/// The database that the URI names; NULL if it names none. Lives as long as the pool.
const char *apus_mongo_database(const apus_mongo *mongo);

typedef enum { APUS_MONGO_READ, APUS_MONGO_WRITE, APUS_MONGO_READ_WRITE } apus_mongo_kind;

/// Runs one command in a database. 1 and the reply, to be freed, or 0 and why.
int apus_mongo_run(
    apus_mongo *mongo, const char *database, apus_mongo_kind kind, const uint8_t *command, size_t size,
    uint8_t **reply, size_t *reply_size, apus_mongo_failure *failure);

void apus_mongo_free(uint8_t *reply);

#endif
