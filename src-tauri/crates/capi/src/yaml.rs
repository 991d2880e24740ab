//! How is a YAML of somebody else read so that none costs more than it may?
//!
//! The door for definitions, manifests and what providers bring; kubeconfigs and settings have the budget of `kubeconfig::tree`.
//! Start at: [`one`], [`many`].

use serde_json::Value;
use serde_yaml::{Error, Options, budget::BudgetBreach};

/// The largest definitions of kinds have some 20,000 values, all those of a provider five times as many.
const MOST_VALUES: usize = 150_000;
const MOST_ALIASES: usize = 200;
const MOST_DOCUMENTS: usize = 1_000;
/// With aliases spelt out.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// A schema of a kind is nested deeper than any object.
const MOST_LEVELS: usize = 64;

/// Reads a text of one document.
pub fn one(text: &str) -> Result<Value, Error> {
    serde_yaml::from_str_with_options(text, options())
}

/// Reads a text of several documents; empty ones are left out.
pub fn many(text: &str) -> Result<Vec<Value>, Error> {
    serde_yaml::from_multiple_with_options(text, options())
}

fn options() -> Options {
    serde_yaml::options! {
        budget: serde_yaml::budget! {
            max_events: 4 * MOST_VALUES,
            max_nodes: MOST_VALUES,
            max_aliases: MOST_ALIASES,
            max_merge_keys: MOST_ALIASES,
            max_documents: MOST_DOCUMENTS,
            max_depth: MOST_LEVELS,
            max_total_scalar_bytes: MOST_BYTES,
        },
        alias_limits: serde_yaml::alias_limits! {
            max_total_replayed_events: MOST_VALUES,
        },
    }
}

/// What is wrong with a text, in one sentence.
pub fn said(why: &Error) -> String {
    over_budget(why).unwrap_or_else(|| first_sentence(&why.to_string()))
}

/// Which budget a text breaks, `None` when it is broken in another way.
pub fn over_budget(why: &Error) -> Option<String> {
    let mut inner = why;
    while let Error::AliasError { error, .. } | Error::WithSnippet { error, .. } = inner {
        inner = error;
    }
    if matches!(inner, Error::AliasReplayLimitExceeded { .. } | Error::AliasReplayStackDepthExceeded { .. }) {
        return Some(format!("It has more than {MOST_VALUES} values with its aliases spelt out."));
    }
    let Error::Budget { breach, .. } = inner else { return None };
    Some(if matches!(breach, BudgetBreach::Depth { .. }) {
        format!("It is nested deeper than {MOST_LEVELS} levels.")
    } else if matches!(breach, BudgetBreach::Aliases { .. } | BudgetBreach::AliasAnchorRatio { .. } | BudgetBreach::MergeKeys { .. }) {
        format!("It has more than {MOST_ALIASES} aliases or merge keys, or too many for what they name.")
    } else if matches!(breach, BudgetBreach::Documents { .. }) {
        format!("It has more than {MOST_DOCUMENTS} documents.")
    } else {
        format!("It has more than {MOST_VALUES} values or 16 MiB, with its aliases spelt out.")
    })
}

/// The first line of what the reader of YAML said, as a sentence.
fn first_sentence(said: &str) -> String {
    let line = said.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    format!("{}.", line.trim_start_matches("error: ").trim_end_matches('.'))
}

