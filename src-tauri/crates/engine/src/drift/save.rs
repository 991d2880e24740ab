//! What is written into files: a cluster that no file defines yet, or what runs in place of what a file says?
//!
//! A file is the old bytes or the new bytes, and it is written only over the bytes that were shown.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use api::changes::ClusterAt;
use api::definitions::{Comments, FileWish, FilesPlan, FilesSaved, ObjectName, SaveFiles, TextChange};
use api::{Fault, FaultCode};
use capi::files::{Defined, Field, Sole, cleaned, export, taken, text_of};
use cluster::write::Mode;
use kubeconfig::disk::{Found, find};
use kubeconfig::temporary;
use kubeconfig::text::{Encoding, decode, encode};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::compare::{all, definition, own};
use super::edit::edited;
use super::folder::{Folder, ReadFile};
use super::rows::{extra, name_of, row};
use super::{Drifts, Ground, NOTHING};
use crate::home::Home;

/// A file that is going to be written; no path when it is only shown.
pub(super) struct Text {
    pub(super) path: Option<PathBuf>,
    before: String,
    pub(super) after: String,
    pub(super) encoding: Encoding,
    comments: Comments,
    /// What becomes as the cluster has it.
    pub(super) fields: Vec<Field>,
}

impl Drifts {
    pub(crate) async fn plan_files(&self, at: &ClusterAt, wish: &FileWish) -> Result<FilesPlan, Fault> {
        let (texts, left_out) = self.wished(at, wish).await?;
        Ok(FilesPlan { digest: digest(&texts), files: shown(&self.home, &texts), left_out })
    }

    pub(crate) async fn save(&self, call: &SaveFiles) -> Result<FilesSaved, Fault> {
        let (texts, _) = self.wished(&call.at, &call.wish).await?;
        if digest(&texts) != call.digest {
            let sentence = "A file or the cluster is not as it was when this was shown. Look at it again.";
            return Err(Fault::new(FaultCode::Changed, sentence).unharmed(NOTHING));
        }
        let mut saved: Vec<String> = vec![];
        for text in &texts {
            saved.push(write(&self.home, text, &saved)?);
        }
        self.again(&call.at);
        Ok(FilesSaved { files: saved })
    }

    pub(super) async fn wished(&self, at: &ClusterAt, wish: &FileWish) -> Result<(Vec<Text>, Vec<String>), Fault> {
        let ground = self.ground(at)?;
        match wish {
            FileWish::Export { to } => self.exported(&ground, to).await,
            FileWish::Take { objects } => self.taken(&ground, at, objects).await,
        }
    }

    async fn exported(&self, ground: &Ground, to: &str) -> Result<(Vec<Text>, Vec<String>), Fault> {
        let kinds = ground.kinds().await?;
        let own = ground.managed.look(&ground.key, |graph, _| own(graph, &ground.key));
        if own.is_empty() {
            let sentence = format!("{} holds no cluster {} in {}, or not any more.", ground.context.name, ground.key.name, ground.key.namespace);
            return Err(Fault::new(FaultCode::NotFound, sentence).unharmed(NOTHING));
        }
        let objects = definition(&ground.access, &kinds, own).await.map_err(|why| ground.fault(&why, Mode::DryRun))?;
        let to = to.trim();
        let path = self.home.expand(to);
        let is_file = path.extension().is_some_and(|end| end == "yaml" || end == "yml");
        let layout = if to.is_empty() || is_file { capi::files::Folder::Together } else { capi::files::Folder::Apart };
        if !to.is_empty() {
            self.may_hold(&path)?;
        }
        let (files, left_out) = export(&objects, layout);
        let mut texts = vec![];
        for file in files {
            let path = match (to.is_empty(), is_file) {
                (true, _) => None,
                (false, true) => Some(path.clone()),
                (false, false) => Some(path.join(&file.name)),
            };
            let (before, encoding) = path.as_deref().map_or(Ok((String::new(), Encoding::Utf8)), |path| self.present(path))?;
            texts.push(Text { path, before, after: file.text, encoding, comments: Comments::Stay, fields: vec![] });
        }
        Ok((texts, left_out))
    }

