//! What does a context that does not connect by itself wait for?

use api::FaultCode;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitsFor {
    SignIn,
    /// A word of the user on the program that signs in.
    Trust,
    /// A word of the user on a file that would be sent.
    TrustFile,
    /// The program that signs in failed.
    Plugin,
    Certificate,
    /// Its fault says it all.
    Other,
}

/// Each page says it in its own words; which codes mean the same stands here alone.
pub fn waits_for(code: FaultCode) -> WaitsFor {
    match code {
        FaultCode::SignIn => WaitsFor::SignIn,
        FaultCode::Trust => WaitsFor::Trust,
        FaultCode::TrustFile => WaitsFor::TrustFile,
        FaultCode::Plugin => WaitsFor::Plugin,
        FaultCode::Certificate => WaitsFor::Certificate,
        FaultCode::Invalid
        | FaultCode::NotFound
        | FaultCode::Changed
        | FaultCode::StreamClosed
        | FaultCode::File
        | FaultCode::Write
        | FaultCode::Unreachable
        | FaultCode::Denied
        | FaultCode::Docker
        | FaultCode::Program
        | FaultCode::Download
        | FaultCode::Step
        | FaultCode::Bug => WaitsFor::Other,
    }
}
