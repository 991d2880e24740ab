use proptest::collection::vec;
use proptest::prelude::Strategy;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::{Broken, Budget, DEPTH_AT_MOST, NODES_AT_MOST, Node, Value, looks_typed, read};

fn refused(text: &str) -> Option<Budget> {
    match read(text) {
        Err(Broken::OverBudget { budget, .. }) => Some(budget),
        Err(_) | Ok(_) => None,
    }
}

fn laughs(levels: usize) -> String {
    let mut text = String::from("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..levels {
        let item = format!("*a{}", level - 1);
        text += &format!("a{level}: &a{level} [{}]\n", [item.as_str(); 9].join(", "));
    }
    text
}

#[test]
fn bombs_are_refused_by_the_budget_that_they_break() {
    let events: String = "[".to_owned() + &"0,".repeat(120_000) + "]";
    let quadratic = format!("a: &a {}\n", "x".repeat(200_000)) + &(0..150).map(|n| format!("b{n}: *a\n")).collect::<String>();
    let merges = (1..12).fold("m0: &m0 {a: 1, b: 2, c: 3}\n".to_owned(), |text, n| {
        let item = format!("*m{}", n - 1);
        text + &format!("m{n}: &m{n}\n  <<: [{}]\n", [item.as_str(); 9].join(", "))
    });
    let documents = "a: b\n---\n".repeat(1_000_000);
    assert_eq!(refused(&laughs(9)), Some(Budget::Nodes), "billion laughs");
    assert_eq!(refused(&events), Some(Budget::Nodes), "many values");
    assert_eq!(refused(&quadratic), Some(Budget::Bytes), "one huge scalar many times");
    assert_eq!(refused(&merges), Some(Budget::Nodes), "merge keys in a chain");
    assert_eq!(refused(&("a: &a x\n".to_owned() + &(0..201).map(|n| format!("k{n}: *a\n")).collect::<String>())), Some(Budget::Aliases));
    assert_eq!(refused(&("[".repeat(33) + &"]".repeat(33))), Some(Budget::Depth), "flow depth");
    assert_eq!(refused(&(0..10_000).map(|n| format!("{}a:\n", " ".repeat(n.min(400)))).collect::<String>()), Some(Budget::Depth), "block depth");
    assert!(read(&documents).is_ok(), "only the first of a million documents is read");
}

/// The same texts at every run.
fn runs(cases: u32) -> TestRunner {
    TestRunner::new_with_rng(Config { cases, failure_persistence: None, ..Config::default() }, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// How many values whoever walks a tree comes by, every alias walked as what it stands for.
fn walked(node: &Node, level: usize) -> usize {
    assert!(level <= DEPTH_AT_MOST + 1, "a tree is {level} levels deep");
    match &node.value {
        Value::Scalar { .. } => 1,
        Value::List(items) => 1 + items.iter().map(|item| walked(item, level + 1)).sum::<usize>(),
        Value::Map { pairs, .. } => 1 + pairs.iter().map(|pair| 1 + walked(&pair.value, level + 1)).sum::<usize>(),
    }
}

fn costs_no_more_than_it_may(text: &str) {
    if let Some(root) = read(text).ok().and_then(|tree| tree.root) {
        let walked = walked(&root, 1);
        // The collections that are open when the last value is counted come on top.
        assert!(walked <= NODES_AT_MOST + DEPTH_AT_MOST, "{walked} values are walked of {text:?}");
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
        "    ",
        "'x'",
        "\"y\"",
        "|\n",
        ">-\n",
        "---\n",
        "...\n",
        "# c\n",
        "!!str ",
        "!t ",
        "~",
        "1",
        "x",
        "%YAML 1.2\n",
        "\t",
        "\u{feff}",
        "é",
        "\"\\u12\"",
        "'",
    ];
    let texts = vec(select(pieces.to_vec()), 0..120).prop_map(|pieces| pieces.concat());
    runs(2_000)
        .run(&texts, |text| {
            costs_no_more_than_it_may(&text);
            Ok(())
        })
        .unwrap();
}

#[test]
fn whatever_grows_by_aliases_and_merge_keys_is_counted_before_it_is_walked() {
    let levels = vec((select(vec!["list", "map", "merge"]), 1..14_usize), 1..14);
    let texts = levels.prop_map(|levels| {
        levels.iter().enumerate().fold("k0: &k0 {a: 1, b: [2, 3]}\n".to_owned(), |text, (level, (kind, wide))| {
            let (before, own) = (format!("*k{level}"), level + 1);
            let body = match *kind {
                "list" => format!("[{}]", vec![before.as_str(); *wide].join(", ")),
                "map" => format!("{{{}}}", (0..*wide).map(|n| format!("p{n}: {before}")).collect::<Vec<_>>().join(", ")),
                _ => format!("{{<<: [{}], own{own}: 1}}", vec![before.as_str(); *wide].join(", ")),
            };
            text + &format!("k{own}: &k{own} {body}\n")
        })
    });
    runs(200)
        .run(&texts, |text| {
            costs_no_more_than_it_may(&text);
            Ok(())
        })
        .unwrap();
}

#[test]
fn an_alias_counts_with_its_depth() {
    let inner = "[".repeat(20) + &"]".repeat(20);
    let text = format!("a: &a {inner}\nb: {}*a{}\n", "[".repeat(20), "]".repeat(20));
    assert_eq!(refused(&text), Some(Budget::Depth));
}

#[test]
fn repeated_keys_are_named_with_their_line() {
    let tree = read("a: 1\nb:\n  user: x\n  user: y\n").unwrap();
    assert_eq!(tree.repeated.iter().map(|r| (r.key.as_str(), r.line)).collect::<Vec<_>>(), [("user", 4)]);
    assert_eq!(tree.root.unwrap().get("b").unwrap().get("user").unwrap().line, 4);
}

#[test]
fn merge_keys_fill_in_and_never_replace() {
    let tree = read("base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  y: 3\n").unwrap();
    let root = tree.root.unwrap();
    let plain = read("{x: 1, y: 3}").unwrap().root.unwrap();
    let used = root.get("use").unwrap();
    assert_eq!((used.get("x"), used.get("y"), used.get("<<")), (plain.get("x"), plain.get("y"), None));
}

#[test]
fn yaml_1_1_scalars_are_known() {
    for typed in ["y", "No", "on", "433e40", "0123", "0", "1_000", "0x1F", "1:30", "2001-01-01", "~", ".5", "-7", "+1.5"] {
        assert!(looks_typed(typed), "{typed}");
    }
    for text in ["dev", "yes-1", "e40", "1.2.3.4", "v1", "0x", "kind-a", "prod:eu", "-", "10.0.0.1:6443"] {
        assert!(!looks_typed(text), "{text}");
    }
}
