// Command capi-render turns a provider's components into ones whose webhooks a process on this machine serves:
// each clientConfig.service becomes a url on 127.0.0.1 that our CA vouches for. It reads stdin and writes stdout.
package main

import (
	"bytes"
	"encoding/base64"
	"flag"
	"fmt"
	"io"
	"os"

	"sigs.k8s.io/yaml"
)

func main() {
	port := flag.Int("port", 0, "webhook port on 127.0.0.1")
	authority := flag.String("ca", "", "file of the CA")
	image := flag.String("image", "", "replaces every container image")
	flag.Parse()
	pem, err := os.ReadFile(*authority)
	or(err)
	bundle := base64.StdEncoding.EncodeToString(pem)
	local := func(config map[string]any) {
		service, ok := config["service"].(map[string]any)
		if !ok {
			return
		}
		path, _ := service["path"].(string)
		delete(config, "service")
		config["url"] = fmt.Sprintf("https://127.0.0.1:%d%s", *port, path)
		config["caBundle"] = bundle
	}
	in, err := io.ReadAll(os.Stdin)
	or(err)
	for _, document := range bytes.Split(in, []byte("\n---\n")) {
		var object map[string]any
		or(yaml.Unmarshal(document, &object))
		if object == nil {
			continue
		}
		// What we serve ourselves needs no certificate of cert-manager's.
		if annotations, ok := below(object, "metadata", "annotations"); ok {
			delete(annotations, "cert-manager.io/inject-ca-from")
		}
		switch object["kind"] {
		case "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration":
			webhooks, _ := object["webhooks"].([]any)
			for _, webhook := range webhooks {
				if config, ok := below(webhook.(map[string]any), "clientConfig"); ok {
					local(config)
				}
			}
		case "CustomResourceDefinition":
			if config, ok := below(object, "spec", "conversion", "webhook", "clientConfig"); ok {
				local(config)
			}
		case "Deployment":
			if pod, ok := below(object, "spec", "template", "spec"); ok {
				containers, _ := pod["containers"].([]any)
				for _, container := range containers {
					container.(map[string]any)["image"] = *image
				}
			}
		}
		out, err := yaml.Marshal(object)
		or(err)
		fmt.Printf("---\n%s", out)
	}
}

func below(object map[string]any, path ...string) (map[string]any, bool) {
	for _, name := range path {
		next, ok := object[name].(map[string]any)
		if !ok {
			return nil, false
		}
		object = next
	}
	return object, true
}

func or(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "capi-render:", err)
		os.Exit(1)
	}
}
