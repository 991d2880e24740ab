//! What speaks for a program and what against it?

use std::path::Path;

use api::contexts::{Mood, Sign};
use api::visible::owned;
use kubeconfig::edit::shell_word;
use kubeconfig::target::Plugin;

use super::place::Place;
use super::policy::Says;

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

const SHELLS: [&str; 7] = ["sh", "bash", "dash", "zsh", "fish", "ksh", "env"];
/// Variables that change which code a program runs: of the shell, of languages, of the files in which clients name programs.
const HIJACKS: [&str; 43] = [
    "PATH",
    "HOME",
    "BROWSER",
    "GCONV_PATH",
    "GLIBC_TUNABLES",
    "BASH_ENV",
    "ENV",
    "IFS",
    "SHELLOPTS",
    "PS4",
    "ZDOTDIR",
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONSTARTUP",
    "PYTHONUSERBASE",
    "PYTHONWARNINGS",
    "PERL5OPT",
    "PERL5LIB",
    "PERL5DB",
    "PERLLIB",
    "RUBYOPT",
    "RUBYLIB",
    "GEM_HOME",
    "GEM_PATH",
    "NODE_OPTIONS",
    "NODE_PATH",
    "JAVA_TOOL_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "_JAVA_OPTIONS",
    "CLASSPATH",
    "DOTNET_STARTUP_HOOKS",
    "XDG_CONFIG_HOME",
    "KUBECONFIG",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_DATA_PATH",
    "AZURE_CONFIG_DIR",
    "AZURE_EXTENSION_DIR",
    "CLOUDSDK_CONFIG",
    "CLOUDSDK_PYTHON",
    "CLOUDSDK_PYTHON_ARGS",
    "CLOUDSDK_PYTHON_SITEPACKAGES",
    "GOOGLE_APPLICATION_CREDENTIALS",
];
/// Begin the names of those by which the loader and bash take code from elsewhere.
const HIJACKING: [&str; 3] = ["LD_", "DYLD_", "BASH_FUNC_"];

fn hijacks(variable: &str) -> bool {
    HIJACKS.contains(&variable) || HIJACKING.iter().any(|start| variable.starts_with(start))
}

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
    for (variable, _) in seen.plugin.env.iter().filter(|(variable, _)| hijacks(variable)) {
        doubt("It sets a variable that changes what runs", format!("{variable} can make the program load other code."), None);
    }
    let mut good = |title: &str, text: String| signs.push(Sign { mood: Mood::Good, title: title.to_owned(), text: owned(text), command: None });
    if let Says::Allows { file, command } = &seen.policy {
        good("Your kubectl policy allows it", format!("{file} lists {command}."));
    }
    if seen.place == Place::System {
        good("Only an administrator can replace it", format!("{} and the folders above it belong to root.", seen.program.display()));
    }
    if file.starts_with(seen.home.join(".kube")) {
        good("The kubeconfig lies in ~/.kube", format!("{shown} is where kubectl looks by itself."));
    }
    signs
}
