//! What does time do for a sign-in that failed, and what only a person?

use api::Millis;

use super::CredentialError;
use crate::failure::Heals;

/// A plugin is not run again sooner: each run is a program, and often a question to somebody far away.
pub(super) const REST: Millis = Millis::seconds(10);

/// How credential programs say that somebody has to sign in anew: aws, kubelogin, az and gcloud, in their own words.
const ENDED: [&str; 8] =
    ["token has expired", "sso session", "aws sso login", "invalid_grant", "az login", "gcloud auth login", "reauthentication", "login required"];

pub(crate) fn has_ended(said: &str) -> bool {
    let said = said.to_lowercase();
    ENDED.iter().any(|words| said.contains(words))
}

/// How a sign-in says that a person was asked, or that the provider said no to who they are: OAuth 2 in the words of RFC 6749,
/// RFC 8628 and OpenID Connect, and kubelogin's words for the ways on which it opens a browser.
const DECIDED: [&str; 8] = [
    "access_denied",
    "invalid_client",
    "unauthorized_client",
    "interaction_required",
    "expired_token",
    "authcode-browser error",
    "authorization code flow error",
    "device-code error",
];

fn was_decided(said: &str) -> bool {
    let said = said.to_lowercase();
    DECIDED.iter().any(|words| said.contains(words))
}

impl CredentialError {
    /// Whether it may work by itself later. What a person decides, and what could open a browser, is not tried in a loop.
    pub(crate) fn heals(&self) -> Heals {
        match self {
            Self::PluginFailed { stderr, .. } if has_ended(stderr) || was_decided(stderr) => Heals::WithHelp,
            // Mostly its network is not there yet, as after a sleep.
            Self::PluginFailed { .. } => Heals::WithTime { rest: REST },
            // Whoever renews the file may be writing it.
            Self::File(_) | Self::EmptyTokenFile { .. } | Self::NotAToken { .. } | Self::BadCertificate { file: Some(_), .. } => {
                Heals::WithTime { rest: Millis(0) }
            }
            Self::BadCertificate { file: None, .. }
            | Self::Expired { .. }
            | Self::Unsendable
            | Self::PluginNotFound { .. }
            | Self::PluginNotStarted { .. }
            | Self::PluginHung { .. }
            | Self::PluginGarbage { .. }
            | Self::PluginNeedsTerminal { .. }
            | Self::PluginStopped { .. }
            | Self::Untrusted { .. }
            | Self::Forbidden { .. }
            | Self::UntrustedFile { .. }
            | Self::ForbiddenFile { .. }
            | Self::AgainstPolicy { .. }
            | Self::Legacy { .. } => Heals::WithHelp,
        }
    }

    /// Whether it may be otherwise after a sleep: a program or a file failed, no answer of a person is missing.
    pub(crate) fn may_end_in_a_sleep(&self) -> bool {
        match self {
            Self::File(_)
            | Self::EmptyTokenFile { .. }
            | Self::NotAToken { .. }
            | Self::BadCertificate { file: Some(_), .. }
            | Self::Expired { .. }
            | Self::PluginNotFound { .. }
            | Self::PluginNotStarted { .. }
            | Self::PluginHung { .. }
            | Self::PluginFailed { .. }
            | Self::PluginGarbage { .. }
            | Self::PluginStopped { .. } => true,
            Self::BadCertificate { file: None, .. }
            | Self::Unsendable
            | Self::PluginNeedsTerminal { .. }
            | Self::Untrusted { .. }
            | Self::Forbidden { .. }
            | Self::UntrustedFile { .. }
            | Self::ForbiddenFile { .. }
            | Self::AgainstPolicy { .. }
            | Self::Legacy { .. } => false,
        }
    }
}
