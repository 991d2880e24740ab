use super::*;
use crate::model::samples;

fn context(order: u32, name: &str, server: &str) -> Rc<ContextRow> {
    Rc::new(ContextRow { order, server: server.into(), ..samples::context(name) })
}

#[test]
fn a_server_of_two_contexts_is_one_address_and_a_context_without_one_is_none() {
    let contexts = [context(2, "b", "https://one:6443"), context(1, "a", "https://one:6443"), context(0, "odd", "")];
    let all = addresses(&contexts, &Choices::default(), &[]);
    assert_eq!(all[0], address("https://one:6443", "KOS", "you open a or b"));
    assert_eq!(all.len(), 5, "{all:?}");
}

#[test]
fn a_mirror_takes_the_place_of_the_public_address() {
    let choices = Choices { node_image: "mirror.local/node".into(), clusterctl_config: "/etc/clusterctl.yaml".into(), ..Choices::default() };
    let all: Vec<String> = addresses(&[], &choices, &[]).into_iter().map(|at| at.to).collect();
    assert!(all.contains(&"mirror.local/node".to_owned()) && all.contains(&"what /etc/clusterctl.yaml names".to_owned()), "{all:?}");
    assert!(!all.iter().any(|to| to.contains("github.com") || to.contains("docker.io")), "{all:?}");
}
