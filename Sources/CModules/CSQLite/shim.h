// SQLite as Swift can call it: its own header, and functions for what it offers as casts and variadics only.
#ifndef APUS_CSQLITE_H
#define APUS_CSQLITE_H

#include <sqlite3.h>
#include <stdint.h>

/// An extended result code, which is a macro of macros.
enum { APUS_SQLITE_IOERR_NOMEM = SQLITE_IOERR_NOMEM };

/// Binds a copy of the bytes.
static inline int apus_bind_text(sqlite3_stmt *statement, int index, const char *text, uint64_t length) {
  return sqlite3_bind_text64(statement, index, text, length, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// Binds a copy of the bytes; no bytes are an empty blob, where SQLite would bind NULL for a null pointer.
static inline int apus_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, uint64_t length) {
  if (length == 0) return sqlite3_bind_zeroblob(statement, index, 0);
  return sqlite3_bind_blob64(statement, index, bytes, length, SQLITE_TRANSIENT);
}

/// Takes from SQL what only an attacker or a slip would use: writing the schema's own table, functions in a schema
/// that is not ours, and "text" in double quotes, which turns a misspelt column into a constant.
static inline int apus_harden(sqlite3 *connection) {
  static const struct {
    int option;
    int value;
  } settings[] = {
    {SQLITE_DBCONFIG_DEFENSIVE, 1},
    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
    {SQLITE_DBCONFIG_DQS_DML, 0},
    {SQLITE_DBCONFIG_DQS_DDL, 0},
  };
  for (unsigned i = 0; i < sizeof settings / sizeof settings[0]; i++) {
    int result = sqlite3_db_config(connection, settings[i].option, settings[i].value, (int *)0);
    if (result != SQLITE_OK) return result;
  }
  return SQLITE_OK;
}

#endif
