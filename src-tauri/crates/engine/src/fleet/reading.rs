//! Which files are read, and what do they hold?

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use api::app::{self, LookedAt};
use api::files::FileChange;
use api::{Fault, FaultCode, Timestamp};
use doctor::{PluginFact, PluginPlace};
use kubeconfig::Resolved;
use kubeconfig::disk::{self, Disk, Found};
use kubeconfig::edit::{self, Presence};
use kubeconfig::keeper::{Decision, Keeper, Lock};
use kubeconfig::look::{FileFact, Look};
use kubeconfig::merge::{Source, World};
use kubeconfig::reader::Reader;
use kubeconfig::sources::{self, Environment, Folder, Listed, Own};
use kubeconfig::temporary;
use kubeconfig::write::{LOCK_STALE_AFTER, WriteError};
use secret::Secret;

use crate::home::Home;
use crate::memory::Remembered;

/// Whether other files are listed than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listing {
    AsBefore,
    Other,
}

/// The reader of one home folder.
pub(crate) struct Reading {
    environment: Mutex<Environment>,
    home: PathBuf,
    made: PathBuf,
    /// Where credential plugins were found, once somebody looked; one that nobody looked for is not called missing.
    plugins: Mutex<Option<Plugins>>,
    reader: Reader,
    keeper: Mutex<Keeper>,
    /// Files beside which it was looked for what a killed KOS left.
    swept: Mutex<BTreeSet<PathBuf>>,
}

impl Reading {
    pub(crate) fn new(home: &Home) -> Self {
        let environment = Environment { kubeconfig: home.kubeconfig.clone(), home: Some(home.user.clone()), cwd: home.cwd.clone() };
        Self {
            environment: Mutex::new(environment),
            home: home.user.clone(),
            made: home.kubeconfigs.clone(),
            plugins: Mutex::default(),
            reader: Reader::default(),
            keeper: Mutex::default(),
            swept: Mutex::default(),
        }
    }

