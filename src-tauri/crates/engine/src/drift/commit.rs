//! How does what runs become a commit?
//!
//! The commit is put together from the tree of the last one with these files in place of theirs: nothing else that changed
//! or is staged gets into it, and no hook, filter or editor runs. It stands on the branch that is checked out, and nothing is
//! pushed.

mod stands;

use std::fs;
use std::path::PathBuf;

use api::changes::ClusterAt;
use api::commits::{CommitFiles, CommitPlan, Committed, Rendered};
use api::definitions::{FileWish, FilesPlan, ObjectName};
use api::{Fault, FaultCode};
use capi::files::{Defined, Left, read, subject};
use cluster::write::Mode;
use kubeconfig::text::encode;
use sha2::{Digest, Sha256};

use super::ask_git::AskGit;
use super::compare::all;
use super::git::Git;
use super::save::{Text, digest, shown, write};
use super::{Drifts, Ground, NOTHING};
use stands::Stands;

/// Of a commit's message.
const MOST_MESSAGE: usize = 4 * 1024;

/// All that a commit is made of.
struct Ready {
    git: AskGit,
    stands: Stands,
    texts: Vec<Text>,
    left_out: Vec<String>,
}

impl Drifts {
    pub(crate) async fn plan_commit(&self, at: &ClusterAt, objects: &[ObjectName]) -> Result<CommitPlan, Fault> {
        let ground = self.ground(at)?;
        let ready = self.ready_to_commit(&ground, at, objects).await?;
        let fields: Vec<_> = ready.texts.iter().flat_map(|text| &text.fields).collect();
        Ok(CommitPlan {
            digest: ready.digest(),
            branch: ready.stands.branch.clone(),
            by: ready.stands.by.clone(),
            message: subject(&at.name, &fields),
            rendered: self.rendered(&ground, at, &ready.texts).await,
            files: FilesPlan { digest: digest(&ready.texts), files: shown(&self.home, &ready.texts), left_out: ready.left_out },
        })
    }

    pub(crate) async fn commit(&self, call: &CommitFiles) -> Result<Committed, Fault> {
        let message = message(&call.message)?;
        let ground = self.ground(&call.at)?;
        let ready = self.ready_to_commit(&ground, &call.at, &call.objects).await?;
        if ready.digest() != call.digest {
            let sentence = "A file, the cluster or the checkout is not as it was when this was shown. Look at it again.";
            return Err(Fault::new(FaultCode::Changed, sentence).unharmed(NOTHING));
        }
        let made = self.put_together(&ready, &message).await?;
        let files = self.written(&ready.texts)?;
        let held = |fault: Fault| {
            let unharmed = format!("{} is written, and not committed: {} stands where it stood.", files.join(", "), ready.stands.branch);
            fault.unharmed(unharmed)
        };
        // First what can be refused by another git that works here right now; the branch moves last, and only from where it stood.
        for (entry, _) in &made.entries {
            ready.git.said(&["update-index", "--add", "--cacheinfo", entry], "Git could not note the files.").await.map_err(held)?;
        }
        let subject = message.lines().next().unwrap_or_default();
        let (note, branch) = (format!("commit: {subject}"), format!("refs/heads/{}", ready.stands.branch));
        let moved = format!("{} could not be moved to the new commit.", ready.stands.branch);
        ready.git.said(&["update-ref", "-m", &note, &branch, &made.commit, &ready.stands.head], &moved).await.map_err(held)?;
        self.again(&call.at);
        Ok(Committed { commit: made.commit, branch: ready.stands.branch, files })
    }

    /// The texts, and a checkout that can take them.
    async fn ready_to_commit(&self, ground: &Ground, at: &ClusterAt, objects: &[ObjectName]) -> Result<Ready, Fault> {
        let folder = self.bound_folder(at)?;
        let no_checkout = || {
            let sentence = format!("{} is in no git checkout. Write the files without a commit.", self.home.shown(&folder));
            Fault::new(FaultCode::Invalid, sentence).unharmed(NOTHING)
        };
        let around = Git::around(&folder).ok_or_else(no_checkout)?;
        let (texts, left_out) = self.wished(at, &FileWish::Take { objects: objects.to_vec() }).await?;
        if texts.is_empty() {
            let fault = Fault::new(FaultCode::Invalid, "None of this can be written into a file, so there is nothing to commit.").unharmed(NOTHING);
            return Err(left_out.into_iter().fold(fault, |fault, says| fault.because(ground.context.name.clone(), says)));
        }
        let git = AskGit::of(self.programs.clone(), around.root());
        let paths: Vec<PathBuf> = texts.iter().filter_map(|text| text.path.clone()).collect();
        let stands = stands::look(&git, &around, &paths).await?;
        Ok(Ready { git, stands, texts, left_out })
    }

