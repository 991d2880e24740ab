use rstest::rstest;

use super::*;

fn refused(text: &str) -> Vec<String> {
    documents(text, "default").unwrap_err().iter().map(|c| format!("{}: {}", c.title, c.says)).collect()
}

const CLUSTER: &str = "apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nmetadata:\n  name: lab-c\nspec: {}\n";

#[test]
fn a_text_of_ones_own_is_read_document_by_document() {
    let text = format!("# a note\n---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  namespace: team\n---\n{CLUSTER}");
    let read = documents(&text, "lab").unwrap();
    assert_eq!((&read.cluster["metadata"]["namespace"], read.others.len()), (&json!("lab"), 1));
    assert_eq!(read.others[0]["metadata"]["namespace"], "team");
}

#[test]
fn a_text_of_ones_own_that_is_a_bomb_is_refused_with_words() {
    for (name, text) in crate::yaml::bombs() {
        let said = refused(&text);
        assert!(said.len() == 1 && said[0].starts_with("The YAML ") && said[0].len() < 300, "{name}: {said:?}");
    }
}

#[test]
fn the_items_of_a_list_count_one_by_one() {
    let text = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: cluster.x-k8s.io/v1beta2\n  kind: Cluster\n  metadata:\n    name: a\n";
    assert_eq!(documents(text, "default").unwrap().cluster["metadata"]["name"], "a");
}

#[test]
fn of_a_flood_of_variables_the_first_are_named() {
    for text in ["name: ${A}\n".repeat(50_000), format!("name: ${{{}}}\n", "A".repeat(500_000))] {
        let said = refused(&text);
        assert!(said.len() == 1 && said[0].len() < 1_000 && said[0].contains("no value: A"), "{}", said[0].chars().take(200).collect::<String>());
    }
    assert!(refused(&"name: ${A}\n".repeat(50_000))[0].contains(" and 49980 more. Give each"));
}

#[test]
fn variables_without_a_value_are_named_with_their_lines() {
    let text = "# ${IN_A_COMMENT}\nname: ${CLUSTER_NAME}\nversion: ${KUBERNETES_VERSION}\nrange: ${POD_CIDR:=192.168.0.0/16}\n";
    let wanted = "Variables have no value: CLUSTER_NAME in line 2, KUBERNETES_VERSION in line 3. Give each a value, or write $${NAME} where the braces themselves are meant.";
    assert_eq!(refused(text), [wanted]);
}

#[rstest]
#[case("a: ${X:=one}", "a: one")]
#[case("a: ${X:-one} ${Y=two}", "a: one two")]
#[case("a: $${X} ${X:=}", "a: ${X} ")]
#[case("a: ${} ${1} ${X", "a: ${} ${1} ${X")]
fn defaults_take_the_place_of_variables(#[case] text: &str, #[case] wanted: &str) {
    assert_eq!(super::super::substitute::substituted(text).as_deref(), Ok(wanted));
}

#[test]
fn a_variable_whose_value_is_put_in_later_stays_and_others_are_named() {
    let stay = std::collections::BTreeSet::from(["LOGIN".to_owned()]);
    let text = format!("{CLUSTER}---\nkind: Secret\napiVersion: v1\nmetadata: {{name: s}}\nstringData:\n  login: ${{LOGIN}}\n");
    let read = documents_but(&text, "default", &stay).unwrap();
    assert_eq!(read.others[0]["stringData"]["login"], "${LOGIN}");
    let says = documents_but(&text.replace("login: $", "login: ${OTHER}$"), "default", &stay).unwrap_err();
    assert!(says.len() == 1 && says[0].says.starts_with("OTHER in line "), "{says:?}");
}

#[test]
fn other_kinds_are_named_and_nothing_is_taken() {
    let text =
        format!("{CLUSTER}---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: team\n");
    let wanted = [
        "The YAML has other kinds in it: Deployment web is not part of a cluster’s definition. Take it out, and apply it with kubectl if it is wanted.",
        "The YAML has other kinds in it: Namespace team is not part of a cluster’s definition. Take it out, and apply it with kubectl if it is wanted.",
    ];
    assert_eq!(refused(&text), wanted);
}

#[rstest]
#[case("", "The YAML has no Cluster: One object of the kind Cluster is needed.")]
#[case("just words", "The YAML cannot be read: Line 1: this is no object.")]
#[case("kind: Cluster\n", "A document is no object: Document 1 lacks apiVersion, kind or metadata.name.")]
fn a_text_that_is_no_cluster_says_why(#[case] text: &str, #[case] wanted: &str) {
    assert_eq!(refused(text), [wanted]);
}

#[test]
fn two_clusters_are_one_too_many() {
    let text = format!("{CLUSTER}---\n{}", CLUSTER.replace("lab-c", "lab-d"));
    assert_eq!(refused(&text), ["The YAML has several clusters: 2 objects are of the kind Cluster. A form makes one."]);
}

#[test]
fn a_line_that_is_no_yaml_is_named() {
    let said = refused(&format!("{CLUSTER}---\nkind: [\n"));
    assert!(said[0].starts_with("The YAML cannot be read: Line "), "{said:?}");
    let line: usize = said[0].trim_start_matches("The YAML cannot be read: Line ").split(':').next().unwrap().parse().unwrap();
    assert!((7..=9).contains(&line), "{said:?}");
}

#[test]
fn a_bomb_is_refused() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for n in 1..12 {
        text.push_str(&format!("a{n}: &a{n} [*a{p}, *a{p}, *a{p}, *a{p}, *a{p}, *a{p}, *a{p}, *a{p}, *a{p}, *a{p}]\n", p = n - 1));
    }
    assert!(refused(&text)[0].starts_with("The YAML cannot be read"));
    assert!(refused(&"x".repeat(2 << 20))[0].starts_with("The YAML is too long"));
}

#[test]
fn what_is_written_is_read_back_the_same() {
    let made = cluster(&form(), BETA2, None);
    let other = json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "s", "namespace": "default" } });
    let read = documents(&written(&made, std::slice::from_ref(&other)), "x").unwrap();
    assert_eq!((read.cluster, read.others), (made, vec![other]));
}
