use proptest::prelude::{Strategy, proptest};

use super::{EditError, Presence, plan, scalar, set_current, shell_path, target_file};
use crate::{
    parse::parse,
    sources::{Environment, Listed, Own, list},
    tree::Layout,
};

const ODD: &str = "\
# mine, do not touch
users: []   # none
kind: Config
unknown: {a: [1,  2]}
current-context:   dev   # home
clusters:
- {name: c,   cluster: {server: 'https://c'}}
";

fn listed(kubeconfig: &str) -> Vec<Listed> {
    list(&Environment { kubeconfig: Some(kubeconfig.into()), home: None, cwd: "/".into() }, &Own::default())
}

#[test]
fn a_home_folder_at_the_head_of_a_path_is_left_to_the_shell() {
    for (path, shell) in [("~/a", "~/a"), ("~/my labs/a", "~/'my labs/a'"), ("/my labs", "'/my labs'"), ("~root/a", "'~root/a'"), ("a/~/b", "'a/~/b'")] {
        assert_eq!(shell_path(path), shell);
    }
}

#[test]
fn text_preserved() {
    assert_eq!(set_current(ODD, "prod").unwrap(), ODD.replace("  dev  ", "  prod  "));
    let planned = plan(&listed("/a")[0], ODD.as_bytes(), "prod", None).unwrap();
    assert_eq!(
        (planned.change.first_line, planned.change.before, planned.change.after),
        (5, vec!["current-context:   dev   # home".to_owned()], vec!["current-context:   prod   # home".to_owned()])
    );
    assert_eq!(planned.change.command, "kubectl config use-context prod");
}

#[test]
fn every_way_of_writing_it_is_changed_in_place() {
    for (before, after) in [
        ("", "apiVersion: v1\nkind: Config\ncurrent-context: p\n"),
        ("# only a comment", "# only a comment\napiVersion: v1\nkind: Config\ncurrent-context: p\n"),
        ("# top\nkind: Config\n", "# top\ncurrent-context: p\nkind: Config\n"),
        ("kind: Config\r\nusers: []\r\n", "current-context: p\r\nkind: Config\r\nusers: []\r\n"),
        ("current-context:\nkind: Config\n", "current-context: p\nkind: Config\n"),
        ("current-context: \"\"\nkind: Config\n", "current-context: p\nkind: Config\n"),
        ("current-context: 'a b' # c\n", "current-context: p # c\n"),
        ("current-context: a\nkind: Config\ncurrent-context: b\n", "current-context: a\nkind: Config\ncurrent-context: p\n"),
        ("  kind: Config\n  users: []\n", "  current-context: p\n  kind: Config\n  users: []\n"),
        ("{\"kind\": \"Config\"}", "{\"current-context\": \"p\", \"kind\": \"Config\"}"),
        ("{\"kind\": \"Config\", \"current-context\": \"x\"}\n", "{\"kind\": \"Config\", \"current-context\": \"p\"}\n"),
        ("current-context: a\n---\ncurrent-context: b\n", "current-context: p\n---\ncurrent-context: b\n"),
    ] {
        assert_eq!(set_current(before, "p").as_deref(), Ok(after), "{before}");
    }
}

#[test]
fn what_cannot_be_changed_alone_is_refused() {
    let anchored = "current-context: &a x\nkind: Config\nother: *a\n";
    assert!(matches!(set_current(anchored, "p"), Err(EditError::AltersMore)));
    assert!(matches!(set_current("[a]", "p"), Err(EditError::NotAMapping)));
    assert!(matches!(set_current("a: [", "p"), Err(EditError::Broken(_))));
    let wide: Vec<u8> = std::iter::once(0xFEFF).chain("kind: Config\n".encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert!(matches!(plan(&listed("/a")[0], &wide, "p", None), Err(EditError::Encoding)));
}

#[test]
fn encode_numeric_names() {
    for name in ["0", "433e40", "y", "on", "0123", "a b", "a: b", "", "~", "a #b", "é", "-x", "1:30"] {
        assert!(scalar(name, Layout::Block).starts_with('"'), "{name}");
    }
    for name in ["kind-dev", "arn:aws:eks:eu-west-1:123:cluster/prod", "ada@prod", "gke_x_y_z"] {
        assert_eq!(scalar(name, Layout::Block), name);
    }
}

#[test]
fn current_context_first_existing() {
    let files = listed("/b:/a:/c");
    let pick = |existing: &[&str]| {
        let there = |file: &Listed| if existing.contains(&file.id.as_str()) { Presence::Exists } else { Presence::Missing };
        target_file(&files, &files[2], there).id.0.clone()
    };
    assert_eq!((pick(&["/b", "/a"]), pick(&["/a", "/c"])), ("/b".to_owned(), "/a".to_owned()));
    assert_eq!(pick(&[]), "/c", "none exists: the last");
}

fn names() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::char::any(), 0..20).prop_map(|chars| chars.into_iter().filter(|c| !c.is_control()).collect())
}

proptest! {
    #[test]
    fn any_name_can_be_made_current_and_only_its_line_changes(name in names()) {
        let after = set_current(ODD, &name).unwrap();
        let differing: Vec<usize> = ODD.split('\n').zip(after.split('\n')).enumerate().filter(|(_, (a, b))| a != b).map(|(n, _)| n).collect();
        assert!(differing.is_empty() || differing == [4], "{name:?}");
        assert_eq!(parse(after.as_bytes()).current_context.map(|current| current.name), Some(name));
        assert_eq!(set_current(&after, "dev").unwrap(), ODD);
    }
}
