//! What do the files of the kernel say?

use std::fs;
use std::path::Path;

use rustix::process::{Resource, getrlimit, getuid};

use crate::{Facts, Limit, parse};

/// Each entry is there when one of its names is.
const MODULES: [&[&str]; 3] = [&["overlay"], &["br_netfilter"], &["ip_tables", "nf_tables"]];

/// Reads all that needs no program; blocks.
pub(super) fn look() -> Facts {
    let meminfo = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").ok().map(|release| release.trim().to_owned());
    Facts {
        system: fs::read_to_string("/etc/os-release").ok().and_then(|text| parse::os_release(&text)),
        processors: std::thread::available_parallelism().map_or(0, |count| u32::try_from(count.get()).unwrap_or(u32::MAX)),
        memory_total: parse::meminfo(&meminfo, "MemTotal"),
        memory_free: parse::meminfo(&meminfo, "MemAvailable"),
        inotify_instances: Limit { limit: sysctl("max_user_instances"), used: inotify_used() },
        inotify_watches: Limit { limit: sysctl("max_user_watches"), used: None },
        open_files: Limit { limit: Some(getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)), used: None },
        cgroup: cgroup(Path::new("/sys/fs/cgroup")),
        modules_missing: kernel.as_deref().and_then(modules_missing),
        kernel,
        ..Facts::default()
    }
}

fn sysctl(name: &str) -> Option<u64> {
    fs::read_to_string(format!("/proc/sys/fs/inotify/{name}")).ok()?.trim().parse().ok()
}

fn cgroup(root: &Path) -> Option<u8> {
    if root.join("cgroup.controllers").exists() { Some(2) } else { root.join("memory").exists().then_some(1) }
}

/// `None` when neither list can be read: then nothing is known to be missing.
fn modules_missing(release: &str) -> Option<Vec<String>> {
    let loaded = fs::read_to_string("/proc/modules").ok();
    let built_in = fs::read_to_string(format!("/lib/modules/{release}/modules.builtin")).ok();
    if built_in.is_none() && loaded.as_ref().is_none_or(String::is_empty) {
        return None;
    }
    Some(parse::missing_modules(&MODULES, &loaded.unwrap_or_default(), &built_in.unwrap_or_default()))
}

/// The inotify instances of this user; those of nodes that run as another user are not seen.
fn inotify_used() -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    let me = getuid().as_raw();
    let mine = fs::read_dir("/proc").ok()?.filter_map(Result::ok).filter(|entry| {
        entry.file_name().to_str().is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_digit())) && entry.metadata().is_ok_and(|data| data.uid() == me)
    });
    let instances = |process: fs::DirEntry| {
        let open = fs::read_dir(process.path().join("fd")).ok()?;
        Some(open.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok()).filter(|target| target.as_os_str() == "anon_inode:inotify").count() as u64)
    };
    // A process that hides its descriptors, or just ended, counts as none; when all hide them, nothing can be told.
    let counted: Vec<u64> = mine.filter_map(instances).collect();
    (!counted.is_empty()).then(|| counted.iter().sum())
}

/// Total and free bytes where this folder is, or its nearest parent that can be seen; blocks.
pub(super) fn disk(folder: &Path) -> (Option<u64>, Option<u64>) {
    let found = folder.ancestors().find_map(|folder| rustix::fs::statvfs(folder).ok());
    found.map_or((None, None), |disk| (Some(disk.f_blocks * disk.f_frsize), Some(disk.f_bavail * disk.f_frsize)))
}
