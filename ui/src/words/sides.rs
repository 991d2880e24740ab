//! What are the sides of a thing called to which a key leads?

pub const LOG: &str = "Log";
pub const YAML: &str = "YAML";
