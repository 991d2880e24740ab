//! What does a certificate say about itself?

use api::Timestamp;
use rustls::pki_types::CertificateDer;
use x509_cert::Certificate;
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::{
    Decode,
    asn1::{Ia5StringRef, PrintableStringRef, Utf8StringRef},
};

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const ORGANISATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");

/// What is shown of a certificate, and who it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) subject: String,
    pub(crate) issuer: String,
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
    /// Kubernetes reads the user from here.
    pub(crate) common_name: String,
    /// Kubernetes reads the groups from here.
    pub(crate) organisations: Vec<String>,
}

/// Reads a certificate, `None` when it is none.
pub(crate) fn facts(der: &CertificateDer<'_>) -> Option<Facts> {
    let certificate = Certificate::from_der(der).ok()?;
    let inner = certificate.tbs_certificate();
    let (mut common_name, mut organisations) = (String::new(), vec![]);
    for part in inner.subject().iter() {
        let text = part.value.decode_as::<Utf8StringRef<'_>>().map(|t| t.as_str().to_owned());
        let text = text.or_else(|_| part.value.decode_as::<PrintableStringRef<'_>>().map(|t| t.as_str().to_owned()));
        let Ok(text) = text.or_else(|_| part.value.decode_as::<Ia5StringRef<'_>>().map(|t| t.as_str().to_owned())) else { continue };
        if part.oid == COMMON_NAME {
            common_name = text;
        } else if part.oid == ORGANISATION {
            organisations.push(text);
        }
    }
    let millis = |time: &x509_cert::time::Time| Timestamp(u64::try_from(time.to_unix_duration().as_millis()).unwrap_or(u64::MAX));
    Some(Facts {
        subject: inner.subject().to_string(),
        issuer: inner.issuer().to_string(),
        from: millis(&inner.validity().not_before),
        until: millis(&inner.validity().not_after),
        common_name,
        organisations,
    })
}
