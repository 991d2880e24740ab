//! Which proxy is used for an address?

use hyper_util::client::proxy::matcher::Matcher;

/// Gives the proxy for an address: the chosen one, else the environment's; never one for this machine itself.
///
/// `variable` looks up one variable of the environment.
pub fn proxy_for(address: &str, chosen: &str, variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let uri: http::Uri = address.parse().ok()?;
    if uri.host().is_none_or(is_loopback) {
        return None;
    }
    if !chosen.trim().is_empty() {
        return Some(chosen.trim().to_owned());
    }
    // Lower case first, as curl does.
    let first = |names: &[&str]| names.iter().filter_map(|name| variable(name)).find(|value| !value.is_empty());
    let proxy = match uri.scheme_str() {
        Some("https") => first(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]),
        _ => first(&["http_proxy", "all_proxy", "ALL_PROXY"]),
    }?;
    let exceptions = first(&["no_proxy", "NO_PROXY"]).unwrap_or_default();
    Matcher::builder().all(proxy.clone()).no(exceptions).build().intercept(&uri).map(|_| proxy)
}

/// The proxy as it may be shown.
pub fn without_password(proxy: &str) -> String {
    let (scheme, rest) = proxy.split_once("://").map_or(("", proxy), |(scheme, rest)| (scheme, rest));
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    if scheme.is_empty() { host.to_owned() } else { format!("{scheme}://{host}") }
}

pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_matches(['[', ']']);
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests;
