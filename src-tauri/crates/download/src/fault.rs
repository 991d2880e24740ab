//! What is said when a download did not happen?

use api::{Fault, FaultCode, Fix};

use crate::DownloadError;

impl From<&DownloadError> for Fault {
    fn from(error: &DownloadError) -> Self {
        // Some begin with a host or a path, which keeps its spelling.
        let sentence = match error.to_string().strip_prefix("the ") {
            Some(rest) => format!("The {rest}."),
            None => format!("{error}."),
        };
        let fault = Fault::new(FaultCode::Download, sentence).unharmed("Nothing was installed or replaced.");
        match error {
            DownloadError::WrongDigest { expected, found } => {
                fault.because("pinned SHA-256", expected.as_str()).because("SHA-256 of what arrived", found.as_str())
            }
            DownloadError::Address { .. } | DownloadError::UnsafeRedirect { .. } | DownloadError::Circle { .. } | DownloadError::Answer { .. } => fault,
            DownloadError::Short { .. } | DownloadError::TooLarge { .. } | DownloadError::Slow { .. } | DownloadError::Busy { .. } => fault,
            DownloadError::NotReachedThrough { proxy, cause, .. } => fault.because(proxy, chain(cause)).fix(Fix::OpenSettings),
            DownloadError::NotReached { host, cause } | DownloadError::CutOff { host, cause, .. } => fault.because(host, chain(cause)),
            DownloadError::Client { cause } => fault.because("TLS", chain(cause.as_ref())).fix(Fix::OpenSettings),
            DownloadError::CaBundle { cause, .. } => fault.because("operating system", cause.to_string()).fix(Fix::OpenSettings),
            DownloadError::NoSpace { cause, .. }
            | DownloadError::NotWritten { cause, .. }
            | DownloadError::NotRead { cause, .. }
            | DownloadError::NotRemoved { cause, .. } => fault.because("operating system", cause.to_string()),
        }
    }
}

/// An error and its sources, each said once.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut all = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        if all.last().is_none_or(|last| !last.contains(&text)) {
            all.push(text);
        }
        next = cause.source();
    }
    all.join(": ")
}
