//! How is a failed connection or table told to the user?
//!
//! The one mapping from this crate's errors to the contract: what did not happen to which context, whose words the
//! cause is, and what to do next.

#[cfg(test)]
mod tests;
mod write;

use api::{ContextId, Fault, FaultCode, Fix};
use kubeconfig::target::Target;

use crate::credentials::{CredentialError, has_ended};
use crate::failure::{CertificateProblem, LinkError, Side, chain};
use crate::trust::TrustError;

pub use write::write;

/// The context that a fault is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    pub context: ContextId,
    pub name: String,
    /// Address of the server.
    pub server: String,
}

impl About {
    pub fn of(target: &Target) -> Self {
        Self { context: target.context.clone(), name: target.name.clone(), server: target.server.clone() }
    }
}

/// Tells why a context has no connection.
pub fn link(about: &About, error: &LinkError) -> Fault {
    let name = &about.name;
    let server = about.server.as_str();
    let unreachable = |sentence: String, said: &str| Fault::new(FaultCode::Unreachable, sentence).because(server, said).fix(Fix::TryNow(about.context.clone()));
    match error {
        LinkError::Refused { address, said } => unreachable(format!("KOS cannot connect to {name}: nothing answers at {address}."), said),
        LinkError::TimedOut { address, limit_ms } => {
            unreachable(format!("KOS cannot connect to {name}."), &format!("no answer from {address} within {} s", limit_ms.div_ceil(1_000)))
        }
        LinkError::NameNotFound { host, said } => unreachable(format!("KOS cannot connect to {name}: the name {host} was not found."), said),
        LinkError::Proxy { proxy, said } => {
            Fault::new(FaultCode::Unreachable, format!("KOS cannot connect to {name}: the proxy {proxy} did not let it through."))
                .because(proxy, said)
                .fix(Fix::TryNow(about.context.clone()))
        }
        LinkError::Certificate { side, problem } => certificate(about, *side, problem),
        LinkError::Handshake { said, .. } => unreachable(format!("KOS cannot make a secure connection to {name}."), said),
        LinkError::Broken { said, .. } => unreachable(format!("The connection to {name} broke."), said),
        LinkError::NotSignedIn { said, .. } => Fault::new(FaultCode::SignIn, format!("{name} does not accept your credentials."))
            .because(server, said)
            .unharmed("Nothing was changed in the cluster or in the kubeconfig.")
            .fix(Fix::TryNow(about.context.clone())),
        LinkError::Forbidden { said, .. } => {
            Fault::new(FaultCode::Denied, format!("{name} does not let you see its version.")).because(server, said).fix(Fix::TryNow(about.context.clone()))
        }
        LinkError::NotKubernetes { said, .. } => unreachable(format!("What answers for {name} is not a Kubernetes API server."), said),
        LinkError::Server { status, said, .. } => unreachable(format!("{name} cannot answer now ({status})."), said),
        LinkError::Credentials(error) => credentials(about, error),
        LinkError::Entry { said } => Fault::new(FaultCode::File, format!("The entry of {name} cannot be used as it is written.")).because("kubeconfig", said),
        LinkError::Slept { slept_ms } => Fault::new(FaultCode::Unreachable, format!("This computer slept, so what is shown of {name} is old."))
            .because("this computer", format!("slept for {} s", slept_ms / 1_000))
            .fix(Fix::TryNow(about.context.clone())),
    }
}

