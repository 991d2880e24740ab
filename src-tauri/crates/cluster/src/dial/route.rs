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
    /// Picks the settings out of an environment; the spelling in small letters counts as much.
    pub fn from_env<'a>(env: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut rules = Self::default();
        for (name, value) in env {
            match name.to_ascii_uppercase().as_str() {
                "HTTPS_PROXY" => value.clone_into(&mut rules.https),
                "HTTP_PROXY" => value.clone_into(&mut rules.http),
                "NO_PROXY" => value.clone_into(&mut rules.no),
                _ => {}
            }
        }
        rules
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

fn without_login(proxy: &Uri) -> String {
    let port = proxy.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}", proxy.scheme_str().unwrap_or("http"), proxy.host().unwrap_or_default())
}

/// Chooses the way to a server. Loopback is never proxied; `NO_PROXY` does not apply to a `proxy-url`.
pub(crate) fn route(server: &Uri, proxy: &Proxy, rules: &ProxyRules) -> Result<Route, LinkError> {
    if is_loopback(server.host().unwrap_or_default()) {
        return Ok(Route::Direct);
    }
    match proxy {
        Proxy::Explicit(url) => {
            // The matcher takes user and password off the address; it has nothing to exclude here.
            let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
            if !matches!(scheme.as_deref(), Some("http" | "https" | "socks5")) {
                return Err(LinkError::Entry { said: "proxy-url must begin with http://, https:// or socks5://".to_owned() });
            }
            through(server, &Matcher::builder().all(url.as_str()).build())?.ok_or_else(|| LinkError::Entry { said: "proxy-url is not an address".to_owned() })
        }
        Proxy::FromEnvironment => {
            let rules = Matcher::builder().http(rules.http.as_str()).https(rules.https.as_str()).no(rules.no.as_str()).build();
            Ok(through(server, &rules)?.unwrap_or(Route::Direct))
        }
    }
}

fn through(server: &Uri, rules: &Matcher) -> Result<Option<Route>, LinkError> {
    let Some(found) = rules.intercept(server) else { return Ok(None) };
    let proxy = found.uri().clone();
    match proxy.scheme_str() {
        Some("socks5") => {
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
