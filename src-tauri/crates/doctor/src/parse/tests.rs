use super::{docker_info, git_version, kind_version, kubectl_version, meminfo, missing_modules, os_release, short_version, version};
use crate::Asked;

#[test]
fn docker_info_says_what_it_runs_or_why_it_does_not() {
    let running = r#"{"ServerVersion":"28.1.1","OperatingSystem":"Docker Desktop","KernelVersion":"6.10.14-linuxkit","DockerRootDir":"/var/lib/docker","CgroupVersion":"2","SecurityOptions":["name=seccomp","name=rootless"],"MemTotal":8589934592}"#;
    let expected = Asked::Answered {
        version: "28.1.1".into(),
        answer_ms: 3,
        system: "Docker Desktop".into(),
        kernel: Some("6.10.14-linuxkit".into()),
        root: "/var/lib/docker".into(),
        cgroup: Some(2),
        rootless: true,
        memory: Some(8_589_934_592),
    };
    assert_eq!(docker_info(running, 3), Some(expected));
    let down = r#"{"ServerVersion":"","ServerErrors":["Cannot connect to the Docker daemon at unix:///var/run/docker.sock."]}"#;
    assert_eq!(docker_info(down, 3), Some(Asked::Failed { said: "Cannot connect to the Docker daemon at unix:///var/run/docker.sock.".into() }));
    for text in ["", "{", "{}", "null"] {
        assert_eq!(docker_info(text, 3), None, "{text}");
    }
}

#[test]
fn versions_are_found_in_what_programs_print() {
    assert_eq!(kind_version("kind v0.33.0 go1.26.1 linux/amd64\n").as_deref(), Some("v0.33.0"));
    assert_eq!(kubectl_version(r#"{"clientVersion":{"gitVersion":"v1.36.1"}}"#).as_deref(), Some("v1.36.1"));
    assert_eq!(short_version("v4.3.0+g1234\n").as_deref(), Some("v4.3.0"));
    assert_eq!(short_version("v1.14.2\n").as_deref(), Some("v1.14.2"));
    assert_eq!(git_version("git version 2.39.5 (Apple Git-154)\n").as_deref(), Some("2.39.5"));
    assert_eq!((kind_version("garbage"), kubectl_version("x"), short_version("Error: no"), git_version("git: no")), (None, None, None, None));
    assert_eq!((version("v1.36.1"), version("28.1.1"), version("new")), (Some((1, 36)), Some((28, 1)), None));
}

#[test]
fn the_kernels_files_are_read() {
    assert_eq!(meminfo("MemTotal:       16384 kB\nMemAvailable:    8192 kB\n", "MemAvailable"), Some(8_388_608));
    assert_eq!(os_release("NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 12\"\n").as_deref(), Some("Debian GNU/Linux 12"));
    let wanted: &[&[&str]] = &[&["overlay"], &["br_netfilter"], &["ip_tables", "nf_tables"]];
    assert_eq!(missing_modules(wanted, "nf_tables 1 0 - Live\n", "kernel/fs/overlayfs/overlay.ko\n"), ["br_netfilter"]);
    assert_eq!(missing_modules(wanted, "", ""), ["overlay", "br_netfilter", "ip_tables or nf_tables"]);
}
