use super::{Environment, of_child};
use crate::{Program, Secret};

fn environment(pairs: &[(&str, &str)]) -> Environment {
    pairs.iter().map(|(name, value)| (name.into(), value.into())).collect()
}

fn names(program: &Program, own: &[(&str, &str)]) -> Vec<String> {
    of_child(program, &environment(own), &Environment::new(), "/bin".into(), &[]).into_keys().filter_map(|name| name.into_string().ok()).collect()
}

#[test]
fn only_listed_variables_reach_a_program() {
    let own = [
        ("HOME", "/home/a"),
        ("LC_MESSAGES", "de"),
        ("LANG", "de_DE"),
        ("https_proxy", "http://p"),
        ("NO_PROXY", "x"),
        ("XDG_RUNTIME_DIR", "/run/user/1"),
        ("DOCKER_HOST", "unix:///x"),
        ("KUBECONFIG", "/k"),
        ("GITHUB_TOKEN", "canary"),
        ("AWS_PROFILE", "p"),
        ("LD_PRELOAD", "x.so"),
    ];
    let every = ["DOCKER_HOST", "HOME", "LANG", "LC_ALL", "NO_PROXY", "PATH", "XDG_RUNTIME_DIR", "https_proxy"];
    assert_eq!(names(&Program::Kind, &own), every);
    let plugin = ["AWS_PROFILE", "DOCKER_HOST", "HOME", "LANG", "LC_ALL", "NO_PROXY", "PATH", "XDG_RUNTIME_DIR", "https_proxy"];
    assert_eq!(names(&Program::Plugin("aws".into()), &own), plugin);
}

#[test]
fn what_is_given_beats_what_is_inherited_beats_the_login_shell() {
    let own = environment(&[("DOCKER_HOST", "own"), ("HTTP_PROXY", "own")]);
    let login = environment(&[("DOCKER_HOST", "login"), ("NO_PROXY", "login"), ("SECRET", "login"), ("PATH", "login")]);
    let given = [("DOCKER_HOST".to_owned(), Secret::new("given")), ("KUBECONFIG".to_owned(), Secret::new("given"))];
    let all = of_child(&Program::Docker, &own, &login, "/bin".into(), &given);
    let expected = [("DOCKER_HOST", "given"), ("HTTP_PROXY", "own"), ("KUBECONFIG", "given"), ("LC_ALL", "C.UTF-8"), ("NO_PROXY", "login"), ("PATH", "/bin")];
    assert_eq!(all, environment(&expected));
}
