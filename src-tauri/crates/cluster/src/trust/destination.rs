//! Where does a credential go?

use api::contexts::{Mood, Sign};
use api::visible::owned;
use http::Uri;
use kubeconfig::target::{Proxy, Target, Tls};

use crate::dial::without_login;

/// Texts that differ where destinations do: the host, the proxy of the entry, and whether the server is verified.
///
/// The port is left out, as a local cluster gets another one each time it is made. So are the authority and the name that a
/// certificate must have: whoever gains by other ones stands on the way to the same host, and the way is the proxy.
pub(crate) fn destination(target: &Target) -> [String; 3] {
    let host = target.server.parse::<Uri>().ok().and_then(|uri| uri.host().map(str::to_ascii_lowercase));
    let proxy = match &target.proxy {
        Proxy::FromEnvironment => String::new(),
        Proxy::Explicit(url) => url.clone(),
    };
    let tls = match &target.tls {
        Tls::Off => "plain",
        Tls::NotVerified { .. } => "not verified",
        Tls::Verified { .. } => "verified",
    };
    [host.unwrap_or_else(|| target.server.clone()), proxy, tls.to_owned()]
}

/// What speaks against a destination.
pub(super) fn doubts(target: &Target) -> Vec<Sign> {
    let doubt = |title: &str, text: String| Sign { mood: Mood::Doubt, title: title.to_owned(), text: owned(text), command: None };
    let unverified = match &target.tls {
        Tls::Off | Tls::Verified { .. } => None,
        Tls::NotVerified { .. } => Some(doubt("The server is not verified", format!("Whoever answers in place of {} gets what is sent there.", target.server))),
    };
    let through = match &target.proxy {
        Proxy::FromEnvironment => None,
        Proxy::Explicit(url) => {
            let shown = url.parse::<Uri>().map_or_else(|_| "a proxy".to_owned(), |proxy| without_login(&proxy));
            Some(doubt("The kubeconfig names a proxy", format!("What is sent to the server goes through {shown}.")))
        }
    };
    unverified.into_iter().chain(through).collect()
}
