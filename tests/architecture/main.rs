//! Does the code keep the shape that ARCHITECTURE.md promises?

mod features;
mod foreign;
mod layering;
mod licences;
mod security;
mod tidy;
mod tree;
