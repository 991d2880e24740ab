//! What did a credential plugin print?
//!
//! The print is secret as a whole: errors say where and of what kind a mistake is, never what stands there.

use std::sync::Arc;

use api::Timestamp;
use kubeconfig::target::PluginApi;
use secret::Secret;
use serde::Deserialize;

use super::question::api_version;
use crate::dial::ClientIdentity;

/// What a plugin gave.
pub(super) struct Credential {
    pub(super) token: Option<Secret>,
    pub(super) identity: Option<Arc<ClientIdentity>>,
    /// `None`: good until KOS ends or the server says otherwise.
    pub(super) expires: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Garbage {
    #[error("it is not JSON of the expected shape (line {line}, column {column})")]
    NotJson { line: usize, column: usize },
    #[error("it is longer than 1 MiB")]
    TooLong,
    #[error("it printed nothing")]
    Nothing,
    #[error("its version is {got} where the kubeconfig says {wanted}")]
    OtherVersion { wanted: String, got: String },
    #[error("it is not an ExecCredential")]
    OtherKind,
    #[error("it has neither a token nor a certificate with its key")]
    Incomplete,
    #[error("its certificate and key cannot be used")]
    BadCertificate,
    #[error("its expirationTimestamp is not a time")]
    BadTime,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Printed {
    #[serde(default)]
    api_version: String,
    #[serde(default)]
    kind: String,
    status: Option<Status>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    #[serde(default)]
    token: String,
    #[serde(default)]
    client_certificate_data: String,
    #[serde(default)]
    client_key_data: String,
    expiration_timestamp: Option<String>,
}

/// Reads the standard output of a plugin.
pub(super) fn read(out: &[u8], version: PluginApi) -> Result<Credential, Garbage> {
    if out.iter().all(u8::is_ascii_whitespace) {
        return Err(Garbage::Nothing);
    }
    let printed: Printed = serde_json::from_slice(out).map_err(|e| Garbage::NotJson { line: e.line(), column: e.column() })?;
    if printed.kind != "ExecCredential" {
        return Err(Garbage::OtherKind);
    }
    let wanted = api_version(version);
    if printed.api_version != wanted {
        // Only a version is repeated; anything else could be a misplaced secret.
        let got = match printed.api_version.strip_prefix("client.authentication.k8s.io/") {
            Some(version) if version.len() < 16 && version.bytes().all(|b| b.is_ascii_alphanumeric()) => printed.api_version.clone(),
            Some(_) | None => "another one".to_owned(),
        };
        return Err(Garbage::OtherVersion { wanted: wanted.to_owned(), got });
    }
    let status = printed.status.ok_or(Garbage::Incomplete)?;
    let (certificate, key) = (Secret::new(status.client_certificate_data), Secret::new(status.client_key_data));
    let identity = match (certificate.is_empty(), key.is_empty()) {
        (true, true) => None,
        (false, false) => {
            let identity = ClientIdentity::from_pem(certificate.reveal().as_bytes(), key.reveal().as_bytes());
            Some(Arc::new(identity.map_err(|_| Garbage::BadCertificate)?))
        }
        (true, false) | (false, true) => return Err(Garbage::Incomplete),
    };
    let token = Some(Secret::new(status.token)).filter(|token| !token.is_empty());
    if token.is_none() && identity.is_none() {
        return Err(Garbage::Incomplete);
    }
    let expires = match status.expiration_timestamp {
        Some(text) => Some(crate::tables::timestamp(&text).ok_or(Garbage::BadTime)?),
        None => None,
    };
    Ok(Credential { token, identity, expires })
}
