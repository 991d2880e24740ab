//! What does the manifest of a network plug-in hold?

use std::io::Read;
use std::path::Path;

use api::changes::ClusterAt;
use api::network::Manifest;
use api::{Fault, FaultCode};
use capi::network::{kindnet, ordered};
use capi::yaml;
use serde_json::Value;

use crate::aside::aside;
use crate::fetching::Fetching;
use crate::home::Home;

/// Calico with all its definitions has half of it.
const MOST_BYTES: usize = 1024 * 1024;

/// The text and its objects, in the order in which they are applied.
pub(super) async fn read(home: &Home, fetching: &Fetching, from: &Manifest, at: &ClusterAt, pods: &[String]) -> Result<(String, Vec<Value>), Fault> {
    let text = match from {
        Manifest::Kindnet => kindnet(pods).ok_or_else(|| {
            let fault = Fault::new(FaultCode::Invalid, format!("{} names no pod range, and kindnet cannot do without one.", at.name));
            fault.because("Cluster", "spec.clusterNetwork.pods.cidrBlocks is empty").unharmed("Nothing was written.")
        })?,
        Manifest::File { path } => {
            let (place, typed) = (home.expand(path), path.clone());
            aside("The manifest", move || file(&place, &typed)).await??
        }
        Manifest::Url { address } => fetched(fetching, address).await?,
    };
    let (documents, text) = aside("The manifest", move || (documents(&text), text)).await?;
    let documents = documents.map_err(|said| {
        let what = match from {
            Manifest::Kindnet => "the manifest of kindnet",
            Manifest::File { path } => path,
            Manifest::Url { address } => address,
        };
        Fault::new(FaultCode::File, "The manifest cannot be applied.").because(what, said).unharmed("Nothing was written.")
    })?;
    Ok((text, ordered(documents)))
}

/// Contacts the address that the user typed, nobody else.
async fn fetched(fetching: &Fetching, address: &str) -> Result<String, Fault> {
    let bytes = fetching.small(address, MOST_BYTES).await.map_err(|why| why.unharmed("Nothing was written."))?;
    String::from_utf8(bytes).map_err(|why| {
        let fault = Fault::new(FaultCode::File, "What is at this address is no text.").because(address, why.utf8_error().to_string());
        fault.unharmed("Nothing was written.")
    })
}

fn file(path: &Path, typed: &str) -> Result<String, Fault> {
    let refused = |said: String| Fault::new(FaultCode::File, format!("{typed} cannot be read.")).because(typed, said).unharmed("Nothing was written.");
    if !path.is_absolute() {
        return Err(refused("a manifest is named by its full path".to_owned()));
    }
    // A pipe would be waited for for ever.
    let about = std::fs::metadata(path).map_err(|why| refused(why.to_string()))?;
    if !about.is_file() {
        return Err(refused("it is no regular file".to_owned()));
    }
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(|why| refused(why.to_string()))?;
    file.take(MOST_BYTES as u64 + 1).read_to_string(&mut text).map_err(|why| refused(why.to_string()))?;
    if text.len() > MOST_BYTES {
        return Err(refused("it is larger than 1 MiB".to_owned()));
    }
    Ok(text)
}

/// The objects of a manifest, those of a list one by one.
fn documents(text: &str) -> Result<Vec<Value>, String> {
    let mut all = vec![];
    for document in yaml::many(text).map_err(|why| yaml::over_budget(&why).unwrap_or_else(|| why.to_string()))? {
        if document["kind"] == "List" {
            all.extend(document["items"].as_array().cloned().unwrap_or_default());
        } else if !document.is_null() {
            all.push(document);
        }
    }
    match all.iter().find(|one| !one.is_object()) {
        Some(odd) => Err(format!("{:.80} is no object", odd.to_string())),
        None if all.is_empty() => Err("it holds no object".to_owned()),
        None => Ok(all),
    }
}

#[cfg(test)]
mod tests {
    use super::documents;

    #[test]
    fn a_manifest_is_documents_and_lists_and_nothing_else() {
        let kinds = |text: &str| documents(text).map(|all| all.iter().map(|one| one["kind"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>());
        assert_eq!(kinds("---\n# only words\n---\nkind: A\n---\nkind: List\nitems: [{kind: B}, {kind: C}]\n").unwrap(), ["A", "B", "C"]);
        for text in ["", "---\n---\n", "just words", "- a\n- b\n", "kind: [", "\u{0}"] {
            assert!(kinds(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_manifest_that_is_a_bomb_is_refused_by_its_budget() {
        let aliases = (1..12).fold("a0: &a0 [x, x]\n".to_owned(), |text, n| {
            let nine = vec![format!("*a{}", n - 1); 9].join(", ");
            text + &format!("a{n}: &a{n} [{nine}]\n")
        });
        for (text, word) in [(aliases, "values"), ("kind: A\n---\n".repeat(100_000), "documents"), ("- ".repeat(10_000), "")] {
            let why = documents(&text).expect_err("a bomb is no manifest");
            assert!(why.contains(word), "{why}");
        }
    }
}
