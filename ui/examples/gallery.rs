//! Writes every page with sample data as files that a browser opens: `cargo run -p ui --example gallery FOLDER`.

#[path = "../tests/pages/sample.rs"]
mod sample;

use std::{fs, path::Path};

fn main() {}
