//! Which way do the packets take?

use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::Matcher;
use kubeconfig::target::Proxy;

use crate::failure::LinkError;

/// The proxy settings of the environment, as values; an address may hold a password, so they are not shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ProxyRules {
    /// `HTTPS_PROXY`.
    pub https: String,
    /// `HTTP_PROXY`, for servers without TLS.
    pub http: String,
    /// `NO_PROXY`.
    pub no: String,
}

impl ProxyRules {
    /// Picks the settings out of an environment as Go does (`golang.org/x/net/http/httpproxy`): capitals count first, and
    /// an empty value is none.
    pub fn from_env(variable: impl Fn(&str) -> Option<String>) -> Self {
        let first = |capitals: &str| {
            let either = [variable(capitals), variable(&capitals.to_ascii_lowercase())];
            either.into_iter().flatten().find(|value| !value.is_empty()).unwrap_or_default()
        };
        Self { https: first("HTTPS_PROXY"), http: first("HTTP_PROXY"), no: first("NO_PROXY") }
    }
}

impl std::fmt::Debug for ProxyRules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProxyRules").finish_non_exhaustive()
    }
}

/// The way to a server.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Route {
    Direct,
    /// HTTP CONNECT; the proxy itself is spoken to in plain text or, for `https`, inside TLS.
    Tunnel {
        proxy: Uri,
        authorization: Option<HeaderValue>,
    },
    Socks {
        proxy: Uri,
        login: Option<(String, String)>,
    },
}

impl Route {
    /// The proxy as it may be shown: without user and password.
    pub(crate) fn shown(&self) -> Option<String> {
        match self {
            Self::Direct => None,
            Self::Tunnel { proxy, .. } | Self::Socks { proxy, .. } => Some(without_login(proxy)),
        }
    }
}

/// The address of a proxy as it may be shown.
pub(crate) fn without_login(proxy: &Uri) -> String {
    let port = proxy.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}", proxy.scheme_str().unwrap_or("http"), proxy.host().unwrap_or_default())
}

/// Chooses the way to a server. A `proxy-url` is taken for every server as client-go does, so that `127.0.0.1` behind
/// `ssh -D` is the other machine's and not this one's; what the environment says spares loopback and `NO_PROXY`.
pub(crate) fn route(server: &Uri, proxy: &Proxy, rules: &ProxyRules) -> Result<Route, LinkError> {
    match proxy {
        Proxy::Explicit(url) => {
            // The matcher takes user and password off the address; it has nothing to exclude here.
            let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
            if !matches!(scheme.as_deref(), Some("http" | "https" | "socks5")) {
                return Err(LinkError::Entry { said: "proxy-url must begin with http://, https:// or socks5://".to_owned() });
            }
            through(server, &Matcher::builder().all(url.as_str()).build())?.ok_or_else(|| LinkError::Entry { said: "proxy-url is not an address".to_owned() })
        }
        Proxy::FromEnvironment if is_loopback(server.host().unwrap_or_default()) => Ok(Route::Direct),
        Proxy::FromEnvironment => {
            let no = exceptions(&rules.no, port(server));
            let rules = Matcher::builder().http(rules.http.as_str()).https(rules.https.as_str()).no(no).build();
            Ok(through(server, &rules)?.unwrap_or(Route::Direct))
        }
    }
}

fn port(server: &Uri) -> u16 {
    server.port_u16().unwrap_or(if server.scheme_str() == Some("http") { 80 } else { 443 })
}

/// `NO_PROXY` in the words of the matcher, which knows no `*.example.com` and no port: what names another port is left out.
fn exceptions(no: &str, port: u16) -> String {
    let here = |item: &str| {
        let host = match item.rsplit_once(':') {
            // More than one colon and no brackets: an address of IPv6.
            Some((host, at)) if !host.contains(':') || host.ends_with(']') => (at.parse() == Ok(port)).then_some(host)?,
            Some(_) | None => item,
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        Some(host.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(host).to_owned())
    };
    no.split(',').map(str::trim).filter_map(here).collect::<Vec<_>>().join(",")
}

fn through(server: &Uri, rules: &Matcher) -> Result<Option<Route>, LinkError> {
    let Some(found) = rules.intercept(server) else { return Ok(None) };
    let proxy = found.uri().clone();
    match proxy.scheme_str() {
        // The name is looked up by the proxy in both, as in Go.
        Some("socks5" | "socks5h") => {
            let login = found.raw_auth().map(|(user, password)| (user.to_owned(), password.to_owned()));
            Ok(Some(Route::Socks { proxy, login }))
        }
        Some("http" | "https") => Ok(Some(Route::Tunnel { authorization: found.basic_auth().cloned(), proxy })),
        _ => Err(LinkError::Entry { said: format!("the proxy {} is of a kind that KOS does not speak", without_login(&proxy)) }),
    }
}

/// `localhost`, `127.0.0.0/8`, `::1`.
pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost") || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
