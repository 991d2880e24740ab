//! Connections to API servers and live tables.
