//! Is the source formatted, and has the compiler's linter nothing to say?

use std::process::Command;

use anyhow::Result;

use crate::arguments::Consent;
use crate::machine;
use crate::programs::{cargo_path, run};

pub(crate) fn lint(consent: Consent) -> Result<()> {
    machine::packages(machine::RUN_PACKAGES, consent)?;
    run(Command::new(cargo_path()).args(["fmt", "--all", "--check"]))?;
    run(Command::new(cargo_path()).args(["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}
