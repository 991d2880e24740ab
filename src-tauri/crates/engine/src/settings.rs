//! What has the user chosen, and where does it stand as text?
//!
//! The file is written for people: every key with a comment. Editing it by hand is fine; KOS reads it again when it
//! changes and keeps the last good choices while it cannot be read.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use api::settings::{Choices, SettingsView, TokenHeld, TokenPlace};
use api::{Fault, FaultCode, Status};
use secret::Secret;

use crate::board::Board;
use crate::home::Home;
use crate::keep;

/// Each key with what it means; also the order in the file. A test holds it against the type.
const KEYS: &[(&str, &str)] = &[
    ("theme", "system, light or dark"),
    ("rows", "height of table rows: compact (28 px), regular (30 px) or roomy (32 px)"),
    ("motion", "system, full or reduced"),
    ("hidden_columns", "columns that tables leave out, by kind (pods, nodes, namespaces) and by their head: {\"pods\": [\"IP\", \"Node\"]}"),
    (
        "keys",
        "keys of your own, by command: {\"palette\": \"Ctrl P\", \"pods\": \"G O\"}; commands are palette, filter, help, back, apply, fleet, problems, pods, nodes and namespaces",
    ),
    ("proxy", "for downloads and contexts without one of their own, http://host:port; empty uses the environment's"),
    ("ca_bundle", "file with further certificate authorities for downloads, PEM"),
    ("extra_path", "folders searched for programs before the PATH of the login shell"),
    ("kind_path", "a kind of your own; empty looks in the PATH, then in what KOS fetched"),
    ("clusterctl_path", "the same for clusterctl"),
    ("kubectl_path", "the same for kubectl"),
    ("docker_path", "the same for docker"),
    ("clusterctl_config", "configuration file for clusterctl, for providers from a folder or a mirror"),
    ("node_image", "repository of node images; empty uses kindest/node"),
    ("release_token", "keyring when a token for release pages is kept there, else nowhere; the token itself never stands here"),
    ("protect", "contexts that get the red band by their name; * stands for anything"),
    (
        "write_wait_seconds",
        "how long a write into a cluster waits before it is sent, 0 to 60; it can be taken back meanwhile, and protected contexts wait at least 5",
    ),
    ("writes", "allowed or refused: KOS then changes no cluster, no kubeconfig and nothing on this machine"),
];

/// The choices, in memory and on disk.
#[derive(Debug)]
pub(crate) struct Settings {
    file: PathBuf,
    /// The file as people read it.
    shown: String,
    board: Arc<Board<SettingsView>>,
    /// The token for release pages, as far as it was needed in this run.
    token: Mutex<Option<Secret>>,
}

impl Settings {
    /// The choices of a user.
    pub(crate) fn of(home: &Home) -> Self {
        Self::kept(&home.config, |file| home.shown(file))
    }

    #[cfg(test)]
    pub(crate) fn open(folder: &Path) -> Self {
        Self::kept(folder, |file| file.display().to_string())
    }

    fn kept(folder: &Path, shown: impl FnOnce(&Path) -> String) -> Self {
        let file = folder.join("settings.yaml");
        let settings = Self { shown: shown(&file), file, board: Arc::new(Board::new(Status::Live)), token: Mutex::default() };
        settings.show(Choices::default(), None);
        settings.read_again();
        settings
    }

    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    pub(crate) fn board(&self) -> Arc<Board<SettingsView>> {
        self.board.clone()
    }

    pub(crate) fn choices(&self) -> Choices {
        self.board.rows().into_iter().next().map(|row| row.choices).unwrap_or_default()
    }

    /// Reads the file; what cannot be read changes nothing but the trouble shown.
    pub(crate) fn read_again(&self) {
        let last_good = self.choices();
        match keep::read(&self.file).map_err(|e| e.to_string()).and_then(|text| parse(text.as_deref().unwrap_or_default())) {
            Ok(choices) => self.show(choices, None),
            Err(cause) => self.show(last_good, Some(self.unreadable(&cause))),
        }
    }

    /// Keeps new choices; they hold for this session even when the file cannot be written.
    pub(crate) fn save(&self, choices: Choices) -> Result<(), Fault> {
        let written = keep::write(&self.file, write(&choices).as_bytes());
        let trouble = written.err().map(|e| self.unwritable(&e.to_string()));
        self.show(choices, trouble.clone());
        trouble.map_or(Ok(()), Err)
    }

