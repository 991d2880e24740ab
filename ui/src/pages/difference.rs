//! How do two texts stand side by side?

use api::{FileId, files::FileChange};
use yew::prelude::*;

use super::make_current::line;
use crate::model::line_diff::sides;

/// What is now left, what would be right.
pub(super) fn texts(before: &str, after: &str) -> Html {
    let lines = |text: &str| text.lines().map(str::to_owned).collect();
    let change = FileChange {
        file: FileId(String::new()),
        shown: String::new(),
        first_line: 1,
        before: lines(before),
        after: lines(after),
        command: String::new(),
        seen: String::new(),
    };
    let (before, after) = sides(&change);
    html! { <div class="diff"><div class="side">{ for before.iter().map(line) }</div><div class="side">{ for after.iter().map(line) }</div></div> }
}
