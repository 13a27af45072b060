#define _GNU_SOURCE
#include "CMongo.h"

#include <dlfcn.h>
#include <mongoc/mongoc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// Every function of the two libraries that is called here. Types come from the headers, addresses from dlsym(3).
#define FUNCTIONS(USE) \
  USE(mongoc_init) \
  USE(mongoc_log_set_handler) \
  USE(mongoc_uri_new_with_error) \
  USE(mongoc_uri_destroy) \
  USE(mongoc_uri_get_database) \
  USE(mongoc_uri_has_option) \
  USE(mongoc_uri_get_option_as_bool) \
  USE(mongoc_uri_set_option_as_int32) \
  USE(mongoc_uri_set_option_as_bool) \
  USE(mongoc_client_pool_new_with_error) \
  USE(mongoc_client_pool_destroy) \
  USE(mongoc_client_pool_set_error_api) \
  USE(mongoc_client_pool_set_appname) \
  USE(mongoc_client_pool_pop) \
  USE(mongoc_client_pool_push) \
  USE(mongoc_client_read_command_with_opts) \
  USE(mongoc_client_write_command_with_opts) \
  USE(mongoc_client_read_write_command_with_opts) \
  USE(mongoc_read_prefs_new) \
  USE(mongoc_read_prefs_destroy) \
  USE(mongoc_write_concern_new) \
  USE(mongoc_write_concern_destroy) \
  USE(mongoc_write_concern_set_wmajority) \
  USE(mongoc_write_concern_set_journal) \
  USE(mongoc_write_concern_append) \
  USE(bson_init_static) \
  USE(bson_new) \
  USE(bson_destroy) \
  USE(bson_get_data)

#define DECLARE(name) static __typeof__(&name) call_##name;
FUNCTIONS(DECLARE)

static int is_loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

// The library logs to standard error what it returns as errors, too.
static void be_silent(mongoc_log_level_t level, const char *domain, const char *message, void *data) {
  (void)level, (void)domain, (void)message, (void)data;
}

