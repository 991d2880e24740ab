//! How is a row put together?

use api::Quote;
use api::computer::{CheckFix, CheckId, CheckRow, Remedy, Verdict};

use crate::PasswordDialog;

pub(super) struct Row(CheckRow);

pub(super) fn check(id: CheckId, title: &str, matters: &str, needed: &str) -> Row {
    let text = str::to_owned;
    Row(CheckRow {
        id,
        title: text(title),
        verdict: Verdict::NotChecked,
        matters: text(matters),
        found: String::new(),
        needed: text(needed),
        explanation: String::new(),
        fixes: vec![],
        evidence: vec![],
        checked: None,
    })
}

impl Row {
    pub(super) fn is(mut self, verdict: Verdict, found: impl Into<String>, explanation: impl Into<String>) -> Self {
        (self.0.verdict, self.0.found, self.0.explanation) = (verdict, found.into(), explanation.into());
        self
    }

    pub(super) fn passed(self, found: impl Into<String>) -> CheckRow {
        self.is(Verdict::Passed, found, "").done()
    }

    pub(super) fn unknown(self, why: &str) -> CheckRow {
        self.is(Verdict::Unknown, "cannot be told", why).done()
    }

    pub(super) fn fix(mut self, label: &str, command: impl Into<String>) -> Self {
        self.0.fixes.push(CheckFix { label: label.to_owned(), command: command.into(), remedy: None });
        self
    }

    /// A fix that KOS can run in the user's place.
    pub(super) fn remedy(mut self, label: &str, remedy: Remedy) -> Self {
        self.0.fixes.push(CheckFix { label: label.to_owned(), command: remedy.command(), remedy: Some(remedy) });
        self
    }

    /// The same where it takes a password: in a terminal, or for KOS where the system can ask for it.
    pub(super) fn fix_as_root(mut self, label: &str, command: impl Into<String>, remedy: Remedy, dialog: PasswordDialog) -> Self {
        let remedy = match dialog {
            PasswordDialog::There => Some(remedy),
            PasswordDialog::Missing => None,
        };
        self.0.fixes.push(CheckFix { label: label.to_owned(), command: command.into(), remedy });
        self
    }

    pub(super) fn quote(mut self, source: &str, text: &str) -> Self {
        self.0.evidence.push(Quote { source: source.to_owned(), text: text.to_owned() });
        self
    }

    pub(super) fn done(self) -> CheckRow {
        self.0
    }
}

/// `1,048,576`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `8.5 GB free`, in powers of ten as disks are sold.
pub(super) fn gigabytes(bytes: u64) -> String {
    let tenths = bytes / 100_000_000;
    if tenths >= 1_000 { format!("{} GB", tenths / 10) } else { format!("{}.{} GB", tenths / 10, tenths % 10) }
}
