//! Which address does a `server` or `proxy-url` text mean?

use http::Uri;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Server {
    /// Without query and fragment.
    pub(crate) url: String,
    pub(crate) scheme: Scheme,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Https,
    Http,
}

/// Does the entry ask for TLS in another way than by its scheme?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TlsSettings {
    Some,
    None,
}

/// `None`: not an address. Without a scheme it is https only when there are TLS settings, as in client-go.
pub(crate) fn server(text: &str, settings: TlsSettings) -> Option<Server> {
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (Scheme::Https, rest),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (Scheme::Http, rest),
        Some(_) => return None,
        None if settings == TlsSettings::Some => (Scheme::Https, text),
        None => (Scheme::Http, text),
    };
    let rest = rest.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let word = match scheme {
        Scheme::Https => "https",
        Scheme::Http => "http",
    };
    let url = format!("{word}://{rest}");
    has_host(&url).then_some(Server { url, scheme })
}

/// Only `http`, `https` and `socks5`; client-go knows no other.
pub(crate) fn is_proxy(text: &str) -> bool {
    let known = text.split_once("://").is_some_and(|(scheme, _)| ["http", "https", "socks5"].contains(&scheme.to_ascii_lowercase().as_str()));
    known && has_host(text)
}

fn has_host(url: &str) -> bool {
    url.parse::<Uri>().ok().and_then(|uri| uri.host().map(|host| !host.is_empty())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Scheme, TlsSettings, is_proxy, server};

    #[test]
    fn an_address_is_read_as_client_go_reads_it() {
        for (text, settings, url) in [
            ("https://a:6443", TlsSettings::None, Some(("https://a:6443", Scheme::Https))),
            ("https://a/k8s/c?x=1#y", TlsSettings::None, Some(("https://a/k8s/c", Scheme::Https))),
            ("a:8080", TlsSettings::None, Some(("http://a:8080", Scheme::Http))),
            ("a:8080", TlsSettings::Some, Some(("https://a:8080", Scheme::Https))),
            ("HTTP://a/", TlsSettings::Some, Some(("http://a", Scheme::Http))),
            ("https://[::1]:6443/", TlsSettings::None, Some(("https://[::1]:6443", Scheme::Https))),
            ("ftp://a", TlsSettings::None, None),
            ("https://", TlsSettings::None, None),
            ("https://a b", TlsSettings::None, None),
        ] {
            assert_eq!(server(text, settings).map(|s| (s.url, s.scheme)), url.map(|(u, s)| (u.to_owned(), s)), "{text}");
        }
    }

    #[test]
    fn proxy_url() {
        let taken: Vec<bool> =
            ["http://p:1", "https://p", "socks5://p:1080", "socks5h://p", "socks6://p", "example.com", "user@host"].iter().map(|t| is_proxy(t)).collect();
        assert_eq!(taken, [true, true, true, false, false, false, false]);
    }
}
