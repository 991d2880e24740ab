//! How is it told that an object was not changed, or that nobody knows?

use api::{Fault, FaultCode, Fix};

use super::{About, link};
use crate::write::{Mode, WriteError};

const NOTHING: &str = "Nothing was written.";

/// Tells why a write did not happen; `what` is `Cluster lab-a`.
pub fn write(about: &About, what: &str, mode: Mode, error: &WriteError) -> Fault {
    let (name, server) = (&about.name, about.server.as_str());
    let fault = |code: FaultCode, sentence: String, said: &str| Fault::new(code, sentence).because(server, said).unharmed(NOTHING);
    match error {
        WriteError::NotSent(why) => link(about, why).unharmed(NOTHING),
        WriteError::Closed => Fault::new(FaultCode::NotFound, format!("{name} is closed.")).unharmed(NOTHING),
        WriteError::Conflict { said } => fault(FaultCode::Changed, format!("{what} in {name} was changed by somebody else meanwhile. Look at it again."), said),
        WriteError::Owned { said } => fault(FaultCode::Invalid, format!("Somebody else manages these fields of {what} in {name}."), said),
        WriteError::Exists { said } => fault(FaultCode::Invalid, format!("{name} has a {what} already. Choose another name."), said),
        WriteError::NotFound { said } => fault(FaultCode::NotFound, format!("{name} has no {what}, or not any more."), said),
        WriteError::UnknownKind { said } => {
            fault(FaultCode::Invalid, format!("{name} does not know the kind of {what}. The provider that brings it may be missing."), said)
        }
        WriteError::OverQuota { said } => {
            fault(FaultCode::Denied, format!("{what} is more than a quota of its namespace in {name} allows. Make room, or ask for a larger one."), said)
        }
        WriteError::Denied { said } => fault(FaultCode::Denied, format!("{name} does not let you do this to {what}."), said),
        WriteError::NotSignedIn { said } => {
            fault(FaultCode::SignIn, format!("{name} does not accept your credentials."), said).fix(Fix::TryNow(about.context.clone()))
        }
        WriteError::Invalid { said } => fault(FaultCode::Invalid, format!("{name} does not take {what} like this."), said),
        WriteError::Refused { webhook, said } => {
            Fault::new(FaultCode::Invalid, format!("{name} refuses this change of {what}.")).because(webhook, said).unharmed(NOTHING)
        }
        WriteError::WebhookSilent { webhook, said } => {
            let sentence = format!("{what} in {name} cannot be changed now: a webhook that has to agree does not answer. See whether its controller runs.");
            Fault::new(FaultCode::Unreachable, sentence).because(webhook, said).unharmed(NOTHING)
        }
        WriteError::Busy { said } => fault(FaultCode::Unreachable, format!("{name} takes no requests now. Wait a moment, then do it again."), said),
        WriteError::Unknown { said } => match mode {
            Mode::DryRun => fault(FaultCode::Unreachable, format!("{name} did not answer when it was asked about {what}."), said),
            Mode::ForGood => Fault::new(FaultCode::Unreachable, format!("KOS does not know whether {what} in {name} was written: the answer did not come."))
                .because(server, said)
                .unharmed("It is not sent a second time by itself. Look at the object before you do it again."),
        },
    }
}
