// The smallest honest HTTP/1.1 server: one loop, one constant answer, keep-alive and pipelining.
// It is the floor of the start-up table and the upstream of the proxy table.
//
// Listens on descriptor 3 when LISTEN_FDS says so (sd_listen_fds(3)), else on bind_address:port.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

// The control of `bench allocations` is built with a known number here.
#ifndef ALLOCATIONS_PER_REQUEST
#define ALLOCATIONS_PER_REQUEST 0
#endif

#define MAXIMUM_DESCRIPTORS 65536
#define ANSWER \
  "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!"

// How much of the blank line that ends a header has been seen, by descriptor.
static unsigned char matched[MAXIMUM_DESCRIPTORS];

static int activated(void) {
  const char *count = getenv("LISTEN_FDS"), *pid = getenv("LISTEN_PID");
  return count != NULL && pid != NULL && atoi(count) >= 1 && atoi(pid) == getpid() ? 3 : -1;
}

static int listening(void) {
  const char *port = getenv("port"), *address = getenv("bind_address");
  struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(port ? atoi(port) : 8080)};
  inet_pton(AF_INET, address ? address : "127.0.0.1", &name.sin_addr);
  int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(descriptor, (struct sockaddr *)&name, sizeof name) != 0 || listen(descriptor, 4096) != 0) {
    perror("constant: cannot listen");
    exit(1);
  }
  return descriptor;
}

static int requests_ended(int descriptor, const char *bytes, ssize_t count) {
  static const char blank[] = "\r\n\r\n";
  unsigned state = matched[descriptor];
  int ended = 0;
  for (ssize_t index = 0; index < count; index++) {
    if (bytes[index] == blank[state]) state++;
    else state = bytes[index] == '\r';
    if (state == 4) ended++, state = 0;
  }
  matched[descriptor] = state;
  return ended;
}

static void allocate(void) {
  for (int count = 0; count < ALLOCATIONS_PER_REQUEST; count++) {
    void *volatile block = malloc(64);
    free(block);
  }
}

// Returns 0 when the connection is over.
static int answer(int descriptor) {
  char input[16384];
  static char output[64 * (sizeof ANSWER - 1)];
  ssize_t count = read(descriptor, input, sizeof input);
  if (count < 0) return errno == EAGAIN || errno == EINTR;
  if (count == 0) return 0;
  int ended = requests_ended(descriptor, input, count);
  size_t length = 0;
  for (; ended > 0; ended--) {
    allocate();
    memcpy(output + length, ANSWER, sizeof ANSWER - 1);
    length += sizeof ANSWER - 1;
    if (length == sizeof output || ended == 1) {
      // A full socket buffer means a client that does not read: no client of ours does that.
      if (send(descriptor, output, length, MSG_NOSIGNAL) != (ssize_t)length) return 0;
      length = 0;
    }
  }
  return 1;
}

static void accept_all(int poller, int listener) {
  for (;;) {
    int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC), yes = 1;
    if (descriptor < 0) return;
    if (descriptor >= MAXIMUM_DESCRIPTORS) {
      close(descriptor);
      continue;
    }
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    matched[descriptor] = 0;
    struct epoll_event interest = {.events = EPOLLIN, .data.fd = descriptor};
    epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &interest);
  }
}

int main(void) {
  int listener = activated();
  if (listener < 0) listener = listening();
  fcntl(listener, F_SETFL, fcntl(listener, F_GETFL) | O_NONBLOCK);
  int poller = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event interest = {.events = EPOLLIN, .data.fd = listener}, events[256];
  epoll_ctl(poller, EPOLL_CTL_ADD, listener, &interest);
  for (;;) {
    int ready = epoll_wait(poller, events, 256, -1);
    for (int index = 0; index < ready; index++) {
      int descriptor = events[index].data.fd;
      if (descriptor == listener) accept_all(poller, listener);
      else if (!answer(descriptor)) close(descriptor);
    }
  }
}