    /// A path that somebody typed and that can be written to.
    fn may_hold(&self, path: &Path) -> Result<(), Fault> {
        let refused = |says: String| Err(Fault::new(FaultCode::Invalid, says).unharmed(NOTHING));
        if !path.is_absolute() || path.components().any(|part| part == std::path::Component::ParentDir) {
            return refused("A file or folder is named by its full path.".to_owned());
        }
        match path.parent() {
            Some(parent) if parent.is_dir() => Ok(()),
            Some(parent) => refused(format!("There is no folder {}. Make it first, or choose another.", self.home.shown(parent))),
            None => refused("A folder is needed that can be written to.".to_owned()),
        }
    }

    /// What a file holds now; nothing when it is not there yet.
    fn present(&self, path: &Path) -> Result<(String, Encoding), Fault> {
        let unfit = |cause: String| {
            let sentence = format!("{} is there already, and cannot be compared with what would be written. Choose another.", self.home.shown(path));
            Fault::new(FaultCode::File, sentence).because(path.display().to_string(), cause).unharmed(NOTHING)
        };
        match find(path) {
            Found::Missing => Ok((String::new(), Encoding::Utf8)),
            Found::Bytes { bytes, .. } => decode(&bytes).map_err(|why| unfit(why.to_string())),
            Found::Folder => Err(unfit("it is a folder".to_owned())),
            Found::NotReadable(why) => Err(unfit(why)),
        }
    }

    async fn taken(&self, ground: &Ground, at: &ClusterAt, objects: &[ObjectName]) -> Result<(Vec<Text>, Vec<String>), Fault> {
        let path = self.bound_folder(at)?;
        let folder = self.read(at, &path).await?;
        let chosen: Vec<(&ReadFile, &Defined)> = folder.objects().filter(|(_, one)| objects.is_empty() || objects.contains(&name_of(&one.id))).collect();
        let wanted: Vec<&Defined> = chosen.iter().map(|(_, one)| *one).collect();
        let compared = all(&ground.access, &wanted).await;
        let accepted = self.accepted(at);
        let (mut texts, mut left_out): (Vec<Text>, Vec<String>) = (vec![], vec![]);
        // From the last document to the first, so that the places of the others stay true.
        for ((file, one), both) in chosen.iter().zip(compared).rev() {
            let both = both.map_err(|why| ground.fault(&why, Mode::DryRun))?;
            if objects.is_empty() && accepted.has(&row(file, one, Ok(&both))) {
                continue;
            }
            let what = format!("{} {}", one.id.kind, one.id.name);
            match (&both.live, both.fields.is_empty()) {
                (None, _) => left_out.push(format!("{what} is not in the cluster. If it is not wanted, take it out of {} yourself.", file.name)),
                (Some(_), true) => {}
                (Some(_), false) if &*one.id.kind == "Secret" => left_out.push(format!("{what} is not written into files. Keep it where secrets are kept.")),
                (Some(_), false) if one.sole == Sole::No => {
                    left_out.push(format!("{what} is one of a list or made from variables in {}; change it there.", file.name))
                }
                (Some(_), false) => {
                    let text = of(&mut texts, file);
                    let (next, comments) = edited(text.after.get(one.range.clone()).unwrap_or_default(), &taken(&one.document, &both.fields));
                    text.after.replace_range(one.range.clone(), &next);
                    text.fields.extend(both.fields.iter().cloned());
                    if comments == Comments::Lost {
                        text.comments = Comments::Lost;
                    }
                }
            }
        }
        let wanted = |object: &Value| match objects {
            [] => extra(object, &ground.key).is_none_or(|row| !accepted.has(&row)),
            chosen => capi::files::id_of(object, &ground.key.namespace).is_some_and(|id| chosen.contains(&name_of(&id))),
        };
        let extras: Vec<Value> = ground.extras(&folder).await?.into_iter().filter(wanted).filter(|object| object["kind"] != "Secret").collect();
        add_extras(&path, &folder, &extras, &mut texts);
        texts.sort_by(|a, b| a.path.cmp(&b.path));
        if texts.is_empty() && left_out.is_empty() {
            return Err(Fault::new(FaultCode::Invalid, "The files have all of this as the cluster does. There is nothing to write.").unharmed(NOTHING));
        }
        Ok((texts, left_out))
    }
}

