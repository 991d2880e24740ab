//! The contract over JSON lines and, for page work, over loopback HTTP.
fn main() {}
