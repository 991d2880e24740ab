//! How does the cluster become as the files say?
//!
//! Chosen objects are run dry and shown; applying does all of that once more and writes only what was shown. Nothing is
//! ever deleted by it.

use std::path::Path;

use api::changes::{Applied, ClusterAt};
use api::definitions::{ApplyDefinitions, DefinitionsPlan, ObjectName};
use api::planned::{Fate, PlannedObject};
use api::{Fault, FaultCode};
use capi::files::Applied::{Follows, Stays};
use capi::files::{Defined, cleaned, hidden, order, owner, path_words, text_of};
use cluster::write::{FIELD_MANAGER, Mode, send};
use kubeconfig::edit::{shell_path, shell_word};
use sha2::{Digest, Sha256};

use super::compare::{Both, Unasked, all, write};
use super::folder::ReadFile;
use super::rows::{name_of, row};
use super::{Drifts, Ground, NOTHING};

/// An object that is going to be written, with what was decided on.
struct Ready {
    file: std::path::PathBuf,
    defined: Defined,
    both: Both,
}

impl Drifts {
    pub(crate) async fn plan_apply(&self, at: &ClusterAt, objects: &[ObjectName]) -> Result<DefinitionsPlan, Fault> {
        let ground = self.ground(at)?;
        let ready = self.ready(&ground, at, objects).await?;
        let extras = match objects {
            [] => {
                let folder = self.read(at, &self.bound_folder(at)?).await?;
                ground.extras(&folder).await?
            }
            _ => vec![],
        };
        let mut stays: Vec<String> = ready.iter().flat_map(unnamed).collect();
        stays.extend(extras.iter().filter_map(|object| {
            let id = capi::files::id_of(object, &ground.key.namespace)?;
            Some(format!("{} {} is in no file, and stays.", id.kind, id.name))
        }));
        let mut files: Vec<&Path> = ready.iter().map(|one| one.file.as_path()).collect();
        files.dedup();
        let context = shell_word(&ground.context.name);
        let command = |file: &&Path| {
            format!(
                "kubectl --context {context} apply --server-side --field-manager={FIELD_MANAGER} --force-conflicts -f {}",
                shell_path(&self.home.shown(file))
            )
        };
        Ok(DefinitionsPlan {
            digest: digest(&ready),
            writes: ready.iter().map(change).collect(),
            takes_over: ready.iter().flat_map(takes_over).collect(),
            stays,
            commands: files.iter().map(command).collect(),
            typed: ground.typed(),
        })
    }

    pub(crate) async fn apply(&self, call: &ApplyDefinitions) -> Result<Applied, Fault> {
        let ground = self.ground(&call.at)?;
        if let Some(wanted) = ground.typed().filter(|wanted| *wanted != call.typed) {
            return Err(Fault::new(FaultCode::Invalid, format!("To do this, type {wanted}.")).unharmed(NOTHING));
        }
        // All of them dry before the first for good: a refusal must not leave half a change.
        let ready = self.ready(&ground, &call.at, &call.objects).await?;
        if digest(&ready) != call.digest {
            let sentence = "A file or an object is not as it was when this was shown. Look at it again.";
            return Err(Fault::new(FaultCode::Changed, sentence).unharmed(NOTHING));
        }
        let mut written: Vec<String> = vec![];
        for one in &ready {
            let sent = send(&ground.access.client(), &one.both.place, &write(&one.defined.document), Mode::ForGood).await;
            match sent {
                Ok(_) => written.push(one.both.place.words()),
                Err(error) => {
                    self.again(&call.at);
                    return Err(half(ground.fault(&Unasked { what: one.both.place.words(), error }, Mode::ForGood), &written));
                }
            }
        }
        self.again(&call.at);
        Ok(Applied { written })
    }