    /// Says once that nothing will be kept, where the user would look for what was not.
    pub(crate) fn nothing_is_kept(&self, state: &Path) {
        let fault = Fault::new(FaultCode::Write, "Nothing is saved: the folder of KOS cannot be written.")
            .because(state.display().to_string(), "cannot be written")
            .unharmed("Contexts can be used. What you change holds until KOS is closed; jobs are not started.");
        self.show(self.choices(), Some(fault));
    }

    fn show(&self, choices: Choices, trouble: Option<Fault>) {
        let token = match (choices.release_token, self.token()) {
            (TokenPlace::Keyring, _) => TokenHeld::Keyring,
            (TokenPlace::Nowhere, Some(_)) => TokenHeld::ThisRun,
            (TokenPlace::Nowhere, None) => TokenHeld::No,
        };
        self.board.replace(vec![SettingsView { choices, file: self.shown.clone(), trouble, token }]);
    }

    pub(crate) fn token(&self) -> Option<Secret> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Holds the token for release pages until KOS is closed, and shows that there is one.
    pub(crate) fn hold_token(&self, token: Option<Secret>) {
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = token;
        let trouble = self.board.rows().into_iter().next().and_then(|row| row.trouble);
        self.show(self.choices(), trouble);
    }

    fn unreadable(&self, cause: &str) -> Fault {
        Fault::new(FaultCode::File, "The settings file cannot be read.")
            .because(self.file.display().to_string(), cause)
            .unharmed("The last good settings are used; the file is left as it is.")
    }

    fn unwritable(&self, cause: &str) -> Fault {
        Fault::new(FaultCode::Write, "The settings could not be saved.")
            .because(self.file.display().to_string(), cause)
            .unharmed("They hold until KOS is closed.")
    }
}

fn parse(text: &str) -> Result<Choices, String> {
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(Choices::default());
    }
    serde_yaml::from_str(text).map_err(|e| e.to_string())
}

fn write(choices: &Choices) -> String {
    let values = serde_json::to_value(choices).unwrap_or_default();
    let mut text = "# Settings of KOS. Edit as you like; KOS reads the file again when it changes.\n".to_owned();
    for (key, meaning) in KEYS {
        // A JSON value is a YAML value, and leaves no doubt about quotes.
        text.push_str(&format!("\n# {meaning}\n{key}: {}\n", values[key]));
    }
    text
}

#[cfg(test)]
mod tests {
    use api::settings::{Choices, Theme};

    use super::{KEYS, Settings, parse, write};

    fn changed() -> Choices {
        Choices {
            theme: Theme::Dark,
            proxy: "http://proxy:3128".into(),
            extra_path: vec!["/opt/y: no".into()],
            hidden_columns: [("pods".to_owned(), vec!["IP".to_owned()])].into(),
            keys: [("palette".to_owned(), "Ctrl P".to_owned())].into(),
            ..Choices::default()
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        assert_eq!(parse(&write(&changed())).unwrap(), changed());
    }

    #[test]
    fn every_key_is_documented_and_none_is_invented() {
        let serde_json::Value::Object(values) = serde_json::to_value(Choices::default()).unwrap() else { panic!("choices are an object") };
        let mut documented: Vec<&str> = KEYS.iter().map(|(key, _)| *key).collect();
        let mut there: Vec<&str> = values.keys().map(String::as_str).collect();
        documented.sort_unstable();
        there.sort_unstable();
        assert_eq!(documented, there);
    }

    #[test]
    fn every_command_that_can_have_a_key_is_named_in_the_file() {
        let text = write(&Choices::default());
        let comment = text.lines().find(|line| line.starts_with("# keys of your own")).unwrap();
        for command in api::settings::Command::ALL {
            assert!(comment.contains(command.name()), "{comment}");
        }
    }

    #[test]
    fn missing_keys_keep_their_defaults() {
        assert_eq!(parse("theme: light").unwrap(), Choices { theme: Theme::Light, ..Choices::default() });
        assert_eq!(parse("# nothing but a comment\n").unwrap(), Choices::default());
    }

    #[test]
    fn a_broken_file_changes_no_setting_and_is_left_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let settings = Settings::open(dir.path());
        settings.save(changed()).unwrap();
        std::fs::write(settings.file(), "theme: [purple").unwrap();
        settings.read_again();
        let view = settings.board().rows().remove(0);
        assert_eq!(view.choices, changed());
        assert!(view.trouble.is_some());
        assert_eq!(std::fs::read_to_string(settings.file()).unwrap(), "theme: [purple");
    }

    #[test]
    fn choices_hold_although_nothing_can_be_saved() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("in-the-way"), "").unwrap();
        let settings = Settings::open(&dir.path().join("in-the-way"));
        assert!(settings.save(changed()).is_err());
        assert_eq!(settings.choices(), changed());
    }
}
