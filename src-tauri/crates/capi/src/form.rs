//! How does a form become a cluster, a text a form, and what speaks against either?
//!
//! Knows: classes, the rules of names, ranges, labels and versions. Does not know: servers, files; what is known of the
//! world comes in as a [`Ground`]. Start at: [`class`] for what a form can choose from, [`checks`] for what is wrong with
//! it, [`cluster`] for the object it means, [`documents`] and [`form_of`] for the way back.

mod check;
mod class;
mod command;
mod documents;
mod host;
mod names;
mod outlook;
mod ranges;
mod read;
mod render;
mod starter;
mod substitute;
#[cfg(test)]
mod tests;
mod variables;

pub use check::{Ground, checks, mismatch, plain, untaken};
pub use class::{Reference, class, machines_of, template_of};
pub use command::command;
pub use documents::{Documents, documents, documents_but, written};
pub use host::Host;
pub use outlook::{asked, expected, objects, rendered};
pub use ranges::{DockerNetwork, free_range};
pub use read::{NoTopology, form_of};
pub use render::cluster;
pub(crate) use render::taint;
pub use starter::{started, starter, starter_class};
pub(crate) use substitute::substituted;

use api::drawing::{FormCheck, FormField, FormFix, Level};

fn stops(field: FormField, title: &str, says: impl Into<String>) -> FormCheck {
    FormCheck { field: Some(field), level: Level::Stops, title: title.to_owned(), says: says.into(), fix: None }
}

fn risks(field: FormField, title: &str, says: impl Into<String>) -> FormCheck {
    FormCheck { level: Level::Risks, ..stops(field, title, says) }
}

fn with_value(check: FormCheck, value: Option<String>) -> FormCheck {
    FormCheck { fix: value.map(FormFix::Use), ..check }
}
