//! Do jobs keep their word, with a world of toys?

#[expect(clippy::wildcard_enum_match_arm, reason = "a test reads the few events it is about")]
mod crash;
mod damage;
#[expect(clippy::wildcard_enum_match_arm, reason = "a test reads the few events it is about")]
mod full_disk;
mod toy;
mod verbs;
mod viewers;