fn certificate(about: &About, side: Side, problem: &CertificateProblem) -> Fault {
    let (whose, source) = match side {
        Side::Server => ("The server's certificate", about.server.as_str()),
        Side::Ours => ("Your client certificate", "client certificate"),
    };
    let name = &about.name;
    let (sentence, said) = match problem {
        CertificateProblem::UnknownIssuer { subject, issuer } => {
            (format!("{whose} for {name} is not signed by the authority in the kubeconfig."), format!("{subject}, issued by {issuer}"))
        }
        CertificateProblem::WrongName { wanted, valid_for } => {
            (format!("{whose} for {name} is for another name than {wanted}."), format!("valid for {}", valid_for.join(", ")))
        }
        CertificateProblem::Expired { subject, issuer, at } => {
            (format!("{whose} for {name} has expired."), format!("{subject}, issued by {issuer}, ended {}", day(*at)))
        }
        CertificateProblem::NotYetValid { subject, issuer, from } => {
            (format!("{whose} for {name} is not valid yet."), format!("{subject}, issued by {issuer}, begins {}", day(*from)))
        }
        CertificateProblem::Other { said } => (format!("{whose} for {name} is not accepted."), said.clone()),
    };
    Fault::new(FaultCode::Certificate, sentence).because(source, said).unharmed("No credential was sent.").fix(Fix::TryNow(about.context.clone()))
}

fn day(at: api::Timestamp) -> String {
    i64::try_from(at.0).ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok()).map(|at| at.to_string()).unwrap_or_default()
}

fn credentials(about: &About, error: &CredentialError) -> Fault {
    let name = &about.name;
    let again = Fix::TryNow(about.context.clone());
    let plugin = |sentence: String| Fault::new(FaultCode::Plugin, sentence).fix(again.clone());
    match error {
        CredentialError::File(why) => Fault::new(FaultCode::SignIn, format!("KOS cannot sign in to {name}: a file of its entry cannot be used."))
            .because("this computer", chain(why))
            .fix(again),
        CredentialError::EmptyTokenFile { path } | CredentialError::NotAToken { path } => {
            Fault::new(FaultCode::SignIn, format!("KOS cannot sign in to {name}: its token file holds no token.")).because(path, error.to_string()).fix(again)
        }
        CredentialError::BadCertificate { file: Some(path), .. } => {
            Fault::new(FaultCode::SignIn, format!("KOS cannot sign in to {name}.")).because(path.display().to_string(), error.to_string()).fix(again)
        }
        CredentialError::BadCertificate { file: None, .. } | CredentialError::Unsendable => {
            Fault::new(FaultCode::SignIn, format!("KOS cannot sign in to {name}.")).because("kubeconfig", error.to_string()).fix(again)
        }
        CredentialError::Expired { subject, issuer, at } => {
            certificate(about, Side::Ours, &CertificateProblem::Expired { subject: subject.clone(), issuer: issuer.clone(), at: *at })
        }
        CredentialError::PluginNotFound { program, searched, hint } => {
            let fault = plugin(format!("KOS cannot sign in to {name}: {program} was not found.")).because("PATH", searched.join(":"));
            if hint.is_empty() { fault } else { fault.because("kubeconfig, installHint", hint) }
        }
        CredentialError::PluginNotStarted { program, said } => {
            plugin(format!("KOS cannot sign in to {name}: {program} could not be started.")).because(program, said)
        }
        CredentialError::PluginHung { program, limit_s, stderr } => {
            quoted(plugin(format!("KOS cannot sign in to {name}: {program} did not end within {limit_s} s and was stopped.")), program, stderr)
        }
        CredentialError::PluginFailed { program, stderr, .. } if has_ended(stderr) => {
            let words = format!("KOS cannot sign in to {name}: the login of {program} has ended. Sign in with it in a terminal.");
            quoted(Fault::new(FaultCode::SignIn, words).fix(again), program, stderr)
        }
        CredentialError::PluginFailed { program, end, stderr } => {
            quoted(plugin(format!("KOS cannot sign in to {name}: {program} ended with {end}.")), program, stderr)
        }
        CredentialError::PluginGarbage { program, why } => {
            plugin(format!("KOS cannot sign in to {name}: {program} did not print credentials.")).because(program, why.to_string())
        }
        CredentialError::PluginNeedsTerminal { program } => plugin(format!("KOS cannot sign in to {name}: {program} asks its questions in a terminal.")),
        CredentialError::PluginStopped { program } => plugin(format!("KOS cannot sign in to {name}: {program} was stopped.")),
        CredentialError::Untrusted { program } => Fault::new(FaultCode::Trust, format!("To sign in to {name}, KOS must run {program}, and asks you first."))
            .unharmed("Nothing was run.")
            .fix(Fix::AnswerTrust(about.context.clone())),
        CredentialError::Forbidden { program } => {
            Fault::new(FaultCode::Trust, format!("KOS cannot sign in to {name}: you said that {program} must never run."))
                .unharmed("Nothing was run.")
                .fix(Fix::AnswerTrust(about.context.clone()))
        }
        CredentialError::UntrustedFile { path } => {
            let words = format!("To sign in to {name}, KOS must read {path} and send it to {}, and asks you first.", about.server);
            Fault::new(FaultCode::TrustFile, words).unharmed("Nothing was read or sent.").fix(Fix::ReviewFile(about.context.clone()))
        }
        CredentialError::ForbiddenFile { path } => {
            Fault::new(FaultCode::TrustFile, format!("KOS cannot sign in to {name}: you said that {path} must never be sent."))
                .unharmed("Nothing was read or sent.")
                .fix(Fix::ReviewFile(about.context.clone()))
        }
        CredentialError::AgainstPolicy { program, policy } => {
            Fault::new(FaultCode::Trust, format!("KOS cannot sign in to {name}: the policy of kubectl does not allow {program}."))
                .because(policy, error.to_string())
                .unharmed("Nothing was run.")
        }
        CredentialError::Legacy { provider } => {
            let words = format!("KOS cannot sign in to {name}: it does not speak auth-provider {provider}. Use exec with kubelogin instead.");
            Fault::new(FaultCode::SignIn, words).because("kubeconfig", error.to_string())
        }
    }
}