    /// What the server says of the files as they will be.
    async fn rendered(&self, ground: &Ground, at: &ClusterAt, texts: &[Text]) -> Rendered {
        let read: Vec<(Vec<Defined>, Vec<Left>)> = texts.iter().map(|text| read(&text.after, &at.namespace)).collect();
        let wanted: Vec<&Defined> = read.iter().flat_map(|(objects, _)| objects).collect();
        let mut differ = 0;
        for both in all(&ground.access, &wanted).await {
            match both {
                Ok(both) => differ += both.fields.len() + usize::from(both.live.is_none()),
                Err(why) => return Rendered::Unknown(ground.fault(&why, Mode::DryRun)),
            }
        }
        if differ == 0 { Rendered::Same } else { Rendered::Differs(u32::try_from(differ).unwrap_or(u32::MAX)) }
    }

    /// Makes the objects of a commit; no branch leads to it yet, and no file of the user is touched.
    async fn put_together(&self, ready: &Ready, message: &str) -> Result<Made, Fault> {
        let no_room = |cause: std::io::Error| {
            Fault::new(FaultCode::Write, "There is no room to put a commit together.").because("operating system", cause.to_string()).unharmed(NOTHING)
        };
        let room = tempfile::Builder::new().prefix("commit-").tempdir_in(&self.home.state).map_err(no_room)?;
        let beside = ready.git.beside(room.path().join("index"));
        let sentence = "Git could not make the commit.";
        beside.said(&["read-tree", &ready.stands.head], sentence).await?;
        let mut entries = vec![];
        for (number, (text, place)) in ready.texts.iter().zip(&ready.stands.places).enumerate() {
            let bytes = encode(&text.after, text.encoding).ok_or_else(|| no_room(std::io::Error::other("UTF-16 is read and not written")))?;
            let file = room.path().join(number.to_string());
            fs::write(&file, bytes).map_err(no_room)?;
            // A filter of the checkout would be a program of the checkout.
            let blob = beside.said(&["hash-object", "-w", "--no-filters", "--", &file.display().to_string()], sentence).await?;
            let entry = format!("{},{blob},{}", place.mode, place.path);
            beside.said(&["update-index", "--add", "--cacheinfo", &entry], sentence).await?;
            entries.push((entry, blob));
        }
        let tree = beside.said(&["write-tree"], sentence).await?;
        let commit = beside.said(&["commit-tree", &tree, "-p", &ready.stands.head, "-m", message], sentence).await?;
        Ok(Made { commit, entries })
    }

    fn written(&self, texts: &[Text]) -> Result<Vec<String>, Fault> {
        let mut saved: Vec<String> = vec![];
        for text in texts {
            saved.push(write(&self.home, text, &saved)?);
        }
        Ok(saved)
    }
}

struct Made {
    commit: String,
    /// As git lists a file, with the name of its content.
    entries: Vec<(String, String)>,
}

impl Ready {
    fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for part in [&digest(&self.texts), &self.stands.head, &self.stands.branch, &self.stands.by] {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// What is said of a commit, as git keeps it.
fn message(typed: &str) -> Result<String, Fault> {
    let refused = |says: &str| Err(Fault::new(FaultCode::Invalid, says).unharmed(NOTHING));
    let typed = typed.trim();
    match typed {
        "" => refused("A commit needs a line that says what it is about."),
        long if long.len() > MOST_MESSAGE => refused("What is said of a commit has at most 4 KiB."),
        odd if odd.chars().any(|c| c.is_control() && c != '\n') => refused("What is said of a commit holds a control character. Take it out."),
        said => Ok(said.to_owned()),
    }
}

#[cfg(test)]
mod tests;