/// What only the cluster has goes behind the last document of the file that has the Cluster.
fn add_extras(root: &Path, folder: &Folder, extras: &[Value], texts: &mut Vec<Text>) {
    if extras.is_empty() {
        return;
    }
    let home = folder.objects().find(|(_, one)| &*one.id.kind == "Cluster").map(|(file, _)| file);
    let text = match home {
        Some(file) => of(texts, file),
        None => {
            let path = Some(root.join("cluster.yaml"));
            texts.push(Text { path, before: String::new(), after: String::new(), encoding: Encoding::Utf8, comments: Comments::Stay, fields: vec![] });
            let last = texts.len() - 1;
            &mut texts[last]
        }
    };
    for object in extras {
        if !text.after.is_empty() && !text.after.ends_with('\n') {
            text.after.push('\n');
        }
        if !text.after.is_empty() {
            text.after.push_str("---\n");
        }
        text.after.push_str(&text_of(&cleaned(object)));
    }
}

/// The text of a file, taken up once.
fn of<'a>(texts: &'a mut Vec<Text>, file: &ReadFile) -> &'a mut Text {
    let known = texts.iter().position(|text| text.path.as_deref() == Some(&*file.path));
    let at = known.unwrap_or_else(|| {
        texts.push(Text {
            path: Some(file.path.clone()),
            before: file.text.clone(),
            after: file.text.clone(),
            encoding: file.encoding,
            comments: Comments::Stay,
            fields: vec![],
        });
        texts.len() - 1
    });
    &mut texts[at]
}

/// Writes one text, and says how its file is shown.
pub(super) fn write(home: &Home, text: &Text, saved: &[String]) -> Result<String, Fault> {
    let Some(path) = &text.path else {
        return Err(Fault::new(FaultCode::Invalid, "Choose a file or a folder to save into.").unharmed(NOTHING));
    };
    let bytes = encode(&text.after, text.encoding).ok_or_else(|| io::Error::other("UTF-16 is read and not written"));
    bytes.and_then(|bytes| replace(path, &bytes)).map_err(|cause| {
        let unharmed = if saved.is_empty() { NOTHING.to_owned() } else { format!("Written before that: {}.", saved.join(", ")) };
        let sentence = format!("{} could not be written; it is as it was.", home.shown(path));
        Fault::new(FaultCode::Write, sentence).because(path.display().to_string(), cause.to_string()).unharmed(unharmed)
    })?;
    Ok(home.shown(path))
}

/// The texts as they are shown before they are written.
pub(super) fn shown(home: &Home, texts: &[Text]) -> Vec<TextChange> {
    let path = |text: &Text| text.path.as_ref().map(|path| home.shown(path)).unwrap_or_default();
    texts.iter().map(|text| TextChange { shown: path(text), before: text.before.clone(), after: text.after.clone(), comments: text.comments }).collect()
}

/// Replaces a file of the user: a new one beside it, flushed to disk, then renamed over it. Its mode stays, and a link
/// goes on leading to it.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().unwrap_or(Path::new("/"));
    if !folder.exists() {
        fs::create_dir(folder)?;
    }
    temporary::sweep_beside([path.as_path()]);
    let temporary = temporary::beside(&path);
    let written = (|| {
        let before = fs::metadata(&path).ok().map(|data| data.permissions().mode());
        // A file planted under this name is refused, not followed. What is new has the mode that the user gives to files.
        let mut file = OpenOptions::new().write(true).create_new(true).mode(if before.is_some() { 0o600 } else { 0o666 }).open(&temporary)?;
        file.write_all(bytes)?;
        if let Some(mode) = before {
            file.set_permissions(Permissions::from_mode(mode & 0o7777))?;
        }
        file.sync_all()?;
        fs::rename(&temporary, &path)?;
        File::open(folder)?.sync_all()
    })();
    if written.as_ref().is_err_and(|cause| cause.kind() != io::ErrorKind::AlreadyExists) {
        // The old file stands as it was.
        let _ = fs::remove_file(&temporary);
    }
    written
}

pub(super) fn digest(texts: &[Text]) -> String {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    };
    for text in texts {
        add(&text.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default());
        add(&text.before);
        add(&text.after);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_file_keeps_its_mode_and_a_link_goes_on_leading_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real.yaml"), folder.path().join("link.yaml"));
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, Permissions::from_mode(0o640)).unwrap();
        symlink(&real, &link).unwrap();
        replace(&link, b"new").unwrap();
        assert_eq!((fs::read_to_string(&real).unwrap().as_str(), fs::metadata(&real).unwrap().permissions().mode() & 0o777), ("new", 0o640));
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left beside it");
    }

    #[test]
    fn a_file_that_cannot_be_written_stays_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        fs::write(&path, "old").unwrap();
        fs::write(temporary::beside(&path), "planted").unwrap();
        assert!(replace(&path, b"new").is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    }
}
