//! What does an error of the network mean?

use std::error::Error;
use std::sync::Arc;

use rustls::{AlertDescription, CertificateError};

use super::connector::ConnectError;
use super::tls::PeerRefused;
use crate::credentials::CredentialError;
use crate::failure::{CertificateProblem, LinkError, Side, chain, find};

/// Finds what an error of a client, of whatever layer, says about the connection.
pub fn classify(server: &str, error: &(dyn Error + 'static)) -> LinkError {
    let address = server.split_once("://").map_or(server, |(_, rest)| rest).trim_end_matches('/').to_owned();
    if let Some(known) = find::<LinkError>(error) {
        return known.clone();
    }
    if let Some(credentials) = find::<Arc<CredentialError>>(error) {
        return LinkError::Credentials(Arc::clone(credentials));
    }
    if let Some(connect) = find::<ConnectError>(error) {
        return connecting(connect);
    }
    if let Some(tls) = find::<rustls::Error>(error) {
        return securing(&address, tls);
    }
    LinkError::Broken { address, said: chain(error) }
}

/// Whether no server has read the request that ended so: no connection stood, nobody could sign in, or the server did not take
/// our certificate. Any other error of TLS is one of a connection that stood, on which the request may have left.
pub(crate) fn is_unsent(error: &(dyn Error + 'static)) -> bool {
    let is_of_ours = |tls: &rustls::Error| matches!(securing("", tls), LinkError::Certificate { side: Side::Ours, .. });
    find::<LinkError>(error).is_some()
        || find::<Arc<CredentialError>>(error).is_some()
        || find::<ConnectError>(error).is_some()
        || find::<rustls::Error>(error).is_some_and(is_of_ours)
}

fn connecting(error: &ConnectError) -> LinkError {
    match error {
        ConnectError::Name { host, cause } => LinkError::NameNotFound { host: host.clone(), said: cause.to_string() },
        ConnectError::Tcp { address, cause } => tcp(address.clone(), &**cause),
        ConnectError::Proxy { proxy, cause } => LinkError::Proxy { proxy: proxy.clone(), said: chain(&**cause) },
        ConnectError::Tls { address, cause } => securing(address, cause),
        ConnectError::Broken { address, cause } => LinkError::Handshake { address: address.clone(), said: cause.to_string() },
        ConnectError::TimedOut { address, limit } => {
            LinkError::TimedOut { address: address.clone(), limit_ms: u64::try_from(limit.as_millis()).unwrap_or(u64::MAX) }
        }
        ConnectError::BadName { host } => LinkError::Entry { said: format!("{host} cannot be a server's name") },
    }
}

fn tcp(address: String, cause: &(dyn Error + 'static)) -> LinkError {
    use std::io::ErrorKind;
    let io = find::<std::io::Error>(cause);
    let said = io.map_or_else(|| chain(cause), ToString::to_string);
    match io.map(std::io::Error::kind) {
        Some(ErrorKind::ConnectionRefused) => LinkError::Refused { address, said },
        Some(ErrorKind::TimedOut) => LinkError::TimedOut { address, limit_ms: 5_000 },
        Some(_) | None => LinkError::Broken { address, said },
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the vocabulary is rustls' own and grows")]
fn securing(address: &str, error: &rustls::Error) -> LinkError {
    let ours = |said: &str| LinkError::Certificate { side: Side::Ours, problem: CertificateProblem::Other { said: said.to_owned() } };
    match error {
        rustls::Error::InvalidCertificate(CertificateError::Other(other)) => match other.0.downcast_ref::<PeerRefused>() {
            Some(refused) => LinkError::Certificate { side: Side::Server, problem: refused.problem.clone() },
            None => LinkError::Certificate { side: Side::Server, problem: CertificateProblem::Other { said: other.to_string() } },
        },
        rustls::Error::InvalidCertificate(why) => LinkError::Certificate { side: Side::Server, problem: CertificateProblem::Other { said: why.to_string() } },
        // An alert comes from the other side: it is our certificate that the server does not take.
        rustls::Error::AlertReceived(AlertDescription::CertificateExpired) => ours("the server says that it has expired"),
        rustls::Error::AlertReceived(AlertDescription::CertificateRequired) => ours("the server wants one and there is none"),
        rustls::Error::AlertReceived(AlertDescription::UnknownCA) => ours("the server does not know its issuer"),
        rustls::Error::AlertReceived(AlertDescription::BadCertificate | AlertDescription::CertificateUnknown | AlertDescription::CertificateRevoked) => {
            ours("the server refuses it")
        }
        other => LinkError::Handshake { address: address.to_owned(), said: other.to_string() },
    }
}
