//! How is the page shown in a browser, for quick work on it?

use std::process::Command;

use anyhow::Result;

use crate::arguments::{Consent, Fleet};
use crate::page::{self, Profile};
use crate::programs::{cargo_path, run};

/// Builds the page and serves it with the same core on loopback; never part of what ships.
pub(crate) fn serve(fleet: &Fleet, consent: Consent) -> Result<()> {
    page::build(Profile::Work, consent)?;
    let mut cargo = Command::new(cargo_path());
    cargo.args(["run", "--locked", "--package", "headless", "--", "--serve", "dist"]);
    run(cargo.args(fleet.word()))
}
