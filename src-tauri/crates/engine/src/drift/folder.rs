//! Which definitions stand in a folder?
//!
//! The folder may come from anybody: it is only read, in bounds, and nothing of it leads out of it.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use api::definitions::{FilePlace, LeftOut, LeftWhy};
use capi::files::{Defined, Why, read};
use kubeconfig::disk::{Found, find};
use kubeconfig::text::{Encoding, decode};

const MOST_FILES: usize = 500;
const MOST_ENTRIES: usize = 10_000;
const MOST_DEPTH: usize = 8;
const MOST_FILE_BYTES: u64 = 1024 * 1024;
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// What a folder held when it was read.
#[derive(Debug, Default)]
pub(super) struct Folder {
    pub(super) files: Vec<ReadFile>,
    pub(super) left: Vec<LeftOut>,
}

#[derive(Debug)]
pub(super) struct ReadFile {
    pub(super) path: PathBuf,
    /// Below the folder.
    pub(super) name: String,
    pub(super) text: String,
    pub(super) encoding: Encoding,
    pub(super) objects: Vec<Defined>,
}

/// The folders and files that have to be watched, so that every change is heard of.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) folders: BTreeSet<PathBuf>,
    pub(super) files: Vec<PathBuf>,
    left: Vec<LeftOut>,
}

impl Folder {
    /// Reads what `places` lists. Documents without a namespace mean `namespace`.
    pub(super) fn read(root: &Path, places: Places, namespace: &str) -> Self {
        let mut folder = Self { files: vec![], left: places.left };
        let mut bytes_left = MOST_BYTES;
        let mut known: HashMap<capi::ObjectId, FilePlace> = HashMap::new();
        for path in places.files {
            let name = below(root, &path);
            let size = std::fs::metadata(&path).map_or(0, |data| data.len());
            if size > MOST_FILE_BYTES.min(bytes_left) {
                let says =
                    if size > MOST_FILE_BYTES { "Files of more than 1 MiB are not compared." } else { "More than 16 MiB of definitions are not compared." };
                folder.left.push(left(&name, 1, LeftWhy::NotRead, says));
                continue;
            }
            bytes_left -= size;
            match file(&path, &name, namespace) {
                Ok((mut file, mut beside)) => {
                    file.objects.retain(|object| {
                        let here = FilePlace { file: name.clone(), line: line(object.line) };
                        match known.get(&object.id) {
                            Some(first) => {
                                let says = format!("{} {} is defined in {}:{} already.", object.id.kind, object.id.name, first.file, first.line);
                                folder.left.push(LeftOut { at: here, why: LeftWhy::Twice, says });
                                false
                            }
                            None => known.insert(object.id.clone(), here).is_none(),
                        }
                    });
                    folder.left.append(&mut beside);
                    folder.files.push(file);
                }
                Err(why) => folder.left.push(why),
            }
        }
        folder
    }

    /// All objects with the file that each stands in.
    pub(super) fn objects(&self) -> impl Iterator<Item = (&ReadFile, &Defined)> {
        self.files.iter().flat_map(|file| file.objects.iter().map(move |object| (file, object)))
    }
}

