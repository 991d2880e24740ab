//! Which words stand on the next steps of a fault?

use api::Fix;

pub const CAUSE: &str = "What was said";

/// The verb with its object.
pub fn label(fix: &Fix) -> String {
    match fix {
        Fix::OpenDoctor => "Open Doctor".into(),
        Fix::OpenSettings => "Open Settings".into(),
        Fix::Copy { label, .. } => label.clone(),
        Fix::OpenFile { line: Some(line), .. } => format!("Copy path, line {line}"),
        Fix::OpenFile { line: None, .. } => "Copy path".into(),
        Fix::TryNow(_) => "Try now".into(),
        Fix::AnswerTrust(_) => "Review the program…".into(),
        Fix::ReviewFile(_) => "Review the file…".into(),
        Fix::RetryJob(_) => "Retry the step".into(),
        Fix::UndoJob(_) => "Undo what was made".into(),
        Fix::ChoosePath => "Choose another path…".into(),
        Fix::GiveToken => "Enter a token…".into(),
        Fix::RemoveLock(_) => "Look at the old lock…".into(),
    }
}