static void load(void) {
  void *library = dlopen("libmongoc-1.0.so.0", RTLD_NOW | RTLD_LOCAL);
  // Its dependency is loaded with it; asked for by name, since RTLD_LOCAL hides it from dlsym of the other.
  void *bson = library ? dlopen("libbson-1.0.so.0", RTLD_NOW | RTLD_LOCAL) : NULL;
  if (!bson) return;
#define FIND(name) \
  call_##name = (__typeof__(&name))dlsym(library, #name); \
  if (!call_##name) call_##name = (__typeof__(&name))dlsym(bson, #name); \
  if (!call_##name) return;
  FUNCTIONS(FIND)
  call_mongoc_init();
  call_mongoc_log_set_handler(be_silent, NULL);
  is_loaded = 1;
}

int apus_mongo_is_there(void) {
  pthread_once(&once, load);
  return is_loaded;
}

struct apus_mongo {
  mongoc_client_pool_t *pool;
  mongoc_uri_t *uri;
  mongoc_read_prefs_t *primary;
  bson_t *write_options;
};

static apus_mongo_trouble trouble(const bson_error_t *error) {
  switch (error->domain) {
    case MONGOC_ERROR_STREAM: return APUS_MONGO_SILENT;
    case MONGOC_ERROR_SERVER_SELECTION:
      // What was found on the way is told in its message alone.
      if (strstr(error->message, "TLS handshake failed") || strstr(error->message, "initialize TLS"))
        return APUS_MONGO_UNTRUSTED;
      return strstr(error->message, "uthentication failed") ? APUS_MONGO_LOCKED : APUS_MONGO_SILENT;
    case MONGOC_ERROR_CLIENT: return APUS_MONGO_LOCKED;
    default: return APUS_MONGO_REFUSED;
  }
}

static void explain(apus_mongo_failure *failure, const bson_error_t *error) {
  failure->trouble = trouble(error);
  failure->code = error->code;
  strncpy(failure->message, error->message, sizeof failure->message - 1);
  failure->message[sizeof failure->message - 1] = 0;
}

// What waits for a server that is away ends before a call does.
static void be_brief(mongoc_uri_t *uri, const char *option, int32_t milliseconds) {
  if (!call_mongoc_uri_has_option(uri, option)) call_mongoc_uri_set_option_as_int32(uri, option, milliseconds);
}

// The older names of these options are kept under the newer ones (mongoc_uri_t(3)).
static bool trusts_anybody(const mongoc_uri_t *uri) {
  return call_mongoc_uri_get_option_as_bool(uri, MONGOC_URI_TLSINSECURE, false) ||
      call_mongoc_uri_get_option_as_bool(uri, MONGOC_URI_TLSALLOWINVALIDCERTIFICATES, false) ||
      call_mongoc_uri_get_option_as_bool(uri, MONGOC_URI_TLSALLOWINVALIDHOSTNAMES, false);
}

apus_mongo *apus_mongo_open(const char *text, apus_mongo_failure *failure) {
  memset(failure, 0, sizeof *failure);
  if (!apus_mongo_is_there()) return NULL;
  bson_error_t error;
  mongoc_uri_t *uri = call_mongoc_uri_new_with_error(text, &error);
  if (!uri) {
    // Not its text: it may hold what it could not read, a password.
    failure->code = error.code;
    return NULL;
  }
  if (trusts_anybody(uri)) {
    failure->trouble = APUS_MONGO_UNTRUSTED;
    call_mongoc_uri_destroy(uri);
    return NULL;
  }
  be_brief(uri, MONGOC_URI_SERVERSELECTIONTIMEOUTMS, 2000);
  be_brief(uri, MONGOC_URI_CONNECTTIMEOUTMS, 2000);
  be_brief(uri, MONGOC_URI_SOCKETTIMEOUTMS, 10000);
  be_brief(uri, MONGOC_URI_MAXPOOLSIZE, 16);
  call_mongoc_uri_set_option_as_bool(uri, MONGOC_URI_RETRYWRITES, true);
  mongoc_client_pool_t *pool = call_mongoc_client_pool_new_with_error(uri, &error);
  if (!pool) {
    explain(failure, &error);
    call_mongoc_uri_destroy(uri);
    return NULL;
  }
  call_mongoc_client_pool_set_error_api(pool, MONGOC_ERROR_API_VERSION_2);
  call_mongoc_client_pool_set_appname(pool, "apus");
  apus_mongo *mongo = calloc(1, sizeof *mongo);
  mongoc_write_concern_t *concern = call_mongoc_write_concern_new();
  call_mongoc_write_concern_set_wmajority(concern, 10000);
  call_mongoc_write_concern_set_journal(concern, true);
  mongo->pool = pool;
  mongo->uri = uri;
  mongo->primary = call_mongoc_read_prefs_new(MONGOC_READ_PRIMARY);
  mongo->write_options = call_bson_new();
  call_mongoc_write_concern_append(concern, mongo->write_options);
  call_mongoc_write_concern_destroy(concern);
  return mongo;
}

void apus_mongo_close(apus_mongo *mongo) {
  call_bson_destroy(mongo->write_options);
  call_mongoc_read_prefs_destroy(mongo->primary);
  call_mongoc_client_pool_destroy(mongo->pool);
  call_mongoc_uri_destroy(mongo->uri);
  free(mongo);
}

const char *apus_mongo_database(const apus_mongo *mongo) { return call_mongoc_uri_get_database(mongo->uri); }

int apus_mongo_run(
    apus_mongo *mongo, const char *database, apus_mongo_kind kind, const uint8_t *command, size_t size,
    uint8_t **reply, size_t *reply_size, apus_mongo_failure *failure) {
  memset(failure, 0, sizeof *failure);
  bson_t request;
  if (!call_bson_init_static(&request, command, size)) {
    strcpy(failure->message, "the command is no BSON document");
    return 0;
  }
  bson_error_t error;
  bson_t answer;
  memset(&error, 0, sizeof error);
  mongoc_client_t *client = call_mongoc_client_pool_pop(mongo->pool);
  bool done = false;
  switch (kind) {
    case APUS_MONGO_READ:
      done = call_mongoc_client_read_command_with_opts(
          client, database, &request, mongo->primary, NULL, &answer, &error);
      break;
    case APUS_MONGO_WRITE:
      done = call_mongoc_client_write_command_with_opts(
          client, database, &request, mongo->write_options, &answer, &error);
      break;
    case APUS_MONGO_READ_WRITE:
      done = call_mongoc_client_read_write_command_with_opts(
          client, database, &request, NULL, mongo->write_options, &answer, &error);
      break;
  }
  call_mongoc_client_pool_push(mongo->pool, client);
  *reply = NULL;
  if (!done) {
    explain(failure, &error);
  } else if ((*reply = malloc(answer.len))) {
    memcpy(*reply, call_bson_get_data(&answer), answer.len);
    *reply_size = answer.len;
  } else {
    done = false;
    strcpy(failure->message, "there is no memory for the reply");
  }
  // Set up in every case (mongoc_client_command_with_opts(3)).
  call_bson_destroy(&answer);
  return done;
}

void apus_mongo_free(uint8_t *reply) { free(reply); }