/// Texts that cost a careless reader gigabytes or its stack.
#[cfg(test)]
pub(crate) fn bombs() -> Vec<(&'static str, String)> {
    let nested = |name: &str, first: &str, item: fn(&str) -> String| {
        (1..12).fold(format!("{name}0: &{name}0 {first}\n"), |text, n| {
            let nine = vec![format!("*{name}{}", n - 1); 9].join(", ");
            text + &format!("{name}{n}: &{name}{n} {}\n", item(&nine))
        })
    };
    let aliases = |n: usize| (0..n).map(|n| format!("k{n}: *a\n")).collect::<String>();
    vec![
        ("aliases of aliases", nested("a", "[x, x, x]", |nine| format!("[{nine}]"))),
        ("merge keys in a chain", nested("m", "{a: 1, b: 2}", |nine| format!("{{<<: [{nine}]}}"))),
        ("one huge text many times", format!("a: &a {}\n{}", "x".repeat(200_000), aliases(150))),
        ("many aliases", format!("a: &a x\n{}", aliases(MOST_ALIASES + 1))),
        ("many values", format!("[{}]", "0,".repeat(2 * MOST_VALUES))),
        ("deep lists in brackets", "[".repeat(10_000) + &"]".repeat(10_000)),
        ("deep lists by dashes", "- ".repeat(10_000)),
        ("many documents", "a: b\n---\n".repeat(1_000_000)),
    ]
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::Strategy;
    use proptest::sample::select;
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
    use serde_json::Value;

    use super::{MOST_LEVELS, MOST_VALUES, bombs, many, one, said};

    /// The values of an object, and how deep it is.
    fn size(value: &Value) -> (usize, usize) {
        let add = |(values, levels): (usize, usize), inner: &Value| {
            let (more, deep) = size(inner);
            (values + more, levels.max(deep + 1))
        };
        match value {
            Value::Array(items) => items.iter().fold((1, 1), add),
            Value::Object(fields) => fields.values().fold((1, 1), add),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => (1, 1),
        }
    }

    #[test]
    fn pieces_of_yaml_in_any_order_are_answered_and_cost_no_more_than_they_may() {
        let pieces = [
            "a: ",
            "b: ",
            "&a ",
            "&b ",
            "*a",
            "*b",
            "<<: ",
            "<<: *a\n",
            "[",
            "]",
            "{",
            "}",
            ", ",
            "- ",
            "? ",
            ": ",
            "\n",
            "  ",
            "'x'",
            "\"y\"",
            "|\n",
            ">-\n",
            "---\n",
            "...\n",
            "# c\n",
            "!!str ",
            "!!binary ",
            "!t ",
            "~",
            "1e400",
            ".nan",
            "x",
            "\t",
            "\u{feff}",
            "é",
            "'",
        ];
        let bombs = bombs().into_iter().map(|(_, text)| text).filter(|text| text.len() < 4_000).collect::<Vec<_>>();
        let whole = select(bombs).prop_flat_map(|text| (0..text.len()).prop_map(move |end| text.get(..end).unwrap_or_default().to_owned()));
        let texts = (whole, vec(select(pieces.to_vec()), 0..120)).prop_map(|(begin, pieces)| [pieces.concat(), begin]);
        // The same texts at every run.
        let config = Config { cases: 100, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let all = |texts: [String; 2]| {
            for text in texts {
                let read = one(&text).into_iter().chain(many(&text).into_iter().flatten());
                let (values, levels) = read.map(|value| size(&value)).fold((0, 0), |(values, levels), (more, deep)| (values + more, levels.max(deep)));
                assert!(values <= 4 * MOST_VALUES && levels <= MOST_LEVELS + 1, "{values} values in {levels} levels of {text:?}");
            }
            Ok(())
        };
        runner.run(&texts, all).unwrap();
    }

    #[test]
    fn every_bomb_is_refused_with_a_sentence_that_holds_none_of_it() {
        for (name, text) in bombs() {
            for why in [one(&text).err(), many(&text).err()] {
                let why = why.unwrap_or_else(|| panic!("{name} was read"));
                let said = said(&why);
                assert!(said.ends_with('.') && said.len() < 300 && !said.contains("xxxx"), "{name}: {said}");
            }
        }
    }

    #[test]
    fn budgets_are_named_and_other_mistakes_are_quoted() {
        let refused = |name: &str| bombs().into_iter().find(|(of, _)| *of == name).and_then(|(_, text)| one(&text).err()).map(|why| said(&why));
        assert_eq!(refused("many values").unwrap(), "It has more than 150000 values or 16 MiB, with its aliases spelt out.");
        assert!(refused("many aliases").unwrap().contains("200 aliases"));
        assert!(!said(&one("kind: [").unwrap_err()).contains("It has more than"));
    }

    #[test]
    fn what_people_write_with_anchors_and_merge_keys_is_read() {
        let text = "base: &base {a: 1, b: 2}\nuse:\n  <<: *base\n  b: 3\nagain: *base\n";
        let read = one(text).unwrap();
        assert_eq!(read["use"], serde_json::json!({ "a": 1, "b": 3 }));
        assert_eq!(many("a: 1\n---\n---\nb: 2\n").unwrap().len(), 2);
    }
}
