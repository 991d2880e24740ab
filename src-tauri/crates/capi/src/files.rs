//! How do the files that define a cluster stand to the objects that run?
//!
//! Knows: texts with several documents, what of an object is a wish and what its controllers wrote, whose a field is.
//! Does not know: disks and servers; what a server would keep of a document comes in as a value.
//! Start at: [`read`] for what a file holds, [`compare`] for one object on both sides, [`taken`] for the way back into the
//! document, [`export`] for a cluster that no file has yet.

mod differ;
mod export;
mod owner;
mod read;
pub(crate) mod split;
mod subject;
mod taken;
#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::object::ObjectId;

pub use differ::{Applied, Field, Step, compare, path_words};
pub use export::{File, Folder, cleaned, export, hidden, members, references, text_of};
pub use owner::owner;
pub use read::{Defined, Left, Sole, Why, id_of, read};
pub use subject::subject;
pub use taken::taken;

/// In which order objects are sent: what others refer to comes first, and a cluster after its class.
pub fn order(id: &ObjectId) -> u8 {
    match &*id.kind {
        "Secret" | "ConfigMap" => 0,
        kind if kind.ends_with("Template") => 1,
        "ClusterClass" => 2,
        "Cluster" => 3,
        "MachineHealthCheck" | "ClusterResourceSet" => 5,
        _ => 4,
    }
}

fn group_of(document: &Value) -> &str {
    document["apiVersion"].as_str().map_or("", crate::read::group_of)
}
