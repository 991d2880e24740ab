//! Is the cluster behind a kept kubeconfig still the one that it was taken from?

use api::connect::Life;

/// What names the credentials of a cluster: the same ones have the same names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Of its certificate authority: another one is another cluster.
    pub authority: String,
    /// Of the whole kubeconfig.
    pub whole: String,
}

/// What the management cluster has of a cluster now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// No Cluster object of this name.
    NoCluster,
    /// A cluster that has no kubeconfig: it is being made, or its Secret is.
    NoCredentials,
    Credentials(Credentials),
}

/// What is done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Nothing,
    /// The credentials were rotated: the file is written anew.
    Rewrite,
    /// The cluster is the kept one again.
    There,
    Deleted,
    /// A cluster of the same name stands in its place. What is kept stays until the user takes the new credentials.
    Remade,
}

/// Compares what is kept with what is there.
pub fn step(life: Life, kept: &Credentials, seen: &Seen) -> Step {
    match (seen, life) {
        (Seen::NoCluster, Life::Deleted { .. }) | (Seen::NoCredentials, _) => Step::Nothing,
        (Seen::NoCluster, Life::There | Life::Remade { .. }) => Step::Deleted,
        (Seen::Credentials(now), Life::Remade { .. }) if now.authority != kept.authority => Step::Nothing,
        (Seen::Credentials(now), Life::There | Life::Deleted { .. }) if now.authority != kept.authority => Step::Remade,
        (Seen::Credentials(now), _) if now.whole != kept.whole => Step::Rewrite,
        (Seen::Credentials(_), Life::There) => Step::Nothing,
        (Seen::Credentials(_), Life::Deleted { .. } | Life::Remade { .. }) => Step::There,
    }
}

#[cfg(test)]
mod tests {
    use api::Timestamp;
    use api::connect::Life;

    use super::{Credentials, Seen, Step, step};

    fn credentials(authority: &str, whole: &str) -> Credentials {
        Credentials { authority: authority.into(), whole: whole.into() }
    }

    #[test]
    fn rotated_deleted_and_made_anew_are_told_apart() {
        let at = Timestamp(1);
        let (deleted, remade) = (Life::Deleted { at }, Life::Remade { at });
        let same = || Seen::Credentials(credentials("ca", "one"));
        let rotated = || Seen::Credentials(credentials("ca", "two"));
        let other = || Seen::Credentials(credentials("ca-2", "three"));
        for (life, seen, done) in [
            (Life::There, same(), Step::Nothing),
            (Life::There, rotated(), Step::Rewrite),
            (Life::There, other(), Step::Remade),
            (Life::There, Seen::NoCluster, Step::Deleted),
            // Its Secret may be made anew by hand; nothing is lost until another authority is seen.
            (Life::There, Seen::NoCredentials, Step::Nothing),
            (deleted, Seen::NoCluster, Step::Nothing),
            (deleted, Seen::NoCredentials, Step::Nothing),
            (deleted, other(), Step::Remade),
            // Moved away and back again.
            (deleted, same(), Step::There),
            (deleted, rotated(), Step::Rewrite),
            (remade, other(), Step::Nothing),
            (remade, Seen::NoCluster, Step::Deleted),
            (remade, same(), Step::There),
            (remade, rotated(), Step::Rewrite),
        ] {
            assert_eq!(step(life, &credentials("ca", "one"), &seen), done, "{life:?} {seen:?}");
        }
    }
}
