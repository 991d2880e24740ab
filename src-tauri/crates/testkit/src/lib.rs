//! Replayed programs, fault proxy, builders for tests.