    /// The chosen objects that are not as their files say, in the order in which they are sent.
    async fn ready(&self, ground: &Ground, at: &ClusterAt, objects: &[ObjectName]) -> Result<Vec<Ready>, Fault> {
        let path = self.bound_folder(at)?;
        let folder = self.read(at, &path).await?;
        let mut chosen: Vec<(&ReadFile, &Defined)> = folder.objects().filter(|(_, one)| objects.is_empty() || objects.contains(&name_of(&one.id))).collect();
        if let Some(missing) = objects.iter().find(|name| !chosen.iter().any(|(_, one)| name_of(&one.id) == **name)) {
            let sentence = format!("No file of {} defines {} {} any more.", self.home.shown(&path), missing.kind, missing.name);
            return Err(Fault::new(FaultCode::NotFound, sentence).unharmed(NOTHING));
        }
        chosen.sort_by(|(_, a), (_, b)| (order(&a.id), &a.id).cmp(&(order(&b.id), &b.id)));
        let wanted: Vec<&Defined> = chosen.iter().map(|(_, one)| *one).collect();
        let accepted = self.accepted(at);
        let mut ready = vec![];
        for ((file, defined), both) in chosen.iter().zip(all(&ground.access, &wanted).await) {
            let both = both.map_err(|why| ground.fault(&why, Mode::DryRun))?;
            if objects.is_empty() && accepted.has(&row(file, defined, Ok(&both))) {
                continue;
            }
            if both.live.as_ref().is_none_or(|live| cleaned(live) != cleaned(&both.kept)) {
                ready.push(Ready { file: file.path.clone(), defined: (*defined).clone(), both });
            }
        }
        if ready.is_empty() {
            let sentence = format!("{} has all of this as the files say. There is nothing to apply.", ground.context.name);
            return Err(Fault::new(FaultCode::Invalid, sentence).unharmed(NOTHING));
        }
        Ok(ready)
    }
}

fn change(one: &Ready) -> PlannedObject {
    let place = &one.both.place;
    let text = |object: &serde_json::Value| text_of(&cleaned(&hidden(object)));
    let before = one.both.live.as_ref().map(text).unwrap_or_default();
    let fate = if one.both.live.is_some() { Fate::Changed } else { Fate::Made };
    PlannedObject { fate, kind: place.kind.clone(), namespace: place.namespace.clone(), name: place.name.clone(), before, after: text(&one.both.kept) }
}

/// Fields of others that become KOS's.
fn takes_over(one: &Ready) -> Vec<String> {
    let Some(live) = &one.both.live else { return vec![] };
    let owned = one.both.fields.iter().filter(|field| field.applied == Follows).filter_map(|field| Some((field, owner(live, &field.path)?)));
    owned
        .filter(|(_, hand)| hand.manager != FIELD_MANAGER)
        .map(|(field, hand)| format!("{}: {} was set by {} and becomes KOS’s.", one.both.place.words(), path_words(&field.path), hand.manager))
        .collect()
}

fn unnamed(one: &Ready) -> Vec<String> {
    let silent = one.both.fields.iter().filter(|field| field.applied == Stays);
    silent.map(|field| format!("{}: the file does not name {}, so it stays.", one.both.place.words(), path_words(&field.path))).collect()
}

/// What stands already must be said when a later write fails.
fn half(mut fault: Fault, written: &[String]) -> Fault {
    if !written.is_empty() {
        let rest = if fault.unharmed == NOTHING { "" } else { &fault.unharmed };
        fault.unharmed = format!("Written before that: {}. {rest}", written.join(", ")).trim_end().to_owned();
    }
    fault
}

/// Names what is written onto what. The status changes all the time and is no part of it; the generation counts wishes.
fn digest(ready: &[Ready]) -> String {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    };
    for one in ready {
        add(&format!("{:?}", one.both.place));
        add(&one.defined.document.to_string());
        let live = one.both.live.as_ref().map_or(serde_json::Value::Null, cleaned);
        add(&live.to_string());
        let uid = one.both.live.as_ref().and_then(|live| live["metadata"]["uid"].as_str()).unwrap_or_default();
        add(uid);
        add(&cleaned(&one.both.kept).to_string());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
