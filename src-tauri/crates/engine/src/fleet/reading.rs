//! Which files are read, and what do they hold?

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use api::files::FileChange;
use api::{Fault, FaultCode, Timestamp};
use kubeconfig::Resolved;
use kubeconfig::disk::{self, Disk, Found};
use kubeconfig::edit::{self, Presence};
use kubeconfig::merge::World;
use kubeconfig::sources::{self, Environment, Folder, Listed, Own};
use kubeconfig::write::WriteError;

use crate::home::Home;
use crate::memory::Remembered;

/// The reader of one home folder.
pub(crate) struct Reading {
    environment: Environment,
    home: PathBuf,
    made: PathBuf,
    /// Folders of the login shell's PATH, once somebody asked for it; before, no program is called missing.
    path: Mutex<Option<Vec<PathBuf>>>,
}

impl Reading {
    pub(crate) fn new(home: &Home) -> Self {
        let environment = Environment { kubeconfig: home.kubeconfig.clone(), home: Some(home.user.clone()), cwd: home.cwd.clone() };
        Self { environment, home: home.user.clone(), made: home.kubeconfigs.clone(), path: Mutex::default() }
    }

    /// Reads and merges everything that is listed.
    pub(crate) fn read(&self, remembered: &Remembered) -> kubeconfig::Fleet {
        let sources: Vec<_> = sources::list(&self.environment, &self.own(remembered)).iter().map(disk::load).collect();
        let disk = Disk { program: |name: &str| self.program(name) };
        let world = World { look: &disk, now: now(), home: Some(&self.home) };
        kubeconfig::fleet(&sources, &world)
    }

    pub(crate) fn watched(&self, remembered: &Remembered) -> Vec<PathBuf> {
        let own = self.own(remembered);
        let mut all: Vec<PathBuf> = sources::list(&self.environment, &own).into_iter().map(|listed| listed.path).collect();
        all.extend(own.folders.into_iter().map(|folder| folder.path));
        all.push(self.made.clone());
        all
    }

    /// Takes note of where programs are looked for.
    pub(crate) fn path_is(&self, folders: Vec<PathBuf>) {
        *self.path.lock().unwrap_or_else(PoisonError::into_inner) = Some(folders);
    }

    pub(crate) fn looked_at(&self) -> Vec<(String, String)> {
        let default = self.home.join(".kube/config");
        let found = if default.exists() { "found" } else { "no such file" };
        let variable = match self.environment.kubeconfig.as_deref().filter(|v| !v.is_empty()) {
            Some(value) => value.to_string_lossy().into_owned(),
            None => "not set".to_owned(),
        };
        vec![("~/.kube/config".to_owned(), found.to_owned()), ("KUBECONFIG".to_owned(), variable)]
    }

    /// The file that kubectl would write to make a context current.
    pub(crate) fn file_of_current(&self, context: &Resolved, remembered: &Remembered) -> Result<Listed, Fault> {
        let listed = sources::list(&self.environment, &self.own(remembered));
        let of = listed.iter().find(|l| l.id == context.file).ok_or_else(|| Fault::new(FaultCode::NotFound, "The file of this context is gone."))?;
        let presence = |l: &Listed| if l.path.exists() { Presence::Exists } else { Presence::Missing };
        Ok(edit::target_file(&listed, of, presence).clone())
    }

    pub(crate) fn plan_current(&self, context: &Resolved, remembered: &Remembered) -> Result<FileChange, Fault> {
        let listed = self.file_of_current(context, remembered)?;
        let bytes = match disk::find(&listed.path) {
            Found::Bytes { bytes, .. } => bytes,
            Found::Missing => vec![],
            Found::Folder | Found::NotReadable(_) => return Err(Fault::new(FaultCode::File, format!("{} cannot be read.", listed.id)).unharmed("Nothing was changed.")),
        };
        let planned = edit::plan(&listed, &bytes, &context.name, Some(&self.home));
        planned.map(|p| p.change).map_err(|why| WriteError::Edit(why).to_fault(&listed.id))
    }

    fn own(&self, remembered: &Remembered) -> Own {
        let folder = |path: &PathBuf| Folder { path: path.clone(), files: disk::files_in(path).unwrap_or_default() };
        let made = disk::files_in(&self.made).unwrap_or_default();
        let made = made.into_iter().filter(|path| path.extension() == Some(OsStr::new("yaml"))).collect();
        Own { added: remembered.files.clone(), folders: remembered.folders.iter().map(folder).collect(), made }
    }

    fn program(&self, name: &str) -> Option<PathBuf> {
        match &*self.path.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(folders) => folders.iter().map(|folder| folder.join(name)).find(|path| path.is_file()),
            None => Some(Path::new(name).to_path_buf()),
        }
    }
}

pub(crate) fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
