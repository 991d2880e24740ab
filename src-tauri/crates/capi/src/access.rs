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

/// File systems take 255 bytes.
const LONGEST_PART: usize = 63;

/// How the file is called that keeps the kubeconfig: `lab-b.default.kind-kos-mgmt.yaml`; `apart` tells two management
/// clusters of one name from each other.
pub fn file_name(namespace: &str, name: &str, manager: &str, apart: &str) -> String {
    let manager: String = manager.chars().take(LONGEST_PART).map(|c| if c.is_ascii_alphanumeric() || "-_".contains(c) { c } else { '_' }).collect();
    let apart = if apart.is_empty() { String::new() } else { format!(".{apart}") };
    format!("{name}.{namespace}.{manager}{apart}.yaml")
}
