//! How much memory does a text take that was written to take all of it?
//!
//! What is counted in a budget is shown beside each budget; here stands what it comes to, at the doors where texts of others
//! come in: a kubeconfig, a form in YAML, a configuration of kind.

use std::fmt::Write as _;

use serde_json::{Value, json};
use tests::{Desk, Headless, Process};

use crate::management;

/// Beside what the core had before; the text, its line on standard input and its answer are in it.
const MOST: u64 = 64 * 1024 * 1024;

/// Texts of at most so many bytes that cost a careless reader gigabytes, its stack or minutes.
fn bombs(most: usize) -> Vec<(&'static str, String)> {
    let nested = |name: char, first: &str, item: fn(&str) -> String| {
        (1..12).fold(format!("{name}0: &{name}0 {first}\n"), |text, n| {
            let nine = vec![format!("*{name}{}", n - 1); 9].join(", ");
            text + &format!("{name}{n}: &{name}{n} {}\n", item(&nine))
        })
    };
    let aliases = |n: usize| (0..n).fold(String::new(), |text, n| text + &format!("k{n}: *a\n"));
    let mut keys = String::new();
    for n in 0.. {
        if keys.len() + 32 > most {
            break;
        }
        writeln!(keys, "key-{n}: {n}").expect("a text takes every line");
    }
    vec![
        ("a billion laughs", nested('a', "[x, x, x]", |nine| format!("[{nine}]"))),
        ("merge keys in a chain", nested('m', "{a: 1, b: 2}", |nine| format!("{{<<: [{nine}]}}"))),
        ("one huge text many times", format!("a: &a {}\n{}", "x".repeat(most / 2), aliases(150))),
        ("many aliases", format!("a: &a [x]\n{}", aliases(most / 16))),
        ("many keys", keys),
        ("one key many times", "a: 1\n".repeat(10_000)),
        ("many values", format!("[{}]", "0,".repeat(most / 2 - 2))),
        ("deep brackets", "[".repeat(10_000) + &"]".repeat(10_000)),
        ("deep dashes", "- ".repeat(10_000)),
        ("deep keys", (0..10_000).fold(String::new(), |text, n: usize| text + &" ".repeat(n.min(16)) + "? \n")),
        ("many variables", "a: ${A}\n".repeat(20_000)),
        ("many documents", "a: b\n---\n".repeat(most / 9)),
        ("one huge text", format!("a: \"{}\"", "x".repeat(most - 8))),
    ]
}

/// What one act takes at its worst moment, in bytes, above what there was before it.
struct Meter {
    process: Process,
    before: u64,
}

impl Meter {
    fn of(core: &Headless) -> anyhow::Result<Self> {
        let process = Process::numbered(core.pid().unwrap_or_default()).expect("the core runs");
        process.forget_peak()?;
        Ok(Self { before: process.peak(), process })
    }

    fn took(&self) -> u64 {
        self.process.peak().saturating_sub(self.before)
    }
}

#[tokio::test]
async fn a_kubeconfig_that_is_a_bomb_takes_no_more_memory_than_it_may() -> anyhow::Result<()> {
    for (name, text) in bombs(8 * 1024 * 1024 - 64) {
        let desk = Desk::new();
        let path = desk.file("bomb.yaml", &text).display().to_string();
        let mut core = Headless::start(&desk, &[]).await?;
        let files = core.subscribe(json!("Files")).await?;
        core.call("about", Value::Null).await?;
        let meter = Meter::of(&core)?;
        core.call("add_paths", json!({ "paths": [path] })).await?;
        let rows = core.until(files, name, |rows| rows.rows.iter().any(|row| row["id"] == path.as_str())).await?;
        let took = meter.took();
        assert!(took < MOST, "{name} took {took} bytes");
        let row = rows.rows.iter().find(|row| row["id"] == path.as_str()).cloned().unwrap_or_default();
        assert!(row["contexts"] == 0 && row.to_string().len() < 64 * 1024, "{name}: nothing of it is repeated");
        core.end().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_form_or_a_configuration_that_is_a_bomb_is_refused_with_a_sentence_and_takes_no_more_memory_than_it_may() -> anyhow::Result<()> {
    let (_desk, mut core, manager) = management().await?;
    let offer = core.call("offer_classes", json!({ "context": manager })).await?;
    let spec = core.call("suggest_management", Value::Null).await?["spec"].clone();
    for (name, text) in bombs(1_000_000) {
        let mut form = offer["form"].clone();
        form["yaml"] = json!(text);
        let meter = Meter::of(&core)?;
        let plan = core.call("plan_cluster", json!({ "context": manager, "form": form, "leads": "Yaml" })).await?;
        let took = meter.took();
        assert!(took < MOST, "the form, {name}: {took} bytes");
        let says = |check: &Value| check["level"] == "Stops" && check["says"].as_str().is_some_and(|says| !says.is_empty() && says.len() < 500);
        assert!(plan["checks"].as_array().is_some_and(|all| all.iter().any(says)), "the form, {name}: {}", plan["checks"]);
    }
    for (name, text) in bombs(250_000) {
        let meter = Meter::of(&core)?;
        let read = core.call("read_config", json!({ "spec": spec, "text": text })).await?;
        let took = meter.took();
        assert!(took < MOST, "the configuration, {name}: {took} bytes");
        assert!(read["Wrong"].as_array().is_some_and(|lines| !lines.is_empty()), "the configuration, {name}");
    }
    core.end().await
}
