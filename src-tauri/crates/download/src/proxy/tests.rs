use super::{proxy_for, without_password};

fn check(address: &str, chosen: &str, env: &[(&str, &str)], expected: Option<&str>) {
    let variable = |name: &str| env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    assert_eq!(proxy_for(address, chosen, variable).as_deref(), expected, "{address} {chosen} {env:?}");
}

#[test]
fn the_chosen_proxy_beats_the_environment_and_this_machine_has_none() {
    let env = [("HTTPS_PROXY", "http://p:3128"), ("NO_PROXY", "example.org,10.0.0.0/8,.corp")];
    check("https://github.com/x", "", &env, Some("http://p:3128"));
    check("https://github.com/x", " http://mine:1 ", &env, Some("http://mine:1"));
    check("https://a.example.org/x", "", &env, None);
    check("https://10.1.2.3/x", "", &env, None);
    check("https://127.0.0.1:8443/x", "http://mine:1", &env, None);
    check("https://[::1]/x", "http://mine:1", &env, None);
    check("http://github.com/x", "", &env, None);
    check("https://github.com/x", "", &[("https_proxy", "http://low"), ("HTTPS_PROXY", "http://high")], Some("http://low"));
    check("https://github.com/x", "", &[("https_proxy", ""), ("ALL_PROXY", "http://all")], Some("http://all"));
    check("https://github.com/x", "", &[("https_proxy", "http://p"), ("no_proxy", "*")], None);
    check("not an address", "http://mine:1", &env, None);
}

#[test]
fn a_password_of_a_proxy_is_not_shown() {
    assert_eq!(without_password("http://me:p@ss@proxy:3128"), "http://proxy:3128");
    assert_eq!(without_password("me:pass@proxy:3128"), "proxy:3128");
    assert_eq!(without_password("http://proxy:3128"), "http://proxy:3128");
}
