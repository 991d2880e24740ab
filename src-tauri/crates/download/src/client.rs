//! Over which connection is a file fetched?

use std::path::Path;
use std::sync::Arc;

use reqwest::redirect::Policy;
use reqwest::{Client, Proxy, Url};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::proxy::is_loopback;
use crate::{DownloadError, Route, Scheme};

const REDIRECTS: usize = 5;
/// The bundles of whole systems have some hundred KiB.
const MOST_BUNDLE: u64 = 16 * 1024 * 1024;

/// Why a redirect was not followed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error("not a safe address: {0}")]
    Unsafe(Url),
    #[error("more than {REDIRECTS} redirects")]
    Circle,
}

pub(crate) fn allowed(url: &Url, scheme: Scheme) -> bool {
    match (url.scheme(), scheme) {
        ("https", _) => true,
        ("http", Scheme::HttpOnLoopback) => url.host_str().is_some_and(is_loopback),
        _ => false,
    }
}

/// Builds the client; reads certificates, so call it where blocking is allowed.
pub(crate) fn client(route: &Route) -> Result<Client, DownloadError> {
    let scheme = route.scheme;
    let policy = Policy::custom(move |attempt| {
        let url = attempt.url().clone();
        if attempt.previous().len() > REDIRECTS {
            attempt.error(Refused::Circle)
        } else if allowed(&url, scheme) {
            attempt.follow()
        } else {
            attempt.error(Refused::Unsafe(url))
        }
    });
    let mut builder = Client::builder()
        .tls_backend_preconfigured(tls(route.ca_bundle.as_deref())?)
        .user_agent(concat!("kos/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(route.patience.connect)
        .read_timeout(route.patience.read)
        .redirect(policy)
        .no_proxy();
    if let Some(proxy) = &route.proxy {
        builder = builder.proxy(Proxy::all(proxy).map_err(not_prepared)?);
    }
    builder.build().map_err(not_prepared)
}

fn tls(bundle: Option<&Path>) -> Result<ClientConfig, DownloadError> {
    let mut roots = RootCertStore::empty();
    // What the system has and cannot be read is as if it were not there; a server that needs it is then refused by name.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = bundle {
        let unreadable = |cause: std::io::Error| DownloadError::CaBundle { path: path.to_owned(), cause };
        // A device may have no end, and a pipe holds up whoever opens it.
        let about = std::fs::metadata(path).map_err(unreadable)?;
        if !about.is_file() || about.len() > MOST_BUNDLE {
            return Err(unreadable(std::io::Error::new(std::io::ErrorKind::InvalidInput, "it is no file of at most 16 MiB")));
        }
        let text = std::fs::read(path).map_err(unreadable)?;
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
        let certificates = certificates.map_err(|error| unreadable(std::io::Error::other(error)))?;
        if certificates.is_empty() {
            return Err(unreadable(std::io::Error::other("there is no certificate in it")));
        }
        for certificate in certificates {
            roots.add(certificate).map_err(|error| unreadable(std::io::Error::other(error)))?;
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(not_prepared)?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

fn not_prepared(cause: impl std::error::Error + Send + Sync + 'static) -> DownloadError {
    DownloadError::Client { cause: Box::new(cause) }
}
