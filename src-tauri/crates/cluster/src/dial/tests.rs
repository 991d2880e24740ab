use http::Uri;
use kubeconfig::target::Proxy;
use rstest::rstest;

use super::route::{ProxyRules, route};

fn rules() -> ProxyRules {
    ProxyRules::from_env([("https_proxy", "http://corp:3128"), ("NO_PROXY", ".internal,,10.0.0.0/8"), ("HOME", "/root")])
}

#[rstest]
#[case::by_environment("https://k8s.example.com:6443", Proxy::FromEnvironment, Some("http://corp:3128"))]
#[case::excluded_name("https://api.internal", Proxy::FromEnvironment, None)]
#[case::excluded_net("https://10.1.2.3:6443", Proxy::FromEnvironment, None)]
#[case::plain_http_has_its_own("http://k8s.example.com", Proxy::FromEnvironment, None)]
#[case::loopback("https://127.0.0.1:6443", Proxy::Explicit("http://corp:3128".into()), None)]
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
