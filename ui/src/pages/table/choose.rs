//! Which columns can the reader leave out?

use api::tables::Kind;
use yew::Callback;

use super::columns;
use crate::pages::menu::{MenuItem, Ticked};

/// Each of them with whether it is shown.
pub(super) fn items(kind: Kind, hidden: &[&'static str], on_column: &Callback<&'static str>) -> Vec<MenuItem> {
    let item = |head: &'static str| {
        let ticked = if hidden.contains(&head) { Ticked::No } else { Ticked::Yes };
        MenuItem::choice(ticked, head, on_column.reform(move |()| head))
    };
    columns::optional(kind).into_iter().map(item).collect()
}
