use std::path::{Path, PathBuf};

use api::files::Origin;

use super::{Environment, Folder, Own, Part, list, shown};

fn paths(kubeconfig: Option<&str>) -> Vec<String> {
    let environment = Environment { kubeconfig: kubeconfig.map(Into::into), home: Some("/home/ada".into()), cwd: "/here".into() };
    list(&environment, &Own::default()).into_iter().map(|listed| listed.id.0).collect()
}

#[test]
fn precedence() {
    assert_eq!(paths(None), ["/home/ada/.kube/config"]);
    assert_eq!(paths(Some("")), ["/home/ada/.kube/config"]);
    assert_eq!(paths(Some("/a")), ["/a"]);
    assert_eq!(paths(Some("/a:b")), ["/a", "/here/b"]);
}

#[test]
fn dedupe_list() {
    assert_eq!(paths(Some("a:a:b:b:c:b")), ["/here/a", "/here/b", "/here/c"]);
}

#[test]
fn only_separator() {
    assert_eq!(paths(Some(":")), [] as [&str; 0]);
}

#[test]
fn empty_items() {
    assert_eq!(paths(Some(":good:")), ["/here/good"]);
}

#[test]
fn nothing_is_expanded() {
    assert_eq!(paths(Some("~/x:$HOME/y")), ["/here/~/x", "/here/$HOME/y"]);
}

#[test]
fn the_users_own_files_come_after_kubectls_and_stay_apart() {
    let environment = Environment { kubeconfig: None, home: Some("/h".into()), cwd: "/w".into() };
    let own = Own {
        added: vec!["/h/.kube/config".into(), "/x/eu.yaml".into()],
        folders: vec![Folder { path: "/f".into(), files: vec!["/f/1".into()] }],
        made: vec![PathBuf::from("/m/lab")],
    };
    let listed = list(&environment, &own);
    let folder = Origin::Folder { folder: "/f".into() };
    let seen: Vec<_> = listed.into_iter().map(|l| (l.id.0, l.origin, l.part)).collect();
    assert_eq!(
        seen,
        [
            ("/h/.kube/config".to_owned(), Origin::Default, Part::OfKubectl),
            ("/x/eu.yaml".to_owned(), Origin::Added, Part::Alone),
            ("/f/1".to_owned(), folder, Part::Alone),
            ("/m/lab".to_owned(), Origin::Made, Part::Alone),
        ]
    );
}

#[test]
fn the_home_folder_is_shown_as_a_tilde() {
    assert_eq!(shown(Path::new("/h/a/b"), Some(Path::new("/h/a"))), "~/b");
    assert_eq!(shown(Path::new("/x/b"), None), "/x/b");
}
