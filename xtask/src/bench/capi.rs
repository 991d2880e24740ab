//! How long do tree, lanes and explanation take of many clusters, without a server and without a window?

use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::series::{self, Series};
use crate::programs::cargo_path;

pub(crate) fn measure() -> Result<()> {
    let mut cargo = Command::new(cargo_path());
    cargo.args(["run", "--release", "--quiet", "--package", "capi", "--example", "figures"]);
    let out = cargo.stderr(Stdio::inherit()).output().context("cargo")?;
    if !out.status.success() {
        bail!("the figures of capi ended with {}", out.status);
    }
    for line in String::from_utf8_lossy(&out.stdout).lines() {
        let figure: Value = serde_json::from_str(line).with_context(|| line.to_owned())?;
        let text = |field: &str| figure[field].as_str().unwrap_or_default().to_owned();
        let mut took = Series::default();
        figure["took"].as_array().into_iter().flatten().filter_map(Value::as_f64).for_each(|one| took.push(one));
        series::bound(&text("name"), &text("unit"), &took, figure["bound"].as_f64().unwrap_or_default());
    }
    Ok(())
}