    /// Reads and merges everything that is listed.
    ///
    /// Shape: with the moment at which a file that is being written shall be read again, if there is one.
    pub(crate) fn read(&self, remembered: &Remembered) -> (kubeconfig::Fleet, Option<Timestamp>) {
        let listed = sources::list(&self.environment(), &self.own(remembered));
        self.sweep(&listed);
        let mut keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut sources, mut again) = (vec![], None::<Timestamp>);
        for source in self.reader.load(&listed, now()) {
            let Source { listed, loaded } = source;
            let decision = keeper.saw(&listed.id, &loaded, lock_of(&listed.path), now());
            if let Decision::Keep { again_at } = decision {
                again = Some(again.map_or(again_at, |at| at.min(again_at)));
            }
            let loaded = keeper.shown(&listed.id, loaded, decision);
            sources.push(Source { listed, loaded });
        }
        drop(keeper);
        let plugins = self.plugins.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let look = Looked { disk: Disk { program: |_: &str| None }, plugins };
        let world = World { look: &look, now: now(), home: Some(&self.home) };
        (kubeconfig::fleet(&sources, &world), again)
    }

    /// Removes what a KOS that was killed while it wrote left beside files that are read for the first time.
    fn sweep(&self, listed: &[Listed]) {
        let mut swept = self.swept.lock().unwrap_or_else(PoisonError::into_inner);
        let new: Vec<&Path> = listed.iter().map(|one| one.path.as_path()).filter(|path| !swept.contains(*path)).collect();
        temporary::sweep_beside(new.iter().copied());
        swept.extend(new.into_iter().map(Path::to_owned));
    }

    pub(crate) fn watched(&self, remembered: &Remembered) -> Vec<PathBuf> {
        let own = self.own(remembered);
        let mut all: Vec<PathBuf> = sources::list(&self.environment(), &own).into_iter().map(|listed| listed.path).collect();
        all.extend(own.folders.into_iter().map(|folder| folder.path));
        all.push(self.made.clone());
        all
    }

    pub(crate) fn plugins_are(&self, looked_for: &[PluginFact]) {
        let places = looked_for.iter().map(|fact| {
            let place = match &fact.place {
                PluginPlace::Found(path) => Some(path.clone()),
                PluginPlace::Missing { .. } => None,
            };
            (fact.plugin.command.display().to_string(), place)
        });
        // The others stay as they were found: this may have been a look for some of them.
        self.plugins.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_default().extend(places);
    }

    /// Whether a plugin shall be looked for: one look was made, and it is not known to be there.
    pub(crate) fn is_unfound(&self, command: &Path) -> bool {
        let plugins = self.plugins.lock().unwrap_or_else(PoisonError::into_inner);
        plugins.as_ref().is_some_and(|known| known.get(&*command.to_string_lossy()).is_none_or(Option::is_none))
    }

    /// The folder that is shown as `~`.
    pub(crate) fn home(&self) -> &Path {
        &self.home
    }

    pub(crate) fn looked_at(&self) -> Vec<LookedAt> {
        let default = self.home.join(".kube/config");
        let found = if default.exists() { app::Looked::Found } else { app::Looked::NoFile };
        let variable = match self.environment().kubeconfig.filter(|v| !v.is_empty()) {
            Some(value) => app::Looked::Set(value.to_string_lossy().into_owned()),
            None => app::Looked::NotSet,
        };
        vec![LookedAt { place: "~/.kube/config".to_owned(), result: found }, LookedAt { place: "KUBECONFIG".to_owned(), result: variable }]
    }

    /// The file that kubectl would write to make a context current.
    pub(crate) fn file_of_current(&self, context: &Resolved, remembered: &Remembered) -> Result<Listed, Fault> {
        let listed = sources::list(&self.environment(), &self.own(remembered));
        let of = listed.iter().find(|l| l.id == context.file).ok_or_else(|| Fault::new(FaultCode::NotFound, "The file of this context is gone."))?;
        let presence = |l: &Listed| if l.path.exists() { Presence::Exists } else { Presence::Missing };
        Ok(edit::target_file(&listed, of, presence).clone())
    }

    pub(crate) fn plan_current(&self, context: &Resolved, remembered: &Remembered) -> Result<FileChange, Fault> {
        let listed = self.file_of_current(context, remembered)?;
        let bytes = match disk::find(&listed.path) {
            Found::Bytes { bytes, .. } => bytes,
            Found::Missing => vec![],
            Found::Folder | Found::NotReadable(_) => {
                return Err(Fault::new(FaultCode::File, format!("{} cannot be read.", listed.id)).unharmed("Nothing was changed."));
            }
        };
        let planned = edit::plan(&listed, &bytes, &context.name, Some(&self.home));
        planned.map(|p| p.change).map_err(|why| WriteError::Edit(why).to_fault(&listed.id))
    }

    /// Goes by `KUBECONFIG` of the login shell from now on, where KOS was started without one.
    pub(crate) fn take_login(&self, login: &tools::Environment) -> Listing {
        let mut environment = self.environment.lock().unwrap_or_else(PoisonError::into_inner);
        let said = login.get(OsStr::new("KUBECONFIG")).filter(|value| !value.is_empty());
        if environment.kubeconfig.is_some() || said.is_none() {
            return Listing::AsBefore;
        }
        environment.kubeconfig = said.cloned();
        Listing::Other
    }

    fn environment(&self) -> Environment {
        self.environment.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn own(&self, remembered: &Remembered) -> Own {
        let folder = |path: &PathBuf| Folder { path: path.clone(), files: disk::files_in(path).unwrap_or_default() };
        let made = disk::files_in(&self.made).unwrap_or_default();
        let made = made.into_iter().filter(|path| path.extension() == Some(OsStr::new("yaml"))).collect();
        Own { added: remembered.files.clone(), folders: remembered.folders.iter().map(folder).collect(), made }
    }
}

/// The credential plugins that were looked for, as kubeconfigs name them, each with where it was found.
type Plugins = BTreeMap<String, Option<PathBuf>>;

/// The disk, and what is known of programs: one that nobody looked for yet is not called missing.
struct Looked<P> {
    disk: Disk<P>,
    plugins: Option<Plugins>,
}

/// A program nobody looked for yet, or one of the simulated machine.
const UNSEEN: FileFact = FileFact::Regular { mode: 0o755, folder_mode: 0o755 };

