//! What is taken from the Secret of a cluster?

use api::changes::ClusterAt;
use api::{Fault, FaultCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use capi::access::{Credentials, SECRET_KEY, secret_of};
use cluster::read::Unread;
use kubeconfig::edit::digest;
use kubeconfig::made::{Made, Unfit};
use serde_json::Value;

/// A kubeconfig, and what names it.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) made: Made,
    pub(super) credentials: Credentials,
}

/// Why a Secret gives no kubeconfig.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotTaken {
    #[error("it has no key {SECRET_KEY} with a kubeconfig in it")]
    NoKey,
    #[error(transparent)]
    Unfit(#[from] Unfit),
}

impl Taken {
    /// Reads the Secret as the server sent it.
    pub(super) fn of(secret: &Value, cluster: &str) -> Result<Self, NotTaken> {
        let data = secret.get("data").and_then(|data| data.get(SECRET_KEY)).and_then(Value::as_str).ok_or(NotTaken::NoKey)?;
        let bytes = STANDARD.decode(data).map_err(|_| NotTaken::NoKey)?;
        Ok(Self::read(&bytes, cluster)?)
    }

    /// Reads a kubeconfig as Cluster API wrote it.
    pub(super) fn read(bytes: &[u8], cluster: &str) -> Result<Self, Unfit> {
        let made = Made::of(bytes, cluster)?;
        let credentials = Credentials { authority: made.authority_digest(), whole: digest(made.text().reveal().as_bytes()) };
        Ok(Self { made, credentials })
    }
}

pub(super) fn unread(at: &ClusterAt, manager: &str, why: &Unread) -> Fault {
    let secret = format!("Secret {} in {}", secret_of(&at.name), at.namespace);
    match why {
        Unread::Absent => {
            Fault::new(FaultCode::NotFound, format!("{} has no kubeconfig yet: its control plane is not that far, or its Secret was removed.", at.name))
                .because(manager, format!("there is no {secret}"))
                .unharmed("Nothing was written.")
        }
        Unread::Denied { said } => Fault::new(FaultCode::Denied, format!("{manager} does not let you read the kubeconfig of {}.", at.name))
            .because(manager, said)
            .unharmed("Nothing was written."),
        Unread::Failed { said } => Fault::new(FaultCode::Unreachable, format!("The kubeconfig of {} could not be read from {manager}.", at.name))
            .because(manager, said)
            .unharmed("Nothing was written."),
    }
}

pub(super) fn unfit(at: &ClusterAt, manager: &str, why: &NotTaken) -> Fault {
    Fault::new(FaultCode::File, format!("The kubeconfig of {} cannot be used.", at.name))
        .because(format!("Secret {} of {manager}", secret_of(&at.name)), why.to_string())
        .unharmed("Nothing was written.")
}
