use api::Timestamp;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{certificate_expiry, is_endless_token, token_expiry};

/// Made by `openssl req -x509`; ends 2036-11-21 16:42:21Z.
const LONG: &str = include_str!("../../tests/data/certificate-long.pem");
/// Ends 2026-12-24 16:42:21Z.
const SHORT: &str = include_str!("../../tests/data/certificate-short.pem");
const END_OF_LONG: Timestamp = Timestamp(2_110_898_541_000);
const END_OF_SHORT: Timestamp = Timestamp(1_798_130_541_000);

#[test]
fn the_end_of_a_certificate_is_the_one_openssl_says() {
    assert_eq!(certificate_expiry(LONG), Some(END_OF_LONG));
    assert_eq!(certificate_expiry(SHORT), Some(END_OF_SHORT));
}

#[test]
fn of_a_chain_the_first_certificate_counts_whatever_stands_before_it() {
    assert_eq!(certificate_expiry(&format!("{SHORT}{LONG}")), Some(END_OF_SHORT));
    assert_eq!(certificate_expiry(&format!("subject=CN = fixture\n\n{LONG}{SHORT}")), Some(END_OF_LONG));
}

#[test]
fn what_is_no_certificate_has_no_end() {
    let cut = &LONG[..LONG.len() / 2];
    let key = "-----BEGIN EC PRIVATE KEY-----\nQUJD\n-----END EC PRIVATE KEY-----\n";
    let rubbish = "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n";
    let backwards = "-----END CERTIFICATE----------BEGIN CERTIFICATE-----";
    for text in ["", "not PEM", cut, key, rubbish, backwards] {
        assert_eq!(certificate_expiry(text), None, "{text}");
    }
}

fn token(claims: &str) -> String {
    format!("e30.{}.signature", URL_SAFE_NO_PAD.encode(claims))
}

#[test]
fn a_web_token_says_when_it_ends_and_any_other_says_nothing() {
    assert_eq!(token_expiry(&token(r#"{"exp": 1790000000}"#)), Some(Timestamp(1_790_000_000_000)));
    for (claims, endless) in [("{}", true), (r#"{"exp": "soon"}"#, false), (r#"{"exp": -5}"#, false), ("[]", false), ("not JSON", false)] {
        assert_eq!((token_expiry(&token(claims)), is_endless_token(&token(claims))), (None, endless), "{claims}");
    }
    assert_eq!((token_expiry("opaque"), is_endless_token("opaque")), (None, false));
}