/// Walks a folder; hidden folders, those of git among them, hold no definitions.
pub(super) fn walk(root: &Path) -> std::io::Result<Places> {
    let mut places = Places::default();
    let mut entries = 0;
    let mut open = vec![(root.to_owned(), 0)];
    while let Some((folder, depth)) = open.pop() {
        let read = match std::fs::read_dir(&folder) {
            Ok(read) => read,
            Err(cause) if folder == root => return Err(cause),
            Err(cause) => {
                places.left.push(left(&below(root, &folder), 0, LeftWhy::NotRead, &format!("This folder cannot be read: {cause}.")));
                continue;
            }
        };
        places.folders.insert(folder.clone());
        let mut here: Vec<PathBuf> = read.filter_map(Result::ok).map(|entry| entry.path()).take(MOST_ENTRIES + 1).collect();
        here.sort();
        for path in here {
            entries += 1;
            if entries > MOST_ENTRIES || places.files.len() >= MOST_FILES {
                let says = format!("A folder with more than {MOST_FILES} files of definitions, or {MOST_ENTRIES} files in all, is compared only so far.");
                places.left.push(left(&below(root, &path), 0, LeftWhy::NotRead, &says));
                return Ok(places);
            }
            match kind(root, &path) {
                Kind::Folder if depth >= MOST_DEPTH => {
                    places.left.push(left(&below(root, &path), 0, LeftWhy::NotRead, &format!("Folders more than {MOST_DEPTH} deep are not looked into.")));
                }
                Kind::Folder => open.push((path, depth + 1)),
                Kind::File => places.files.push(path),
                Kind::LeadsOut => places.left.push(left(&below(root, &path), 0, LeftWhy::NotRead, "This link leads out of the folder, and is not followed.")),
                Kind::None => {}
            }
        }
    }
    places.files.sort();
    Ok(places)
}

enum Kind {
    Folder,
    File,
    LeadsOut,
    None,
}

fn kind(root: &Path, path: &Path) -> Kind {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let Ok(data) = std::fs::symlink_metadata(path) else { return Kind::None };
    let yaml = path.extension().is_some_and(|end| end == "yaml" || end == "yml");
    match (name.starts_with('.'), data.is_dir(), data.is_file(), data.is_symlink()) {
        (true, ..) => Kind::None,
        (false, true, ..) => Kind::Folder,
        (false, _, true, _) if yaml => Kind::File,
        (false, _, _, true) if yaml => match (std::fs::canonicalize(path), std::fs::canonicalize(root)) {
            (Ok(target), Ok(root)) if target.starts_with(&root) && target.is_file() => Kind::File,
            (Ok(target), Ok(root)) if target.starts_with(&root) => Kind::None,
            _ => Kind::LeadsOut,
        },
        _ => Kind::None,
    }
}

fn file(path: &Path, name: &str, namespace: &str) -> Result<(ReadFile, Vec<LeftOut>), LeftOut> {
    let broken = |line: u32, says: String| left(name, line, LeftWhy::Broken, &says);
    let bytes = match find(path) {
        Found::Bytes { bytes, .. } => bytes,
        Found::Missing | Found::Folder => return Err(left(name, 0, LeftWhy::NotRead, "This file was taken away while it was read.")),
        Found::NotReadable(why) => return Err(left(name, 0, LeftWhy::NotRead, &format!("This file cannot be read: {why}."))),
    };
    let (text, encoding) = decode(&bytes).map_err(|why| {
        let says = why.to_string();
        broken(why.line().max(1), format!("This cannot be read: {says}."))
    })?;
    let (objects, beside) = read(&text, namespace);
    let beside = beside.into_iter().map(|one| {
        let why = match one.why {
            Why::OtherKind => LeftWhy::OtherKind,
            Why::Broken => LeftWhy::Broken,
            Why::Template => LeftWhy::Template,
            Why::TooMany => LeftWhy::NotRead,
        };
        left(name, line(one.line), why, &one.says)
    });
    let beside = beside.collect();
    Ok((ReadFile { path: path.to_owned(), name: name.to_owned(), text, encoding, objects }, beside))
}

fn left(name: &str, line: u32, why: LeftWhy, says: &str) -> LeftOut {
    LeftOut { at: FilePlace { file: name.to_owned(), line }, why, says: says.to_owned() }
}

