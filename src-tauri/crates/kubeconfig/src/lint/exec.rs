//! What is wrong with a credential plugin as written?

use api::files::Severity;

use super::{Around, Say, program_path};
use crate::{
    entries::Exec,
    look::FileFact,
    target::{Interactive, PluginApi},
};

const WRITABLE_BY_OTHERS: u32 = 0o022;

pub(super) fn check(say: &mut Say<'_>, exec: &Exec, around: &Around<'_>) {
    say.line = exec.line;
    let api = api_version(&exec.api_version);
    if exec.command.is_empty() {
        say.add("KC20", Severity::Unusable, "exec names no command.");
    } else {
        program(say, exec, around);
    }
    if api.is_none() {
        say.add("KC20", Severity::Unusable, "exec has an apiVersion other than client.authentication.k8s.io/v1 or v1beta1.");
    }
    match (api, exec.interactive_mode.as_str()) {
        (Some(PluginApi::V1), "") => say.add("KC20", Severity::Unusable, "exec of version v1 needs an interactiveMode, and has none."),
        (_, "") => {}
        (_, mode) if interactive(mode).is_none() => {
            say.add("KC20", Severity::Unusable, "interactiveMode is none of Never, IfAvailable and Always.");
        }
        (_, _) => {}
    }
}

fn program(say: &mut Say<'_>, exec: &Exec, around: &Around<'_>) {
    let relative = exec.command.contains('/') && !exec.command.starts_with('/');
    if relative {
        say.add("KC22", Severity::Risk, "The credential program is a path relative to this file.");
    }
    let path = program_path(&exec.command, around.folder);
    let path = if exec.command.contains('/') { Some(path) } else { around.look.program(&exec.command) };
    let fact = path.as_deref().map_or(FileFact::Missing, |path| around.look.file(path));
    match fact {
        FileFact::Missing | FileFact::NotAFile => {
            let hint = if exec.install_hint.is_empty() { String::new() } else { format!(" {}", exec.install_hint.trim()) };
            // It keeps nobody from connecting: a connection looks for its program itself, and says where.
            say.add("KC21", Severity::Risk, format!("The credential program was not found.{hint}"));
        }
        FileFact::Regular { mode, folder_mode } if (mode | folder_mode) & WRITABLE_BY_OTHERS != 0 => {
            say.add("KC22", Severity::Risk, "The credential program or its folder can be changed by other users.");
        }
        // A program may be runnable without being readable.
        FileFact::Regular { .. } | FileFact::NotReadable => {}
    }
}

pub(crate) fn api_version(text: &str) -> Option<PluginApi> {
    match text {
        "client.authentication.k8s.io/v1" => Some(PluginApi::V1),
        "client.authentication.k8s.io/v1beta1" => Some(PluginApi::V1Beta1),
        _ => None,
    }
}

pub(crate) fn interactive(mode: &str) -> Option<Interactive> {
    match mode {
        "Never" => Some(Interactive::Never),
        "" | "IfAvailable" => Some(Interactive::IfAvailable),
        "Always" => Some(Interactive::Always),
        _ => None,
    }
}