impl<P: Fn(&str) -> Option<PathBuf>> Look for Looked<P> {
    fn file(&self, path: &Path) -> FileFact {
        // Every other path was joined with the folder of its file.
        if path.is_relative() {
            return UNSEEN;
        }
        let known = self.plugins.iter().flat_map(Plugins::values).flatten().any(|found| found == path);
        let fact = self.disk.file(path);
        if known && matches!(fact, FileFact::Missing) { UNSEEN } else { fact }
    }

    fn program(&self, name: &str) -> Option<PathBuf> {
        match self.plugins.as_ref().and_then(|plugins| plugins.get(name)) {
            Some(place) => place.clone(),
            None => Some(PathBuf::from(name)),
        }
    }

    fn text(&self, path: &Path) -> Option<Secret> {
        self.disk.text(path)
    }
}

/// Whether a writer that follows client-go's protocol is at work; one that died left a lock that gets old.
fn lock_of(path: &Path) -> Lock {
    let mut lock = path.as_os_str().to_owned();
    lock.push(".lock");
    let since = Path::new(&lock).symlink_metadata().and_then(|found| found.modified());
    match since.map(|since| since.elapsed().unwrap_or_default()) {
        Ok(age) if age < LOCK_STALE_AFTER => Lock::Held,
        Ok(_) | Err(_) => Lock::Free,
    }
}

pub(crate) fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::path::{Path, PathBuf};
    use std::time::SystemTime;

    use doctor::{Plugin, PluginFact, PluginPlace};
    use kubeconfig::disk::Disk;
    use kubeconfig::keeper::Lock;
    use kubeconfig::look::{FileFact, Look};
    use kubeconfig::write::LOCK_STALE_AFTER;

    use super::{Looked, Plugins, Reading, UNSEEN, lock_of};
    use crate::home::Home;

    /// What a kubeconfig that names this program is told of it.
    fn fact(plugins: Option<Plugins>, name: &str) -> FileFact {
        let look = Looked { disk: Disk { program: |_: &str| None::<PathBuf> }, plugins };
        look.program(name).map_or(FileFact::Missing, |path| look.file(&path))
    }

    #[test]
    fn a_program_is_missing_only_when_somebody_looked_for_it() {
        let looked = Plugins::from([("gone".to_owned(), None), ("there".to_owned(), Some(PathBuf::from("/of/a/simulated/machine/there")))]);
        for (plugins, name, wanted) in [
            (None, "gone", UNSEEN),
            (Some(looked.clone()), "gone", FileFact::Missing),
            (Some(looked.clone()), "there", UNSEEN),
            (Some(looked), "new", UNSEEN),
            // The folder that tests run in has this file: a bare name is no file beside KOS.
            (None, "Cargo.toml", UNSEEN),
        ] {
            assert_eq!(fact(plugins.clone(), name), wanted, "{name}, {plugins:?}");
        }
    }

    #[test]
    fn a_look_for_some_programs_leaves_the_others_as_they_were_found() {
        let folder = tempfile::tempdir().unwrap();
        let reading = Reading::new(&Home::below(folder.path()));
        let is = |name: &str, place: PluginPlace| PluginFact { plugin: Plugin { command: name.into(), contexts: vec![], hint: String::new() }, place };
        let unfound = || ["aws", "kubelogin", "new"].map(|name| reading.is_unfound(Path::new(name)));
        assert_eq!(unfound(), [false; 3], "nothing is looked for before somebody does");
        reading.plugins_are(&[is("aws", PluginPlace::Found("/bin/aws".into())), is("kubelogin", PluginPlace::Missing { searched: 3 })]);
        assert_eq!(unfound(), [false, true, true]);
        reading.plugins_are(&[is("kubelogin", PluginPlace::Found("/bin/kubelogin".into())), is("new", PluginPlace::Missing { searched: 3 })]);
        assert_eq!(unfound(), [false, false, true]);
    }

    #[test]
    fn a_lock_is_held_until_it_is_so_old_that_its_writer_must_be_gone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config");
        assert_eq!(lock_of(&file), Lock::Free);
        let lock = File::create(folder.path().join("config.lock")).unwrap();
        assert_eq!(lock_of(&file), Lock::Held);
        lock.set_modified(SystemTime::now() - LOCK_STALE_AFTER).unwrap();
        assert_eq!(lock_of(&file), Lock::Free, "no program writes for that long");
    }
}