pub(super) fn line(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn below(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    const CLUSTER: &str = "apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nmetadata:\n  name: lab-a\n";

    fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        folder
    }

    fn told(folder: &Path) -> (Vec<String>, Vec<(String, u32, LeftWhy)>) {
        let read = Folder::read(folder, walk(folder).unwrap(), "default");
        let objects = read.objects().map(|(file, object)| format!("{} {} {}:{}", object.id.kind, object.id.name, file.name, object.line)).collect();
        (objects, read.left.into_iter().map(|left| (left.at.file, left.at.line, left.why)).collect())
    }

    #[test]
    fn a_broken_file_is_named_with_its_line_and_hides_no_other() {
        let files: &[(&str, &[u8])] = &[
            ("a.yaml", b"kind: [\n"),
            ("b/cluster.yaml", CLUSTER.as_bytes()),
            ("binary.yaml", b"\x00\x01\x02"),
            ("c.yml", b"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n"),
            ("notes.txt", b"kind: ["),
            (".git/x.yaml", b"kind: ["),
        ];
        let (objects, left) = told(folder(files).path());
        assert_eq!(objects, ["Cluster lab-a b/cluster.yaml:1"]);
        let left: Vec<(&str, u32, LeftWhy)> = left.iter().map(|(file, line, why)| (file.as_str(), *line, *why)).collect();
        assert_eq!(left, [("a.yaml", 1, LeftWhy::Broken), ("binary.yaml", 1, LeftWhy::Broken), ("c.yml", 1, LeftWhy::OtherKind)]);
    }

    proptest::proptest! {
        #[test]
        fn no_neighbour_hides_an_object(garbage in "(\\PC|\n| |-|:){0,200}") {
            let text = format!("{CLUSTER}---\n{garbage}\n---\n{}", CLUSTER.replace("lab-a", "lab-b"));
            let (objects, _) = read(&text, "default");
            let named = |name: &str| objects.iter().any(|one| &*one.id.name == name);
            proptest::prop_assert!(named("lab-a") && named("lab-b"), "{text}");
        }
    }

    #[test]
    fn a_bomb_of_aliases_is_refused_before_it_grows() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for n in 1..12 {
            bomb.push_str(&format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(", ")));
        }
        let (objects, left) = told(folder(&[("bomb.yaml", bomb.as_bytes()), ("good.yaml", CLUSTER.as_bytes())]).path());
        assert_eq!((objects.len(), left.len(), left[0].2), (1, 1, LeftWhy::Broken));
    }

    #[test]
    fn links_do_not_leave_the_folder() {
        let outside = folder(&[("secret.yaml", CLUSTER.as_bytes())]);
        let inside = folder(&[("real/cluster.yaml", CLUSTER.as_bytes())]);
        symlink(outside.path().join("secret.yaml"), inside.path().join("stolen.yaml")).unwrap();
        symlink(outside.path(), inside.path().join("elsewhere")).unwrap();
        symlink(inside.path(), inside.path().join("real/loop")).unwrap();
        symlink(inside.path().join("real/cluster.yaml"), inside.path().join("same.yaml")).unwrap();
        let (objects, left) = told(inside.path());
        assert_eq!(objects, ["Cluster lab-a real/cluster.yaml:1"]);
        let left: Vec<_> = left.iter().map(|(file, _, why)| (file.as_str(), *why)).collect();
        assert_eq!(left, [("stolen.yaml", LeftWhy::NotRead), ("same.yaml", LeftWhy::Twice)]);
    }

    #[test]
    fn a_folder_beyond_the_bounds_is_read_only_so_far() {
        let root = tempfile::tempdir().unwrap();
        let mut deep = root.path().to_owned();
        for _ in 0..=MOST_DEPTH {
            deep.push("d");
        }
        std::fs::create_dir_all(&deep).unwrap();
        std::fs::write(deep.join("cluster.yaml"), CLUSTER).unwrap();
        std::fs::write(root.path().join("big.yaml"), vec![b'#'; 1024 * 1024 + 1]).unwrap();
        let (objects, left) = told(root.path());
        assert_eq!((objects.len(), left.len()), (0, 2), "{left:?}");
        for n in 0..=MOST_FILES {
            std::fs::write(root.path().join(format!("{n:03}.yaml")), "").unwrap();
        }
        assert_eq!(walk(root.path()).unwrap().files.len(), MOST_FILES);
    }
}
