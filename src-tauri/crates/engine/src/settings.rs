//! What has the user chosen, and where does it stand as text?
//!
//! The file is written for people: every key with a comment. Editing it by hand is fine; KOS reads it again when it
//! changes and keeps the last good choices while it cannot be read. A choice on the page changes its own lines alone.

mod merge;
mod text;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use api::settings::{Choices, Chosen, SettingsView, TokenHeld, TokenPlace};
use api::{Fault, FaultCode, FileId, Fix, Status};
use secret::Secret;

use crate::board::Board;
use crate::home::Home;
use crate::keep;
use merge::{Merged, Sides};
use text::Wrong;

/// The choices, in memory and on disk.
#[derive(Debug)]
pub(crate) struct Settings {
    file: PathBuf,
    /// The file as people read it.
    shown: String,
    board: Arc<Board<SettingsView>>,
    /// Held while the file is read or written, so that two choices come one after the other.
    kept: Mutex<Kept>,
    troubles: Mutex<Troubles>,
    /// The token for release pages, as far as it was needed in this run.
    token: Mutex<Option<Secret>>,
}

/// What is known of the file.
#[derive(Debug, Default)]
struct Kept {
    /// What it said when it was last read or written.
    read: Choices,
    /// What KOS wrote last.
    ours: Option<Choices>,
}

