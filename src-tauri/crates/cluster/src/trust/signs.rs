//! What speaks for a program and what against it?

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use api::contexts::{Mood, Sign};
use api::visible::owned;
use kubeconfig::edit::shell_word;
use kubeconfig::target::Plugin;
use rustix::process::geteuid;

use super::policy::Says;

const WRITABLE_BY_OTHERS: u32 = 0o022;
const STICKY: u32 = 0o1000;

/// All that the signs are read from.
pub(super) struct Evidence<'a> {
    pub(super) plugin: &'a Plugin,
    pub(super) program: &'a Path,
    pub(super) found: bool,
    pub(super) place: Place,
    /// Another program was allowed for this entry before.
    pub(super) changed: bool,
    pub(super) policy: Says,
    pub(super) home: &'a Path,
}

/// Who can replace a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// Only the system's owner.
    System,
    /// Only this user, or the system.
    Own,
    /// Others too, by what is named.
    Open {
        path: PathBuf,
        /// Its mode without that, where this user may set it.
        narrowed: Option<u32>,
    },
    Unknown,
}

/// Looks at the program and its folder.
pub(super) async fn look_at(program: &Path) -> Place {
    let (Some(folder), Ok(file)) = (program.parent(), tokio::fs::metadata(program).await) else { return Place::Unknown };
    let Ok(around) = tokio::fs::metadata(folder).await else { return Place::Unknown };
    // Writable by the group or by all; a sticky folder such as /tmp still lets others put a file there first.
    for (meta, path) in [(&file, program), (&around, folder)] {
        if meta.mode() & WRITABLE_BY_OTHERS != 0 {
            return Place::Open { path: path.to_owned(), narrowed: narrowed(meta.mode(), meta.uid(), geteuid().as_raw()) };
        }
    }
    if file.uid() == 0 && around.uid() == 0 { Place::System } else { Place::Own }
}

/// The mode that keeps others from writing and changes nothing else; not of a folder that is meant for everybody's files.
pub(super) fn narrowed(mode: u32, owner: u32, me: u32) -> Option<u32> {
    (owner == me && mode & STICKY == 0).then_some(mode & 0o7777 & !WRITABLE_BY_OTHERS)
}

const SHELLS: [&str; 7] = ["sh", "bash", "dash", "zsh", "fish", "ksh", "env"];
/// Variables that change which code a program runs.
const HIJACKS: [&str; 6] = ["PATH", "LD_PRELOAD", "LD_LIBRARY_PATH", "PYTHONPATH", "NODE_OPTIONS", "BASH_ENV"];

/// More letters of arguments than are in view at once.
const LONG: usize = 1_000;

/// Doubts first, then good signs.
pub(super) fn signs(seen: &Evidence<'_>) -> Vec<Sign> {
    let mut signs = vec![];
    let mut doubt =
        |title: &str, text: String, command: Option<String>| signs.push(Sign { mood: Mood::Doubt, title: title.to_owned(), text: owned(text), command });
    if seen.changed {
        doubt("The program changed since you allowed it", "You agreed to another file of that name.".to_owned(), None);
    }
    if let Says::Denies { file } = &seen.policy {
        doubt("Your kubectl policy does not allow it", format!("{file} does not list this program, so KOS does not run it either."), None);
    }
    if !seen.found {
        doubt(
            "The program was not found",
            format!("{} is not there now; whatever appears under that name would be asked about again.", seen.plugin.command.display()),
            None,
        );
    }
    if let Place::Open { path, narrowed } = &seen.place {
        let command = narrowed.map(|mode| owned(format!("chmod {mode:04o} {}", shell_word(&path.to_string_lossy()))));
        doubt("Others can replace the program", format!("{} can be written by other users of this computer.", path.display()), command);
    }
    if seen.plugin.command.is_relative() && seen.plugin.command.components().count() > 1 {
        doubt("The command is a relative path", format!("{} means another program in another folder.", seen.plugin.command.display()), None);
    }
    let file = Path::new(seen.plugin.file.as_str());
    let shown = kubeconfig::sources::shown(file, Some(seen.home));
    if !file.starts_with(seen.home.join(".kube")) {
        doubt("The kubeconfig lies outside of ~/.kube", format!("{shown} may have come from somebody else."), None);
    }
    let name = seen.program.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if SHELLS.contains(&name.as_str()) {
        doubt("It is a shell", "Read the arguments: they are a program of their own.".to_owned(), None);
    }
    if seen.plugin.args.iter().map(|arg| arg.chars().count() + 1).sum::<usize>() > LONG {
        doubt("Its arguments are long", "Read them to their end: what is out of view runs too.".to_owned(), None);
    }
    for (variable, _) in seen.plugin.env.iter().filter(|(variable, _)| HIJACKS.contains(&variable.as_str())) {
        doubt("It sets a variable that changes what runs", format!("{variable} can make the program load other code."), None);
    }
    let mut good = |title: &str, text: String| signs.push(Sign { mood: Mood::Good, title: title.to_owned(), text: owned(text), command: None });
    if let Says::Allows { file, command } = &seen.policy {
        good("Your kubectl policy allows it", format!("{file} lists {command}."));
    }
    if seen.place == Place::System {
        good("Only an administrator can replace it", format!("{} and its folder belong to root.", seen.program.display()));
    }
    if file.starts_with(seen.home.join(".kube")) {
        good("The kubeconfig lies in ~/.kube", format!("{shown} is where kubectl looks by itself."));
    }
    signs
}
