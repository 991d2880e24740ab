//! What does a token say about itself, without asking anybody?
//!
//! Read for display only: nothing here is verified, and nothing is decided by it.

use api::{Timestamp, contexts::Identity};
use base64::Engine as _;
use serde::Deserialize;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claims {
    pub(super) identity: Option<Identity>,
    pub(super) expires: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Body {
    sub: Option<String>,
    email: Option<String>,
    preferred_username: Option<String>,
    groups: Option<Groups>,
    exp: Option<f64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Groups {
    Many(Vec<String>),
    One(String),
}

/// Reads a JSON Web Token, `None` for any other kind of token.
pub(super) fn read(token: &str) -> Option<Claims> {
    let mut parts = token.split('.');
    let (_, body, _) = (parts.next()?, parts.next()?, parts.next()?);
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(body.trim_end_matches('=')).ok()?;
    let body: Body = serde_json::from_slice(&bytes).ok()?;
    let groups = match body.groups {
        Some(Groups::Many(groups)) => groups,
        Some(Groups::One(group)) => vec![group],
        None => vec![],
    };
    let identity = body.email.or(body.preferred_username).or(body.sub).map(|user| Identity { user, groups });
    // A cast of a float saturates; a date before 1970 becomes 1970.
    let expires = body.exp.map(|seconds| Timestamp((seconds * 1_000.0) as u64));
    Some(Claims { identity, expires })
}
