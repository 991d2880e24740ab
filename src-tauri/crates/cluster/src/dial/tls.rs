//! When is a server believed, and how does KOS prove itself to it?

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject};
use rustls::sign::CertifiedKey;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme};
use sha2::{Digest, Sha256};

use super::certificate::{Facts, facts};
use crate::failure::CertificateProblem;

/// A client certificate with its key; never printed.
pub(crate) struct ClientIdentity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    /// Tells one identity from another without keeping a second copy.
    pub(crate) print: [u8; 32],
    pub(crate) facts: Option<Facts>,
}

impl std::fmt::Debug for ClientIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientIdentity").field("facts", &self.facts).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadPem {
    #[error("the certificate is not PEM")]
    Certificate,
    #[error("the key is not PEM")]
    Key,
    #[error("the certificate authority is not PEM")]
    Authority,
    #[error("certificate and key cannot be used together: {said}")]
    Pair { said: String },
}

impl ClientIdentity {
    pub(crate) fn from_pem(certificate: &[u8], key: &[u8]) -> Result<Self, BadPem> {
        let chain = certificates(certificate).ok_or(BadPem::Certificate)?;
        let print = Sha256::new().chain_update(certificate).chain_update([0]).chain_update(key).finalize().into();
        let facts = chain.first().and_then(facts);
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| BadPem::Key)?;
        // Asked now and not when a connection is made: a pair that is being replaced is half old and half new.
        let checked = CertifiedKey::from_der(chain.clone(), key.clone_key(), &rustls::crypto::ring::default_provider());
        checked.map_err(|e| BadPem::Pair { said: e.to_string() })?;
        Ok(Self { chain, key, print, facts })
    }
}

fn certificates(pem: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let found: Vec<_> = CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().ok()?;
    (!found.is_empty()).then_some(found)
}

/// Whom to believe.
pub(crate) enum Trusted {
    System,
    Authority(Vec<CertificateDer<'static>>),
    Anybody,
}

impl Trusted {
    pub(crate) fn authority(pem: &[u8]) -> Result<Self, BadPem> {
        certificates(pem).map(Self::Authority).ok_or(BadPem::Authority)
    }
}

/// TLS 1.2 and 1.3 only.
pub(crate) fn client(trusted: Trusted, identity: Option<&ClientIdentity>) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?;
    let verifier: Arc<dyn ServerCertVerifier> = match trusted {
        Trusted::Anybody => Arc::new(Unverified(provider)),
        Trusted::System => verified(rustls_native_certs::load_native_certs().certs, provider)?,
        Trusted::Authority(certificates) => verified(certificates, provider)?,
    };
    let builder = builder.dangerous().with_custom_certificate_verifier(verifier);
    match identity {
        Some(identity) => builder.with_client_auth_cert(identity.chain.clone(), identity.key.clone_key()),
        None => Ok(builder.with_no_client_auth()),
    }
}

fn verified(authorities: Vec<CertificateDer<'static>>, provider: Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, rustls::Error> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(authorities);
    let inner = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider);
    let inner = inner.build().map_err(|_| rustls::Error::General("no certificate authority can be used".to_owned()))?;
    Ok(Arc::new(Verified(inner)))
}

/// The usual check; a refusal carries the certificate's own words, so that the user sees whose dates are wrong.
#[derive(Debug)]
struct Verified(Arc<WebPkiServerVerifier>);

/// Why a server's certificate was refused.
#[derive(Debug, thiserror::Error)]
#[error("the server's certificate was refused")]
pub(crate) struct PeerRefused {
    pub(crate) problem: CertificateProblem,
}

impl ServerCertVerifier for Verified {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the vocabulary is rustls' own and grows")]
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.0.verify_server_cert(end_entity, intermediates, name, ocsp, now).map_err(|error| match error {
            rustls::Error::InvalidCertificate(why) => {
                let refused = PeerRefused { problem: problem(&why, end_entity, name) };
                rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(refused))))
            }
            other => other,
        })
    }

    fn verify_tls12_signature(&self, message: &[u8], cert: &CertificateDer<'_>, dss: &DigitallySignedStruct) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(&self, message: &[u8], cert: &CertificateDer<'_>, dss: &DigitallySignedStruct) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the vocabulary is rustls' own and grows")]
fn problem(why: &CertificateError, certificate: &CertificateDer<'_>, name: &ServerName<'_>) -> CertificateProblem {
    let Some(facts) = facts(certificate) else { return CertificateProblem::Other { said: why.to_string() } };
    let Facts { subject, issuer, from, until, .. } = facts;
    match why {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => CertificateProblem::Expired { subject, issuer, at: until },
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => CertificateProblem::NotYetValid { subject, issuer, from },
        CertificateError::UnknownIssuer | CertificateError::BadSignature => CertificateProblem::UnknownIssuer { subject, issuer },
        CertificateError::NotValidForName => CertificateProblem::WrongName { wanted: name.to_str().into_owned(), valid_for: vec![] },
        CertificateError::NotValidForNameContext { presented, .. } => {
            CertificateProblem::WrongName { wanted: name.to_str().into_owned(), valid_for: presented.clone() }
        }
        other => CertificateProblem::Other { said: other.to_string() },
    }
}

/// For `insecure-skip-tls-verify`: encrypted, but nobody knows with whom.
#[derive(Debug)]
struct Unverified(Arc<CryptoProvider>);

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(&self, message: &[u8], cert: &CertificateDer<'_>, dss: &DigitallySignedStruct) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(&self, message: &[u8], cert: &CertificateDer<'_>, dss: &DigitallySignedStruct) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
