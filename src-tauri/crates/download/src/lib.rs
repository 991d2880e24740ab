//! Fetches a pinned release and verifies it before use.
