//! What does the user want of kubeconfig files?

use std::path::{Path, PathBuf};
use std::sync::Arc;

use api::files::{AddPaths, AddText, Added, FileChange, ForgetPath, MakeCurrent, PlanCurrent, PlanUnlock, RemoveLock, SaveElsewhere, StandingLock};
use api::{Done, Fault, FaultCode, FileId};

use super::contexts::check_typed;
use crate::realm::Realm;

/// Where pasted kubeconfigs are kept, below the folder of settings.
pub(crate) const PASTED: &str = "kubeconfigs";
/// Nobody drops more at once on purpose.
const MOST_PATHS: usize = 100;
const MOST_TEXT_BYTES: usize = 8 * 1024 * 1024;

pub(super) async fn add_paths(realm: &Arc<Realm>, call: &AddPaths) -> Result<Added, Fault> {
    if call.paths.len() > MOST_PATHS {
        return Err(Fault::new(FaultCode::Invalid, format!("More than {MOST_PATHS} files cannot be added at once. Add their folder instead.")));
    }
    let mut added = Added { files: vec![], known: vec![] };
    let (mut files, mut folders) = (vec![], vec![]);
    for path in &call.paths {
        let path = realm.home.expand(path);
        if files.contains(&path) || folders.contains(&path) {
            continue;
        }
        if !path.is_absolute() {
            return Err(Fault::new(FaultCode::Invalid, "A file is added by its full path.").because("the request", path.display().to_string()));
        }
        let remembered = realm.fleet.memory().read();
        if realm.fleet.lists(&path) || remembered.folders.contains(&path) {
            added.known.push(format!("{} is on the list already.", realm.home.shown(&path)));
            continue;
        }
        match std::fs::metadata(&path) {
            Ok(data) if data.is_dir() => folders.push(path),
            Ok(_) => files.push(path),
            Err(cause) => {
                let sentence = format!("{} cannot be added.", realm.home.shown(&path));
                return Err(Fault::new(FaultCode::File, sentence).because(path.display().to_string(), cause.to_string()).unharmed("Nothing was added."));
            }
        }
    }
    added.files = files.iter().chain(&folders).map(|path| FileId(path.display().to_string())).collect();
    realm.fleet.change_list(|list| {
        list.files.extend(files);
        list.folders.extend(folders);
    })?;
    realm.watch_files();
    Ok(added)
}

pub(super) async fn add_text(realm: &Arc<Realm>, call: &AddText) -> Result<Added, Fault> {
    let name = file_name(&call.name)?;
    if call.text.trim().is_empty() || call.text.len() > MOST_TEXT_BYTES {
        return Err(Fault::new(FaultCode::Invalid, "The text is empty or larger than 8 MiB.").unharmed("Nothing was added."));
    }
    let path = realm.home.config.join(PASTED).join(name);
    if path.exists() {
        let sentence = format!("There is a file named {} already. Choose another name.", realm.home.shown(&path));
        return Err(Fault::new(FaultCode::Invalid, sentence).unharmed("Nothing was added."));
    }
    crate::keep::write(&path, call.text.as_bytes()).map_err(|cause| {
        Fault::new(FaultCode::Write, "The text could not be kept.").because(path.display().to_string(), cause.to_string()).unharmed("Nothing was added.")
    })?;
    let id = FileId(path.display().to_string());
    realm.fleet.change_list(|list| list.files.push(path))?;
    realm.watch_files();
    Ok(Added { files: vec![id], known: vec![] })
}

pub(super) async fn forget_path(realm: &Arc<Realm>, call: &ForgetPath) -> Result<Done, Fault> {
    let path = PathBuf::from(call.file.as_str());
    let remembered = realm.fleet.memory().read();
    if !remembered.files.contains(&path) && !remembered.folders.contains(&path) {
        return Err(Fault::new(FaultCode::NotFound, "Only what was added in KOS can be taken off its list.").because("the request", call.file.as_str()));
    }
    realm.fleet.change_list(|list| {
        list.files.retain(|known| *known != path);
        list.folders.retain(|known| *known != path);
    })?;
    realm.watch_files();
    Ok(Done)
}

pub(super) async fn plan_current(realm: &Arc<Realm>, call: &PlanCurrent) -> Result<FileChange, Fault> {
    realm.fleet.known(&call.context)?;
    realm.fleet.plan_current(&call.context)
}

pub(super) async fn make_current(realm: &Arc<Realm>, call: &MakeCurrent) -> Result<Done, Fault> {
    realm.fleet.known(&call.context)?;
    check_typed(realm, &call.context, &call.typed, "Nothing was written.")?;
    let backups = realm.home.state.join("backups");
    realm.fleet.make_current(&call.context, &call.seen, &backups).await?;
    Ok(Done)
}

pub(super) async fn save_elsewhere(realm: &Arc<Realm>, call: &SaveElsewhere) -> Result<Done, Fault> {
    realm.fleet.known(&call.context)?;
    let to = realm.home.expand(&call.path);
    let refused = |sentence: String| Err(Fault::new(FaultCode::Invalid, sentence).unharmed("Nothing was saved."));
    if !to.is_absolute() {
        return refused("A full path is needed to save the file elsewhere.".to_owned());
    }
    if let Some(folder) = to.parent().filter(|folder| !folder.is_dir()) {
        return refused(format!("There is no folder {}.", realm.home.shown(folder)));
    }
    if to.symlink_metadata().is_ok() {
        return refused(format!("{} is there already. Choose another name.", realm.home.shown(&to)));
    }
    realm.fleet.save_elsewhere(&call.context, &call.seen, to).await?;
    Ok(Done)
}

pub(super) async fn plan_unlock(realm: &Arc<Realm>, call: &PlanUnlock) -> Result<StandingLock, Fault> {
    realm.fleet.known(&call.context)?;
    realm.fleet.plan_unlock(&call.context).await
}

pub(super) async fn remove_lock(realm: &Arc<Realm>, call: &RemoveLock) -> Result<Done, Fault> {
    realm.fleet.known(&call.context)?;
    realm.fleet.remove_lock(&call.context, &call.seen).await?;
    Ok(Done)
}

/// A name of one file, never of a path.
fn file_name(typed: &str) -> Result<String, Fault> {
    let name = typed.trim();
    let plain = name.chars().all(|c| c.is_alphanumeric() || "-_. ".contains(c)) && !name.starts_with('.') && !name.is_empty() && name.len() <= 100;
    if !plain {
        return Err(Fault::new(FaultCode::Invalid, "A name has letters, digits, dashes, dots and spaces, at most 100.")
            .because("typed", typed.chars().take(120).collect::<String>()));
    }
    let yaml = Path::new(name).extension().is_some_and(|e| e == "yaml" || e == "yml");
    Ok(if yaml { name.to_owned() } else { format!("{name}.yaml") })
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_pasted_text_never_chooses_its_folder() {
        for name in ["../x", "/etc/passwd", "a/b", ".hidden", "", "a\0b", &"x".repeat(101)] {
            assert!(file_name(name).is_err(), "{name:?}");
        }
        assert_eq!(file_name("my cluster").unwrap(), "my cluster.yaml");
        assert_eq!(file_name("a.yml").unwrap(), "a.yml");
    }
}