fn quoted(fault: Fault, program: &str, stderr: &str) -> Fault {
    if stderr.is_empty() { fault } else { fault.because(program, stderr) }
}

/// Tells why a table is refused (403).
pub fn denied(about: &About, what: &str, said: &str) -> Fault {
    Fault::new(FaultCode::Denied, format!("{} does not let you list {what}.", about.name)).because(&about.server, said)
}

/// Tells why a table could not be read although the connection works.
pub fn table(about: &About, what: &str, said: &str) -> Fault {
    Fault::new(FaultCode::Unreachable, format!("The {what} of {} could not be read.", about.name)).because(&about.server, said)
}

/// Tells why a table is not kept up any more although the connection works: there is more of it than fits.
pub fn too_much(about: &About, what: &str, most: usize) -> Fault {
    let sentence = format!("{} has more {what} than KOS keeps. What is shown is a part of them, and is not kept up.", about.name);
    Fault::new(FaultCode::Unreachable, sentence)
        .because("this computer", format!("one table may take {} MiB", most >> 20))
        .unharmed("The cluster and the other tables are as they were.")
        .fix(Fix::TryNow(about.context.clone()))
}

/// Tells why a question of trust was not asked or its answer not taken.
pub fn trust(about: &About, error: &TrustError) -> Fault {
    match error {
        TrustError::NoQuestion { .. } => {
            Fault::new(FaultCode::NotFound, format!("{} runs no program to sign in, and sends no file that KOS asks about.", about.name))
        }
        TrustError::Changed => Fault::new(FaultCode::Changed, format!("Your answer for {} was not taken: the program or its entry changed.", about.name))
            .unharmed("Nothing was run.")
            .fix(Fix::AnswerTrust(about.context.clone())),
        TrustError::FileChanged => Fault::new(FaultCode::Changed, format!("Your answer for {} was not taken: the file or its entry changed.", about.name))
            .unharmed("Nothing was read or sent.")
            .fix(Fix::ReviewFile(about.context.clone())),
        TrustError::File(why) => {
            Fault::new(FaultCode::SignIn, format!("The token file of {} cannot be used.", about.name)).because("this computer", chain(why))
        }
        TrustError::NotKept(why) => {
            Fault::new(FaultCode::Write, format!("Your answer for {} could not be kept.", about.name)).because("this computer", why.to_string())
        }
    }
}
