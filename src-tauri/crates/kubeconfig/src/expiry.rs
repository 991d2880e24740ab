//! Until when is a credential good?
//!
//! Answers without contacting anybody: from the certificate or the token itself.

use api::Timestamp;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use x509_cert::{Certificate, der::DecodePem};

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The end of the first certificate of a PEM text: in a chain the client's own comes first.
pub fn certificate_expiry(pem: &str) -> Option<Timestamp> {
    let end = first(pem)?.tbs_certificate().validity().not_after.to_unix_duration();
    u64::try_from(end.as_millis()).ok().map(Timestamp)
}

/// The `exp` of a JWT; `None` for any other token, and for one without an end.
pub fn token_expiry(token: &str) -> Option<Timestamp> {
    let seconds = claims(token)?.get("exp")?.as_f64()?;
    // A float to integer cast saturates, so a nonsensical end is merely far away.
    (seconds >= 0.0).then_some(Timestamp((seconds * 1000.0) as u64))
}

/// A JWT of a service account that has no end.
pub(crate) fn is_endless_token(token: &str) -> bool {
    claims(token).is_some_and(|claims| claims.get("exp").is_none())
}

fn claims(token: &str) -> Option<serde_json::Value> {
    let mut parts = token.trim().split('.');
    let (_, body, _) = (parts.next()?, parts.next()?, parts.next()?);
    let bytes = URL_SAFE_NO_PAD.decode(body.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&bytes).ok().filter(serde_json::Value::is_object)
}

fn first(pem: &str) -> Option<Certificate> {
    let begin = pem.find(BEGIN)?;
    let end = begin + pem[begin..].find(END)? + END.len();
    Certificate::from_pem(&pem.as_bytes()[begin..end]).ok()
}

#[cfg(test)]
mod tests;
