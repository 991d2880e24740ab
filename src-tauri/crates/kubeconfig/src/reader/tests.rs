use std::{fs::File, path::Path, sync::Arc};

use api::{FileId, Timestamp, files::Origin};

use super::Reader;
use crate::{
    entries::Parsed,
    merge::Source,
    sources::{Listed, Part},
};

const FILES: usize = 40;

fn listed(folder: &Path, files: usize) -> Vec<Listed> {
    let file = |n: usize| folder.join(format!("{n}.yaml"));
    (0..files).map(file).map(|path| Listed { id: FileId(path.display().to_string()), path, origin: Origin::Added, part: Part::Alone }).collect()
}

fn write(file: &Listed, context: &str) {
    std::fs::write(&file.path, format!("contexts: [{{ name: {context}, context: {{ cluster: a, user: a }} }}]")).unwrap();
}

fn parsed(source: &Source) -> Arc<Parsed> {
    source.loaded.parsed().cloned().expect("the file is there")
}

fn context(source: &Source) -> String {
    parsed(source).contexts[0].name.clone()
}

/// Long after anything that a test writes.
fn later() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Timestamp(u64::try_from(since.as_millis()).unwrap() + 3_600_000)
}

#[test]
fn many_files_are_read_in_their_order_and_an_unchanged_one_is_parsed_once() {
    let folder = tempfile::tempdir().unwrap();
    let files = listed(folder.path(), FILES);
    files.iter().zip(0..).for_each(|(file, n)| write(file, &format!("c{n}")));
    let reader = Reader::default();
    let first = reader.load(&files, later());
    assert_eq!(first.iter().map(context).collect::<Vec<_>>(), (0..FILES).map(|n| format!("c{n}")).collect::<Vec<_>>());
    write(&files[3], "another");
    let second = reader.load(&files, later());
    for (n, (before, after)) in first.iter().zip(&second).enumerate() {
        assert_eq!(Arc::ptr_eq(&parsed(before), &parsed(after)), n != 3, "file {n}");
    }
    assert_eq!(context(&second[3]), "another");
}

#[test]
fn a_file_written_twice_within_a_moment_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let files = listed(folder.path(), 1);
    write(&files[0], "one");
    let written = std::fs::metadata(&files[0].path).unwrap().modified().unwrap();
    let reader = Reader::default();
    // A clock that stands at the moment of the writes.
    let now = Timestamp(u64::try_from(written.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis()).unwrap());
    assert_eq!(context(&reader.load(&files, now)[0]), "one");
    write(&files[0], "two");
    File::options().write(true).open(&files[0].path).unwrap().set_modified(written).unwrap();
    assert_eq!(context(&reader.load(&files, now)[0]), "two");
}

#[test]
fn a_file_that_left_the_list_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let files = listed(folder.path(), 2);
    files.iter().for_each(|file| write(file, "a"));
    let reader = Reader::default();
    reader.load(&files, later());
    std::fs::remove_file(&files[1].path).unwrap();
    assert!(reader.load(&files, later())[1].loaded.parsed().is_none());
    reader.load(&files[..1], later());
    assert_eq!(reader.known().len(), 1);
}
