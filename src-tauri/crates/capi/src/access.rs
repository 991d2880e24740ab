//! How is the API server of a cluster reached, and is it still the same one?
//!
//! Start at: [`choose`] for the address, [`step`] for what the management cluster says later.

mod follow;
mod route;

pub use follow::{Credentials, Seen, Step, step};
pub use route::{Answer, Choice, choose};

/// The Secret that holds the kubeconfig of a cluster, and its key. Source: `util/secret/consts.go` of Cluster API.
pub fn secret_of(cluster: &str) -> String {
    format!("{cluster}-kubeconfig")
}

/// The key within that Secret.
pub const SECRET_KEY: &str = "value";
