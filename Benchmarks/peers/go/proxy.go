// httputil.ReverseProxy as the OpenFaaS gateway uses it, with enough idle connections to keep them all.
package main

import (
	"flag"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8080", "address to listen on")
	upstream := flag.String("upstream", "127.0.0.1:8081", "address to pass requests to")
	idle := flag.Int("idle", 128, "idle connections kept to the upstream")
	flag.Parse()

	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil
	transport.DisableCompression = true
	transport.MaxIdleConns = 0
	transport.MaxIdleConnsPerHost = *idle
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: *upstream})
	proxy.Transport = transport
	log.Fatal(http.ListenAndServe(*listen, proxy))
}
