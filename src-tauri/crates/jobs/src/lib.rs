//! Plans, steps, events, journal, resume; knows nothing of Kubernetes.
