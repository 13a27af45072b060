// A plain net/http server with one constant answer: what a Go function would start from.
package main

import (
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
)

var answer = []byte("Hello, World!")

// listen takes descriptor 3 when LISTEN_FDS says so (sd_listen_fds(3)), else bind_address:port.
func listen() (net.Listener, error) {
	count, _ := strconv.Atoi(os.Getenv("LISTEN_FDS"))
	pid, _ := strconv.Atoi(os.Getenv("LISTEN_PID"))
	if count >= 1 && pid == os.Getpid() {
		return net.FileListener(os.NewFile(3, "http"))
	}
	address := os.Getenv("bind_address")
	if address == "" {
		address = "127.0.0.1"
	}
	return net.Listen("tcp", net.JoinHostPort(address, os.Getenv("port")))
}

func main() {
	listener, err := listen()
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.Write(answer)
	})))
}