/// What is wrong, each said until it is over.
#[derive(Debug, Default)]
struct Troubles {
    /// With the file.
    file: Option<Fault>,
    /// With what KOS remembers beside it.
    memory: Option<Fault>,
    /// With noticing that it changed.
    watch: Option<Fault>,
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
        let board = Arc::new(Board::new(Status::Live));
        let settings = Self { shown: shown(&file), file, board, kept: Mutex::default(), troubles: Mutex::default(), token: Mutex::default() };
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
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = self.choices();
        match self.on_disk() {
            Ok((text, now)) => {
                let (choices, waiting) = Sides { shown: &shown, kept: &kept.read, ours: kept.ours.as_ref(), now: &now }.read_again();
                kept.read = now;
                self.show(choices, self.waiting(&waiting).or_else(|| self.unknown(&text)));
            }
            Err(wrong) => self.show(shown, Some(self.unreadable(&wrong))),
        }
    }

    /// Keeps what the user chose; it holds for this session even when the file cannot be written.
    ///
    /// Errors: the file cannot be read, changed or written, or says something else of the same key since it was read.
    pub(crate) fn save(&self, chosen: &Chosen) -> Result<(), Fault> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = self.choices();
        let (was, sent) = chosen.among(&shown, &kept.read);
        let (text, now) = match self.on_disk() {
            Ok(read) => read,
            Err(wrong) => return self.held(sent, self.left_alone(&wrong)),
        };
        let wanted = match (Sides { shown: &shown, kept: &kept.read, ours: kept.ours.as_ref(), now: &now }).chosen(Some(&was), &sent) {
            Merged::Wanted(wanted) => *wanted,
            Merged::Clash(keys) => {
                let fault = self.changed_meanwhile(&keys, &now);
                self.show(now.clone(), self.unknown(&text));
                kept.read = now;
                return Err(fault);
            }
        };
        let Some(edited) = text::edited(&text, &now, &wanted) else { return self.held(wanted, self.unfit()) };
        if edited != text
            && let Err(cause) = keep::write(&self.file, edited.as_bytes())
        {
            return self.held(wanted, self.unwritable(&cause.to_string()));
        }
        *kept = Kept { read: wanted.clone(), ours: Some(wanted.clone()) };
        self.show(wanted, self.unknown(&edited));
        Ok(())
    }

    /// Uses choices that are in no file, and says why.
    fn held(&self, choices: Choices, fault: Fault) -> Result<(), Fault> {
        self.show(choices, Some(fault.clone()));
        Err(fault)
    }

    fn on_disk(&self) -> Result<(String, Choices), Wrong> {
        let text = keep::read(&self.file).map_err(|why| Wrong { line: None, says: why.to_string() })?.unwrap_or_default();
        let choices = text::parse(&text)?;
        Ok((text, choices))
    }

    /// Says once that nothing will be kept, where the user would look for what was not.
    pub(crate) fn nothing_is_kept(&self, state: &Path) {
        let fault = Fault::new(FaultCode::Write, "Nothing is saved: the folder of KOS cannot be written.")
            .because(state.display().to_string(), "cannot be written")
            .unharmed("Contexts can be used. What you change holds until KOS is closed; jobs are not started.");
        self.show(self.choices(), Some(fault));
    }

    /// Says why changes of files are noticed late, until that is over.
    pub(crate) fn watched(&self, trouble: Option<Fault>) {
        // The choices that are shown again are those of now.
        let _kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        self.troubles().watch = trouble;
        self.draw(self.choices());
    }

    /// What KOS remembers of contexts could not be read, or could.
    pub(crate) fn forgot(&self, trouble: Option<Fault>) {
        let _kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        self.troubles().memory = trouble;
        self.draw(self.choices());
    }

    fn show(&self, choices: Choices, trouble: Option<Fault>) {
        self.troubles().file = trouble;
        self.draw(choices);
    }

    /// Shows the choices with the worst of what is wrong: what the file does not hold comes first.
    fn draw(&self, choices: Choices) {
        let token = match (choices.release_token, self.token()) {
            (TokenPlace::Keyring, _) => TokenHeld::Keyring,
            (TokenPlace::Nowhere, Some(_)) => TokenHeld::ThisRun,
            (TokenPlace::Nowhere, None) => TokenHeld::No,
        };
        let trouble = {
            let troubles = self.troubles();
            troubles.file.clone().or_else(|| troubles.memory.clone()).or_else(|| troubles.watch.clone()).or_else(|| held_back(&choices))
        };
        self.board.replace(vec![SettingsView { choices, file: self.shown.clone(), trouble, token }]);
    }

    pub(crate) fn token(&self) -> Option<Secret> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Holds the token for release pages until KOS is closed, and shows that there is one.
    pub(crate) fn hold_token(&self, token: Option<Secret>) {
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = token;
        self.draw(self.choices());
    }

    fn troubles(&self) -> MutexGuard<'_, Troubles> {
        self.troubles.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The file with a line, as a quote names its source.
    fn at(&self, line: Option<u32>) -> String {
        line.map_or_else(|| self.shown.clone(), |line| format!("{}, line {line}", self.shown))
    }

    fn look_at(&self, line: Option<u32>) -> Fix {
        Fix::OpenFile { file: FileId(self.file.display().to_string()), line }
    }

    fn unreadable(&self, wrong: &Wrong) -> Fault {
        Fault::new(FaultCode::File, "The settings file cannot be read.")
            .because(self.at(wrong.line), wrong.says.clone())
            .unharmed("The last good settings are used; the file is left as it is.")
            .fix(self.look_at(wrong.line))
    }

    fn left_alone(&self, wrong: &Wrong) -> Fault {
        Fault::new(FaultCode::File, "The settings were not saved: their file cannot be read.")
            .because(self.at(wrong.line), wrong.says.clone())
            .unharmed("They hold until KOS is closed; the file is left as it is.")
            .fix(self.look_at(wrong.line))
    }

    fn unfit(&self) -> Fault {
        Fault::new(FaultCode::File, "The settings were not saved: their file is written in a way that KOS cannot change without losing part of it.")
            .because(self.shown.clone(), "keys stand each on a line of its own in files that KOS changes")
            .unharmed("They hold until KOS is closed; the file is left as it is.")
            .fix(self.look_at(None))
    }

    fn changed_meanwhile(&self, keys: &[&str], now: &Choices) -> Fault {
        let values = text::values(now);
        let fault =
            Fault::new(FaultCode::Changed, "The settings file was changed meanwhile.").unharmed("Nothing was written; KOS uses what the file says now.");
        keys.iter().fold(fault, |fault, key| fault.because(self.shown.clone(), format!("{key}: {}", values[key])))
    }

    /// What was chosen while the file could not be written, and is not in it.
    fn waiting(&self, keys: &[&str]) -> Option<Fault> {
        (!keys.is_empty()).then(|| {
            Fault::new(FaultCode::Write, "Some settings are not in their file.")
                .because(self.shown.clone(), keys.join(", "))
                .unharmed("They hold until KOS is closed, and are written with the next choice.")
        })
    }

    fn unknown(&self, text: &str) -> Option<Fault> {
        let keys = text::unknown(text);
        let line = keys.first().map(|(_, line)| *line)?;
        let fault = Fault::new(FaultCode::File, "The settings file has a key that KOS does not know.")
            .unharmed("All other keys hold; what KOS does not know is left as it is.")
            .fix(self.look_at(Some(line)));
        Some(keys.into_iter().fold(fault, |fault, (key, line)| fault.because(self.at(Some(line)), key)))
    }

    fn unwritable(&self, cause: &str) -> Fault {
        Fault::new(FaultCode::Write, "The settings could not be saved.").because(self.shown.clone(), cause).unharmed("They hold until KOS is closed.")
    }
}

/// A password that programs are not given: they hand their variables on, kind even as arguments that everybody may read.
fn held_back(choices: &Choices) -> Option<Fault> {
    let bare = download::without_password(choices.proxy.trim());
    (bare != choices.proxy.trim()).then(|| {
        Fault::new(FaultCode::Program, "clusterctl, kind and helm are not given the password of the proxy.")
            .because("proxy", format!("they are told {bare}"))
            .unharmed("KOS itself uses the password, for its own downloads and for contexts. If the proxy refuses the programs, choose one that asks for none.")
    })
}

#[cfg(test)]
mod tests;
