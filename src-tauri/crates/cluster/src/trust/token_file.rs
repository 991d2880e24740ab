//! May this token file be read and sent?
//!
//! A kubeconfig names any file as its token and the server that gets it, so one that was received could carry off a secret of
//! its reader in a click. Only that is asked about: not what kubectl, too, reads and sends by the user's own list, and not
//! what lies with the kubeconfig in its folder and came with it. No other place is spared: `~/.kube/cache` and
//! `/run/secrets` hold tokens for other servers than this one. A certificate needs no word, as its key is never sent.

use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use api::contexts::{Mood, Sign, TokenFileQuestion};
use api::visible::owned;
use kubeconfig::sources::{Part, shown};
use kubeconfig::target::{Target, TokenFile};

use super::{Answer, Parts, Trust, TrustError, destination, sent};
use crate::credentials::CredentialError;
use crate::dial::Unreadable;

/// Where a token file lies, as seen from the kubeconfig that names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lies {
    /// Nobody has to be asked.
    WhereExpected,
    Elsewhere,
}

/// A token file as it lies on the disk, without links and dots.
struct Found {
    real: PathBuf,
    lies: Lies,
}

impl Trust {
    /// Describes which file would be read and sent.
    pub(super) async fn about_file(&self, named: &TokenFile, target: &Target) -> Result<TokenFileQuestion, TrustError> {
        let real = self.stray(named, target).await?;
        Ok(TokenFileQuestion {
            context: target.context.clone(),
            context_name: owned(&target.name),
            path: owned(real.display().to_string()),
            server: owned(&target.server),
            asked_by: owned(shown(Path::new(named.file.as_str()), Some(&self.home))),
            line: named.line,
            signs: signs(named, target, &self.home),
            seen: sent(&fingerprint(named, &real), target),
        })
    }

    /// A token file that has to be asked about, as it lies on the disk.
    pub(super) async fn stray(&self, named: &TokenFile, target: &Target) -> Result<PathBuf, TrustError> {
        let Found { real, lies } = find(named, &self.home).await.map_err(TrustError::File)?;
        match lies {
            Lies::Elsewhere => Ok(real),
            Lies::WhereExpected => Err(TrustError::NoQuestion { context: target.name.clone() }),
        }
    }

    /// The file where it lies, when it may be read and sent.
    pub(super) async fn file_to_send(&self, named: &TokenFile, target: &Target) -> Result<PathBuf, CredentialError> {
        let Found { real, lies } = find(named, &self.home).await.map_err(CredentialError::File)?;
        match lies {
            Lies::WhereExpected => return Ok(real),
            Lies::Elsewhere => {}
        }
        let exactly = sent(&fingerprint(named, &real), target);
        let kept = self.store.kept(&sent(&subject(named), target)).filter(|kept| kept.fingerprint == exactly);
        let once = self.once.lock().unwrap_or_else(PoisonError::into_inner).contains(&exactly);
        let path = || real.display().to_string();
        match kept.map(|kept| kept.answer) {
            Some(Answer::Always) => Ok(real),
            _ if once => Ok(real),
            Some(Answer::Never) => Err(CredentialError::ForbiddenFile { path: path() }),
            None => Err(CredentialError::UntrustedFile { path: path() }),
        }
    }
}

/// Looks where a file lies, and does not open it.
async fn find(named: &TokenFile, home: &Path) -> Result<Found, Unreadable> {
    let real = tokio::fs::canonicalize(&named.path).await.map_err(|e| Unreadable::Io(named.path.clone(), e))?;
    let folder = resolved(Path::new(named.file.as_str()).parent().unwrap_or(Path::new("/"))).await;
    let lies = lies(named.part, &folder, &real, &[resolved(home).await, resolved(&home.join(".kube")).await]);
    Ok(Found { real, lies })
}

async fn resolved(folder: &Path) -> PathBuf {
    tokio::fs::canonicalize(folder).await.unwrap_or_else(|_| folder.to_owned())
}

/// All without links: the folder of the kubeconfig, the token file, and the folders that hold more than came with a kubeconfig:
/// the user's own and that of kubectl.
pub(super) fn lies(part: Part, folder: &Path, token: &Path, shared: &[PathBuf]) -> Lies {
    // Beside a kubeconfig that lies there itself are files of all kinds.
    let beside = token.starts_with(folder) && !shared.iter().any(|shared| shared.starts_with(folder));
    match part {
        Part::OfKubectl => Lies::WhereExpected,
        Part::Alone if beside => Lies::WhereExpected,
        Part::Alone => Lies::Elsewhere,
    }
}

/// What stays the same when a link leads to another file.
pub(super) fn subject(named: &TokenFile) -> String {
    hashed(named, None)
}

/// Names exactly this file. The line of the entry is left out, as for a program.
pub(super) fn fingerprint(named: &TokenFile, real: &Path) -> String {
    hashed(named, Some(real))
}

fn hashed(named: &TokenFile, real: Option<&Path>) -> String {
    let mut hash = Parts::default();
    hash.add("a token file");
    hash.add(named.file.as_str());
    hash.add(&named.path.to_string_lossy());
    if let Some(real) = real {
        hash.add(&real.to_string_lossy());
    }
    hash.end()
}

/// Why KOS asks.
fn signs(named: &TokenFile, target: &Target, home: &Path) -> Vec<Sign> {
    let text = format!("{} may have come from somebody else. It names {}.", shown(Path::new(named.file.as_str()), Some(home)), shown(&named.path, Some(home)));
    let outside = Sign { mood: Mood::Doubt, title: "The file did not come with its kubeconfig".to_owned(), text: owned(text), command: None };
    std::iter::once(outside).chain(destination::doubts(target)).collect()
}
