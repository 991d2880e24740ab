//! What did the machines of a management cluster reach before KOS was started?
//!
//! A condition keeps only its latest change: without this a lane would lose its past with every restart.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use api::{ContextId, Timestamp};
use capi::Reached;
use kubeconfig::edit::digest;

use crate::keep;

/// Kept of a management cluster; the machines that came last stay.
const MOST_MACHINES: usize = 4_000;

/// By the uid of a Machine: when each of its steps ended.
type File = BTreeMap<String, [Option<Timestamp>; 7]>;

/// The file of a management cluster below `folder`; contexts have names that no file may have.
pub(super) fn file(folder: &Path, context: &ContextId) -> PathBuf {
    folder.join(format!("{}.json", &digest(context.0.as_bytes())[..16]))
}

/// What was kept; a file that cannot be read is as good as none, since it is only remembered and never relied on.
pub(super) fn load(file: &Path) -> HashMap<Arc<str>, Reached> {
    let read = keep::read(file).ok().flatten().and_then(|text| serde_json::from_str::<File>(&text).ok());
    read.unwrap_or_default().into_iter().map(|(uid, ends)| (uid.into(), Reached::of(ends))).collect()
}

pub(super) fn save(file: &Path, reached: &HashMap<Arc<str>, Reached>) -> std::io::Result<()> {
    let mut all: Vec<(&Arc<str>, [Option<Timestamp>; 7])> = reached.iter().map(|(uid, reached)| (uid, reached.ends())).collect();
    all.sort_by_key(|(_, ends)| std::cmp::Reverse(ends.iter().flatten().max().copied()));
    let kept: File = all.into_iter().take(MOST_MACHINES).map(|(uid, ends)| (uid.to_string(), ends)).collect();
    keep::write(file, &serde_json::to_vec(&kept).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Arc;

    use api::Timestamp;
    use capi::Reached;

    use super::{MOST_MACHINES, file, load, save};

    #[test]
    fn what_machines_reached_is_there_after_a_restart_and_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(folder.path(), &"/a/b c#kind-kos-mgmt".into());
        assert!(load(&file).is_empty());
        let at = |n: usize| Reached::of(std::array::from_fn(|step| (step < 3).then_some(Timestamp(n as u64))));
        let reached: HashMap<Arc<str>, Reached> = (0..MOST_MACHINES + 10).map(|n| (Arc::from(format!("uid-{n}")), at(n))).collect();
        save(&file, &reached).unwrap();
        let again = load(&file);
        assert_eq!((again.len(), again.get("uid-9"), again.get("uid-10")), (MOST_MACHINES, None, Some(&at(10))));
        std::fs::write(&file, "{").unwrap();
        assert!(load(&file).is_empty());
    }
}
