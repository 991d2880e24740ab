//! What do the answers of programs and of the kernel say?

use crate::Asked;

/// Reads `docker info --format '{{json .}}'`; a client without a daemon answers too, with its errors inside.
pub(crate) fn docker_info(text: &str, answer_ms: u32) -> Option<Asked> {
    let all: serde_json::Value = serde_json::from_str(text.trim()).ok()?;
    let errors: Vec<&str> = all["ServerErrors"].as_array().into_iter().flatten().filter_map(|error| error.as_str()).collect();
    if !errors.is_empty() {
        return Some(Asked::Failed { said: errors.join("\n") });
    }
    let version = all["ServerVersion"].as_str().filter(|version| !version.is_empty())?;
    let options = all["SecurityOptions"].as_array().cloned().unwrap_or_default();
    Some(Asked::Answered {
        version: version.to_owned(),
        answer_ms,
        system: all["OperatingSystem"].as_str().unwrap_or_default().to_owned(),
        kernel: all["KernelVersion"].as_str().filter(|kernel| !kernel.is_empty()).map(str::to_owned),
        root: all["DockerRootDir"].as_str().unwrap_or_default().to_owned(),
        cgroup: all["CgroupVersion"].as_str().and_then(|version| version.parse().ok()),
        rootless: options.iter().any(|option| option.as_str().is_some_and(|option| option.contains("rootless"))),
        memory: all["MemTotal"].as_u64(),
    })
}

/// `(major, minor)` of `v1.36.1`, `28.1.1`, `1.14.2-rc.0`.
pub(crate) fn version(text: &str) -> Option<(u64, u64)> {
    let mut numbers = text.trim().trim_start_matches('v').split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// The version in `kind v0.32.0 go1.26 linux/amd64`.
pub(crate) fn kind_version(text: &str) -> Option<String> {
    text.split_whitespace().nth(1).filter(|word| word.starts_with('v')).map(str::to_owned)
}

/// The version in `kubectl version --client -o json`.
pub(crate) fn kubectl_version(text: &str) -> Option<String> {
    let all: serde_json::Value = serde_json::from_str(text).ok()?;
    Some(all["clientVersion"]["gitVersion"].as_str()?.to_owned())
}

/// The version alone on its line; `helm version --short` adds `+g…`.
pub(crate) fn short_version(text: &str) -> Option<String> {
    let word = text.lines().next()?.trim().split('+').next()?;
    word.starts_with('v').then(|| word.to_owned())
}

/// The version in `git version 2.39.5 (Apple Git-154)`.
pub(crate) fn git_version(text: &str) -> Option<String> {
    text.trim().strip_prefix("git version ")?.split_whitespace().next().map(str::to_owned)
}

/// One number of `/proc/meminfo`, in bytes.
pub(crate) fn meminfo(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kib| kib * 1024)
}

/// `PRETTY_NAME` of `/etc/os-release`.
pub(crate) fn os_release(text: &str) -> Option<String> {
    text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME=")).map(|name| name.trim_matches(['"', '\'']).to_owned())
}

/// Those of the wanted modules in neither list; the built-in list names files.
pub(crate) fn missing_modules(wanted: &[&[&str]], loaded: &str, built_in: &str) -> Vec<String> {
    let is_there =
        |name: &&str| loaded.lines().any(|line| line.split(' ').next() == Some(name)) || built_in.lines().any(|line| line.ends_with(&format!("/{name}.ko")));
    wanted.iter().filter(|names| !names.iter().any(&is_there)).map(|names| names.join(" or ")).collect()
}

#[cfg(test)]
mod tests;
