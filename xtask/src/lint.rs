//! Is the source formatted, and has the compiler's linter nothing to say?

use std::process::Command;

use anyhow::Result;

use crate::programs::{cargo_path, run};

pub(crate) fn lint() -> Result<()> {
    run(Command::new(cargo_path()).args(["fmt", "--all", "--check"]))?;
    run(Command::new(cargo_path()).args(["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}
