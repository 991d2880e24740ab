//! Where are forms kept that were left before their cluster was made?
//!
//! One file a context, readable by the user alone: a YAML of one's own may hold a secret. What was typed as dots is not in it.

use std::io;
use std::path::{Path, PathBuf};

use api::drawing::ClusterForm;
use api::{ContextId, Fault, FaultCode};
use sha2::{Digest, Sha256};

use crate::keep;

/// Their folder, below the state folder.
pub(crate) const DRAFTS: &str = "drafts";

/// The drafts below the state folder.
pub(super) struct Drafts {
    folder: PathBuf,
}

impl Drafts {
    pub(super) fn new(state: &Path) -> Self {
        Self { folder: state.join(DRAFTS) }
    }

    /// The form that was left; one that cannot be read is not there.
    pub(super) fn read(&self, context: &ContextId) -> Option<ClusterForm> {
        let file = self.file(context);
        let text = keep::read(&file).unwrap_or_else(|cause| {
            tracing::warn!(file = %file.display(), %cause, "a draft cannot be read");
            None
        });
        serde_json::from_str(&text?).ok()
    }

    /// Keeps a form, or forgets it.
    ///
    /// Errors: the folder cannot be written.
    pub(super) fn keep(&self, context: &ContextId, form: Option<&ClusterForm>) -> Result<(), Fault> {
        let file = self.file(context);
        let done = match form {
            Some(form) => keep::write(&file, &serde_json::to_vec(form).unwrap_or_default()),
            None => match std::fs::remove_file(&file) {
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
                other => other,
            },
        };
        done.map_err(|cause| {
            let sentence = if form.is_some() { "The draft could not be kept." } else { "The draft could not be forgotten." };
            Fault::new(FaultCode::Write, sentence)
                .because(file.display().to_string(), cause.to_string())
                .unharmed("The form stays as it is while the page is open.")
        })
    }

    /// The id of a context holds paths: its hash is a name.
    fn file(&self, context: &ContextId) -> PathBuf {
        let hash = Sha256::digest(context.0.as_bytes());
        let name: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        self.folder.join(format!("{name}.json"))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn form(name: &str) -> ClusterForm {
        let form = super::super::first(&capi::form::Ground::default());
        ClusterForm { name: name.into(), ..form }
    }

    #[test]
    fn a_draft_of_each_context_is_there_after_a_restart_and_read_by_nobody_else() {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (ContextId::from("/home/jo/.kube/config#a"), ContextId::from("/home/jo/.kube/config#b"));
        Drafts::new(folder.path()).keep(&a, Some(&form("lab-a"))).unwrap();
        let again = Drafts::new(folder.path());
        assert_eq!((again.read(&a).map(|f| f.name).as_deref(), again.read(&b)), (Some("lab-a"), None));
        assert_eq!(std::fs::metadata(again.file(&a)).unwrap().permissions().mode() & 0o077, 0);
    }

    #[test]
    fn a_draft_that_was_forgotten_twice_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let (drafts, context) = (Drafts::new(folder.path()), ContextId::from("#a"));
        drafts.keep(&context, Some(&form("lab-a"))).unwrap();
        drafts.keep(&context, None).unwrap();
        drafts.keep(&context, None).unwrap();
        assert_eq!(drafts.read(&context), None);
    }

    #[test]
    fn a_draft_that_is_rubbish_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let (drafts, context) = (Drafts::new(folder.path()), ContextId::from("#a"));
        keep::write(&drafts.file(&context), b"{").unwrap();
        assert_eq!(drafts.read(&context), None);
    }
}
