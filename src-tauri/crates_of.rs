//! Which crates is the program made of?
//!
//! Those that Cargo.lock reaches from it, on every system it is built for and with what builds them, without what only
//! tests use: Cargo.lock notes the latter for crates of this workspace alone, and their manifests tell it apart.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use toml::{Table, Value};

pub(crate) struct Listed {
    /// `name version`, sorted.
    pub(crate) lines: Vec<String>,
    /// What the list was read from.
    pub(crate) read: Vec<PathBuf>,
}

/// Lists the crates of the program with this name, none of a workspace that cannot be read.
pub(crate) fn listed(workspace: &Path, program: &str) -> Option<Listed> {
    let mut read = vec![];
    let mut open = |file: PathBuf| {
        let table = std::fs::read_to_string(&file).ok()?.parse::<Table>().ok();
        read.push(file);
        table
    };
    let lock = open(workspace.join("Cargo.lock"))?;
    let root = open(workspace.join("Cargo.toml"))?;
    let locked: Vec<&Table> = lock.get("package")?.as_array()?.iter().filter_map(Value::as_table).collect();
    let shared = root.get("workspace")?.get("dependencies")?.as_table()?;
    let mut manifests = BTreeMap::from([(program.to_owned(), root.clone())]);
    let (mut found, mut waiting) = (BTreeSet::new(), vec![*locked.iter().find(|one| text(one, "name") == program)?]);
    while let Some(package) = waiting.pop() {
        if !found.insert(format!("{} {}", text(package, "name"), text(package, "version"))) {
            continue;
        }
        let own = if package.contains_key("source") {
            None
        } else {
            let manifest = manifests.remove(text(package, "name"))?;
            let uses = uses(&manifest, shared);
            for (name, folder) in uses.iter().filter_map(|(name, folder)| Some((name, folder.as_ref()?))) {
                if !manifests.contains_key(name)
                    && let Some(manifest) = open(workspace.join(folder).join("Cargo.toml"))
                {
                    manifests.insert(name.clone(), manifest);
                }
            }
            Some(uses)
        };
        for needed in package.get("dependencies").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            let mut words = needed.split(' ');
            let (name, version) = (words.next()?, words.next());
            if own.as_ref().is_some_and(|own| !own.contains_key(name)) {
                continue;
            }
            waiting.extend(locked.iter().filter(|one| text(one, "name") == name && version.is_none_or(|version| text(one, "version") == version)));
        }
    }
    Some(Listed { lines: found.into_iter().collect(), read })
}

/// What a crate of this workspace uses outside of its tests, with the folder of what stands here too.
fn uses(manifest: &Table, shared: &Table) -> BTreeMap<String, Option<PathBuf>> {
    let systems = manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values).filter_map(Value::as_table);
    let parts = [manifest].into_iter().chain(systems).flat_map(|part| ["dependencies", "build-dependencies"].map(|kind| part.get(kind)));
    let all = parts.flatten().filter_map(Value::as_table).flatten();
    all.map(|(key, said)| {
        let inherited = said.get("workspace").is_some().then(|| shared.get(key)).flatten();
        let told = |word: &str| said.get(word).or_else(|| inherited?.get(word)).and_then(Value::as_str);
        (told("package").unwrap_or(key).to_owned(), told("path").map(PathBuf::from))
    })
    .collect()
}

fn text<'a>(table: &'a Table, key: &str) -> &'a str {
    table.get(key).and_then(Value::as_str).unwrap_or_default()
}
