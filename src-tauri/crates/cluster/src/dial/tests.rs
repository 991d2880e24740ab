use http::Uri;
use kubeconfig::target::Proxy;
use rstest::rstest;

use super::connector::ConnectError;
use super::is_unsent;
use super::route::{ProxyRules, route};

fn rules() -> ProxyRules {
    by(&[("https_proxy", "http://corp:3128"), ("NO_PROXY", ".internal,,10.0.0.0/8,*.lab.example, one.example:6443 ,[fd00::1]:6443,fd00::2"), ("HOME", "/root")])
}

fn by(env: &[(&str, &str)]) -> ProxyRules {
    ProxyRules::from_env(|name| env.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
}

#[rstest]
#[case::by_environment("https://k8s.example.com:6443", Proxy::FromEnvironment, Some("http://corp:3128"))]
#[case::excluded_name("https://api.internal", Proxy::FromEnvironment, None)]
#[case::excluded_net("https://10.1.2.3:6443", Proxy::FromEnvironment, None)]
#[case::plain_http_has_its_own("http://k8s.example.com", Proxy::FromEnvironment, None)]
#[case::excluded_stars("https://api.lab.example:6443", Proxy::FromEnvironment, None)]
#[case::excluded_port("https://one.example:6443", Proxy::FromEnvironment, None)]
#[case::another_port("https://one.example", Proxy::FromEnvironment, Some("http://corp:3128"))]
#[case::excluded_port_six("https://[fd00::1]:6443", Proxy::FromEnvironment, None)]
#[case::another_port_six("https://[fd00::1]", Proxy::FromEnvironment, Some("http://corp:3128"))]
#[case::excluded_six("https://[fd00::2]:6443", Proxy::FromEnvironment, None)]
#[case::loopback("https://127.0.0.1:6443", Proxy::FromEnvironment, None)]
#[case::loopback_behind_its_own("https://127.0.0.1:6443", Proxy::Explicit("socks5://localhost:1080".into()), Some("socks5://localhost:1080"))]
#[case::loopback_six("https://[::1]:6443", Proxy::FromEnvironment, None)]
#[case::localhost("https://localhost:6443", Proxy::FromEnvironment, None)]
#[case::explicit_ignores_no_proxy("https://10.1.2.3", Proxy::Explicit("http://user:pw@other:1".into()), Some("http://other:1"))]
#[case::socks("https://k8s.example.com", Proxy::Explicit("socks5://other:1080".into()), Some("socks5://other:1080"))]
#[case::secure_proxy("https://k8s.example.com", Proxy::Explicit("https://other:8443".into()), Some("https://other:8443"))]
fn the_way_is_chosen_by_rules(#[case] server: &str, #[case] proxy: Proxy, #[case] wanted: Option<&str>) {
    let server: Uri = server.parse().unwrap();
    assert_eq!(route(&server, &proxy, &rules()).unwrap().shown().as_deref(), wanted);
}

#[rstest]
#[case("socks6://a:1")]
#[case("example.com")]
#[case("socks5h://a:1")]
#[case("user@host")]
fn a_proxy_of_another_kind_is_refused(#[case] url: &str) {
    let server: Uri = "https://k8s.example.com".parse().unwrap();
    assert!(route(&server, &Proxy::Explicit(url.into()), &rules()).is_err());
}

#[rstest]
#[case::capitals_first(&[("https_proxy", "http://small:1"), ("HTTPS_PROXY", "http://capitals:1")], "http://capitals:1")]
#[case::empty_is_none(&[("https_proxy", ""), ("HTTPS_PROXY", "http://capitals:1")], "http://capitals:1")]
#[case::empty_capitals(&[("https_proxy", "http://small:1"), ("HTTPS_PROXY", "")], "http://small:1")]
#[case::looked_up_by_the_proxy(&[("HTTPS_PROXY", "socks5h://jo:pw@far:1080")], "socks5h://far:1080")]
fn the_environment_is_read_as_kubectl_reads_it(#[case] env: &[(&str, &str)], #[case] wanted: &str) {
    let server: Uri = "https://k8s.example.com".parse().unwrap();
    assert_eq!(route(&server, &Proxy::FromEnvironment, &by(env)).unwrap().shown().as_deref(), Some(wanted));
}

#[test]
fn only_what_ended_before_its_connection_stood_is_known_to_have_reached_nobody() {
    let broken = || std::io::Error::from(std::io::ErrorKind::HostUnreachable);
    let address = || "lab:6443".to_owned();
    for cause in [
        ConnectError::Tcp { address: address(), cause: broken().into() },
        ConnectError::Broken { address: address(), cause: broken() },
        ConnectError::Tls { address: address(), cause: rustls::Error::DecryptError },
    ] {
        assert!(is_unsent(&cause), "{cause:?}");
    }
    assert!(!is_unsent(&broken()), "the same of a connection that stood");
    assert!(!is_unsent(&rustls::Error::DecryptError));
}
