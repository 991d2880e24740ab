//! How is a small file fetched that nobody pinned?
//!
//! It goes into memory, bounded in size and time; whoever asked for it looks at it before anything is done with it.

use std::time::Duration;

use reqwest::Url;

use crate::client::{allowed, client};
use crate::fetch::{blocking, not_reached};
use crate::{DownloadError, Route, Scheme};

/// Without a limit a server could send a byte now and then for ever.
const LONGEST: Duration = Duration::from_secs(60);

/// An address that may be asked: it proves nobody, and is HTTPS; one of this computer itself may be plain HTTP.
#[derive(Debug, Clone)]
pub struct Address {
    url: Url,
    scheme: Scheme,
}

impl Address {
    /// Contacts nobody.
    pub fn parse(text: &str) -> Result<Self, DownloadError> {
        let scheme = if text.starts_with("http://") { Scheme::HttpOnLoopback } else { Scheme::HttpsOnly };
        let url = Url::parse(text).map_err(|_| DownloadError::Address { address: text.to_owned() })?;
        let is_bare = url.username().is_empty() && url.password().is_none();
        if is_bare && allowed(&url, scheme) { Ok(Self { url, scheme }) } else { Err(DownloadError::Address { address: bare(url) }) }
    }
}

/// Fetches a file of at most `most` bytes, once; every redirect is as safe as the address.
pub async fn fetch_small(address: &Address, route: &Route, most: usize) -> Result<Vec<u8>, DownloadError> {
    let Address { url, scheme } = address.clone();
    let host = url.host_str().unwrap_or_default().to_owned();
    let slow = DownloadError::Slow { host: host.clone(), seconds: LONGEST.as_secs() };
    let got = get(url, host, Route { scheme, ..route.clone() }, most);
    tokio::time::timeout(LONGEST, got).await.unwrap_or(Err(slow))
}

async fn get(url: Url, host: String, route: Route, most: usize) -> Result<Vec<u8>, DownloadError> {
    let (address, proxy) = (url.to_string(), route.proxy.clone());
    let client = blocking(move || client(&route)).await?;
    let mut response = client.get(url).send().await.map_err(|cause| not_reached(&host, proxy.as_deref(), cause))?;
    if !response.status().is_success() {
        return Err(DownloadError::Answer { host, status: response.status().as_u16(), address });
    }
    let expected = response.content_length();
    if expected.is_some_and(|length| length > most as u64) {
        return Err(DownloadError::TooLarge { host, most });
    }
    let mut bytes: Vec<u8> = vec![];
    loop {
        match response.chunk().await {
            Ok(Some(piece)) if bytes.len() + piece.len() > most => return Err(DownloadError::TooLarge { host, most }),
            Ok(Some(piece)) => bytes.extend_from_slice(&piece),
            Ok(None) => return Ok(bytes),
            Err(cause) => return Err(DownloadError::CutOff { host, received: bytes.len() as u64, cause }),
        }
    }
}

/// Without what proves who somebody is.
fn bare(mut url: Url) -> String {
    // An address without a host has neither.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.to_string()
}
