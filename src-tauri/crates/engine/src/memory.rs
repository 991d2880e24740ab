//! What does KOS remember of files and contexts between two starts?
//!
//! Only what the user did in KOS: desired state of clusters lives in the clusters.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use api::contexts::{Favourite, Guard};
use api::{ContextId, Fault, FaultCode, Timestamp};
use serde::{Deserialize, Serialize};

use crate::connecting::Kept;
use crate::drift::Binding;
use crate::keep;

/// The remembered things; missing keys mean nothing was done.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Remembered {
    /// Files that the user added.
    pub(crate) files: Vec<PathBuf>,
    /// Folders that KOS watches for kubeconfigs.
    pub(crate) folders: Vec<PathBuf>,
    pub(crate) contexts: BTreeMap<String, OfContext>,
    /// Kubeconfigs of workload clusters, by the file that KOS keeps.
    pub(crate) workloads: BTreeMap<String, Kept>,
    /// Folders that clusters are compared with.
    pub(crate) definitions: Vec<Binding>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct OfContext {
    pub(crate) guard: Guard,
    pub(crate) favourite: Favourite,
    pub(crate) namespaces: Vec<String>,
    pub(crate) left_at: String,
    pub(crate) last_used: Option<Timestamp>,
    pub(crate) version: String,
    /// Which cluster answered last, whatever its name and address.
    pub(crate) cluster: Option<String>,
    /// The authority that its entry trusted then: it tells clusters apart that do not say which one they are.
    pub(crate) authority: Option<String>,
}

impl Default for OfContext {
    fn default() -> Self {
        Self {
            guard: Guard::Open,
            favourite: Favourite::No,
            namespaces: vec![],
            left_at: String::new(),
            last_used: None,
            version: String::new(),
            cluster: None,
            authority: None,
        }
    }
}

/// The memory and its file.
#[derive(Debug)]
pub(crate) struct Memory {
    file: PathBuf,
    now: Mutex<Remembered>,
    /// Said to the user: contexts that were protected are not, until somebody says so again.
    lost: Option<Fault>,
}

impl Memory {
    /// Opens the memory; a file that cannot be read is set aside by name, never overwritten.
    pub(crate) fn open(folder: &Path) -> Self {
        let file = folder.join("remembered.json");
        let read = keep::read(&file).map_err(|e| e.to_string()).and_then(|text| match text {
            Some(text) => serde_json::from_str(&text).map_err(|e| e.to_string()),
            None => Ok(Remembered::default()),
        });
        let (now, lost) = match read {
            Ok(now) => (now, None),
            Err(cause) => {
                tracing::warn!(file = %file.display(), cause, "what KOS remembered cannot be read and is set aside");
                let aside = file.with_extension("unreadable.json");
                let _ = std::fs::rename(&file, &aside);
                (Remembered::default(), Some(lost(&file, &aside, cause)))
            }
        };
        Self { file, now: Mutex::new(now), lost }
    }

    /// Why nothing is remembered, when something was.
    pub(crate) fn lost(&self) -> Option<Fault> {
        self.lost.clone()
    }

    pub(crate) fn read(&self) -> Remembered {
        self.lock().clone()
    }

    /// Changes what is remembered; the change holds in memory even when it cannot be saved.
    pub(crate) fn change(&self, edit: impl FnOnce(&mut Remembered)) -> Result<(), Fault> {
        let mut now = self.lock();
        let before = now.clone();
        edit(&mut now);
        if *now == before {
            return Ok(());
        }
        let text = serde_json::to_vec_pretty(&*now).unwrap_or_default();
        keep::write(&self.file, &text).map_err(|e| {
            Fault::new(FaultCode::Write, "This could not be saved.")
                .because(self.file.display().to_string(), e.to_string())
                .unharmed("It holds until KOS is closed.")
        })
    }

    pub(crate) fn change_context(&self, context: &ContextId, edit: impl FnOnce(&mut OfContext)) -> Result<(), Fault> {
        self.change(|all| edit(all.contexts.entry(context.0.clone()).or_default()))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Remembered> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn lost(file: &Path, aside: &Path, cause: String) -> Fault {
    Fault::new(FaultCode::File, "What KOS remembered cannot be read: pins, protected contexts and added files are not in use.")
        .because(file.display().to_string(), cause)
        .unharmed(format!("It is kept as {}. Contexts that a rule of the settings protects stay protected.", aside.display()))
}

#[cfg(test)]
mod tests {
    use api::contexts::Guard;

    use super::Memory;

    #[test]
    fn what_was_done_to_a_context_is_there_after_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        Memory::open(dir.path()).change_context(&"#prod".into(), |c| c.guard = Guard::Protected).unwrap();
        assert_eq!(Memory::open(dir.path()).read().contexts["#prod"].guard, Guard::Protected);
    }

    #[test]
    fn an_unreadable_memory_is_set_aside_and_not_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("remembered.json"), "{").unwrap();
        let memory = Memory::open(dir.path());
        assert!(memory.lost().unwrap().unharmed.contains("remembered.unreadable.json"));
        memory.change_context(&"#a".into(), |c| c.guard = Guard::Protected).unwrap();
        assert_eq!(Memory::open(dir.path()).lost(), None);
        assert_eq!(std::fs::read_to_string(dir.path().join("remembered.unreadable.json")).unwrap(), "{");
    }
}
