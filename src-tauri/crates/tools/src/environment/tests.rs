use super::{Environment, Reach, of_child, of_kos};
use crate::{Program, Secret};

fn environment(pairs: &[(&str, &str)]) -> Environment {
    pairs.iter().map(|(name, value)| (name.into(), value.into())).collect()
}

fn names(program: &Program, own: &[(&str, &str)]) -> Vec<String> {
    of_child(program, &environment(own), &Environment::new(), &Reach::default(), "/bin".into(), &[])
        .into_keys()
        .filter_map(|name| name.into_string().ok())
        .collect()
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
    let all = of_child(&Program::Docker, &own, &login, &Reach::default(), "/bin".into(), &given);
    let expected = [("DOCKER_HOST", "given"), ("HTTP_PROXY", "own"), ("KUBECONFIG", "given"), ("LC_ALL", "C.UTF-8"), ("NO_PROXY", "login"), ("PATH", "/bin")];
    assert_eq!(all, environment(&expected));
}

#[test]
fn kos_goes_by_the_login_shell_where_it_was_started_without_a_variable() {
    let login = [("KUBECONFIG", "login"), ("https_proxy", "login"), ("no_proxy", "login"), ("PATH", "login"), ("AWS_PROFILE", "login")];
    for (own, taken) in [
        (vec![("PATH", "own")], vec![("KUBECONFIG", "login"), ("https_proxy", "login"), ("no_proxy", "login")]),
        (vec![("KUBECONFIG", "own"), ("HTTPS_PROXY", "own")], vec![("no_proxy", "login")]),
        (vec![("KUBECONFIG", ""), ("no_proxy", "")], vec![("https_proxy", "login")]),
    ] {
        assert_eq!(of_kos(&environment(&own), &environment(&login)), environment(&taken), "{own:?}");
    }
}

#[test]
fn programs_that_download_go_by_the_proxy_and_the_authorities_that_were_chosen() {
    let own = environment(&[("https_proxy", "http://own:1"), ("NO_PROXY", "x"), ("SSL_CERT_FILE", "/own.pem")]);
    let told = |program: &Program, proxy: &str| {
        let reach = Reach { proxy: Some(proxy.into()), authorities: Some("/chosen.pem".into()) };
        let mut all = of_child(program, &own, &Environment::new(), &reach, "/bin".into(), &[]);
        all.retain(|name, _| name != "PATH" && name != "LC_ALL");
        all
    };
    let by = |proxy: &str| environment(&[("HTTPS_PROXY", proxy), ("HTTP_PROXY", proxy), ("NO_PROXY", "x"), ("SSL_CERT_FILE", "/chosen.pem")]);
    for proxy in ["http://corp:3128", "https://10.0.0.1", "corp:3128"] {
        for program in [Program::Clusterctl, Program::Helm, Program::Kind] {
            assert_eq!(told(&program, proxy), by(proxy), "{program:?}, {proxy}");
        }
        // docker asks its daemon, which has a proxy of its own; the others download nothing.
        for program in [Program::Docker, Program::Kubectl, Program::Git, Program::Plugin("aws".into())] {
            assert_eq!(told(&program, proxy), own, "{program:?}, {proxy}");
        }
    }
    for loopback in ["http://127.0.0.1:3128", "http://localhost", "http://[::1]:3128/"] {
        assert_eq!(told(&Program::Clusterctl, loopback), by(loopback), "{loopback}");
        let nodes = environment(&[("https_proxy", "http://own:1"), ("NO_PROXY", "x"), ("SSL_CERT_FILE", "/chosen.pem")]);
        assert_eq!(told(&Program::Kind, loopback), nodes, "nodes cannot reach {loopback}");
    }
}
