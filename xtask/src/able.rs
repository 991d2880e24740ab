//! What does this machine have already, and what can it not have: why?
//!
//! Facts are read once; everything else is decided from them.

use std::fmt;

use anyhow::{Context, Result};

use crate::lab::Part;
use crate::layers::Need;
use crate::machine::User;
use crate::programs::output;

/// The modules that the lab's programs are built from; each says which Go it wants.
const MODULES: &str = "tests/lab/go";

/// Root is needed to start an engine; a machine that has one of its own needs nothing for that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Answers,
    /// Installed, by whichever package, and not started.
    Silent,
    Absent,
}

impl Engine {
    pub(crate) fn of_this_machine() -> Self {
        if output("docker", &["info", "--format", "{{.ServerVersion}}"]).is_some() {
            Self::Answers
        } else if output("dockerd", &["--version"]).is_some() {
            Self::Silent
        } else {
            Self::Absent
        }
    }
}

/// What the kernel lets this user do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Power {
    Root,
    /// Root of a container that has neither mounts nor networks to give.
    Confined,
    Plain,
}

impl Power {
    /// By the user and by what `/proc/self/status` says.
    fn of(user: User, status: &str) -> Self {
        const NET_AND_SYS_ADMIN: u64 = (1 << 12) | (1 << 21);
        let held = status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("CapEff:")?.trim(), 16).ok()).unwrap_or(0);
        match user {
            User::Plain => Self::Plain,
            User::Root if held & NET_AND_SYS_ADMIN == NET_AND_SYS_ADMIN => Self::Root,
            User::Root => Self::Confined,
        }
    }
}

/// A version of Go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Go(u32, u32, u32);

impl Go {
    /// `1.26.3`, `1.19` and `1.27rc1`.
    fn read(text: &str) -> Option<Self> {
        let number = |part: &str| part[..part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len())].parse::<u32>().ok();
        let mut numbers = text.split('.').map(number);
        Some(Self(numbers.next()??, numbers.next()??, numbers.next().flatten().unwrap_or(0)))
    }

    /// From what `go version` prints.
    fn said(version: &str) -> Option<Self> {
        version.split_whitespace().find_map(|word| Self::read(word.strip_prefix("go")?))
    }

    /// From a `go.mod`.
    fn wanted_by(module: &str) -> Option<Self> {
        module.lines().find_map(|line| Self::read(line.strip_prefix("go ")?))
    }

    /// The newest that a module of the lab wants.
    fn wanted() -> Result<Self> {
        let mut all = vec![];
        for module in std::fs::read_dir(MODULES).context("the lab has modules")? {
            // One folder has a main alone, for a module that is fetched.
            if let Ok(text) = std::fs::read_to_string(module?.path().join("go.mod")) {
                all.extend(Self::wanted_by(&text));
            }
        }
        all.into_iter().max().with_context(|| format!("no module in {MODULES} says which Go it wants"))
    }
}

impl fmt::Display for Go {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// Who renders the chart of cert-manager.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Helm {
    /// By `HELM`.
    Named,
    /// A package that has it for amd64 alone.
    Fetched,
}

/// Which namespaces of its own a test can make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spaces {
    All,
    /// A user without rights.
    UserAlone,
    None,
}

impl Spaces {
    fn of_this_machine() -> Self {
        if output("unshare", &["-Urmn", "true"]).is_some() {
            Self::All
        } else if output("unshare", &["-U", "true"]).is_some() {
            Self::UserAlone
        } else {
            Self::None
        }
    }
}

/// A setting of the kernel that keeps namespaces from programs.
#[derive(Debug, PartialEq, Eq)]
struct Lock {
    name: &'static str,
    closed: &'static str,
    open: &'static str,
}

impl Lock {
    const ALL: [Lock; 3] = [
        Lock { name: "kernel.apparmor_restrict_unprivileged_userns", closed: "1", open: "0" },
        Lock { name: "kernel.unprivileged_userns_clone", closed: "0", open: "1" },
        Lock { name: "user.max_user_namespaces", closed: "0", open: "15000" },
    ];

    /// The first that is closed, by what the kernel says of each.
    fn closed(read: impl Fn(&str) -> Option<String>) -> Option<&'static Self> {
        const ALL: &[Lock] = &Lock::ALL;
        ALL.iter().find(|lock| read(lock.name).is_some_and(|value| value.trim() == lock.closed))
    }
}

/// What decides what this machine can have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts {
    power: Power,
    /// As Rust names it.
    processor: &'static str,
    helm: Helm,
    go: Option<Go>,
    go_wanted: Go,
    engine: Engine,
    spaces: Spaces,
    locked: Option<&'static Lock>,
}

impl Facts {
    pub(crate) fn of_this_machine() -> Result<Self> {
        // The toolchain that is installed: the lab's programs are built by none that Go would fetch.
        let go = output("env", &["GOTOOLCHAIN=local", "go", "version"]).and_then(|said| Go::said(&said));
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        Ok(Self {
            power: Power::of(User::of_this_run(), &status),
            processor: std::env::consts::ARCH,
            helm: if std::env::var_os("HELM").is_some() { Helm::Named } else { Helm::Fetched },
            go,
            go_wanted: Go::wanted()?,
            engine: Engine::of_this_machine(),
            spaces: Spaces::of_this_machine(),
            locked: Lock::closed(|name| std::fs::read_to_string(format!("/proc/sys/{}", name.replace('.', "/"))).ok()),
        })
    }

    /// Why this machine cannot have what tests need, `None` when it can.
    pub(crate) fn why_not(&self, need: Need) -> Option<String> {
        match (need, self.spaces) {
            (Need::Lab(part), _) => self.why_no_part(part),
            (Need::OwnUser, Spaces::All | Spaces::UserAlone) | (Need::OwnWorld, Spaces::All) => None,
            (Need::OwnUser, Spaces::None) | (Need::OwnWorld, Spaces::UserAlone | Spaces::None) => Some(match self.locked {
                Some(lock) => format!("this machine keeps namespaces from programs; `sudo sysctl {}={}` allows them", lock.name, lock.open),
                None => "`unshare -Urmn` does not work on this machine".into(),
            }),
        }
    }

    fn why_no_part(&self, part: Part) -> Option<String> {
        match self.go {
            None => return Some("Go is not installed".into()),
            Some(go) if go < self.go_wanted => return Some(format!("its programs are built with Go {} or newer, and here is {go}", self.go_wanted)),
            Some(_) => {}
        }
        match (part, self.power, self.engine) {
            (Part::Kubernetes | Part::Capi, ..) => None,
            (Part::Docker, ..) if self.processor != "x86_64" && self.helm == Helm::Fetched => {
                Some(format!("its helm is there for amd64 alone, and this machine is {}; the variable HELM can name another", self.processor))
            }
            (Part::Docker, Power::Plain, _) => Some("only root can build the images of its nodes".into()),
            (Part::Docker, Power::Confined, Engine::Silent | Engine::Absent) => {
                Some("no Docker engine answers, and this container has no rights to start one".into())
            }
            (Part::Docker, Power::Confined, Engine::Answers) | (Part::Docker, Power::Root, _) => None,
        }
    }
}

/// The system packages that the recipes of a part call. Of Docker's own packages only where there is no engine: Debian's would
/// take the place of another one.
pub(crate) fn packages(part: Part, engine: Engine) -> Vec<&'static str> {
    const CALLED: [&str; 6] = ["iproute2", "procps", "debootstrap", "debian-archive-keyring", "unzip", "jq"];
    match (part, engine) {
        (Part::Kubernetes | Part::Capi, Engine::Answers | Engine::Silent | Engine::Absent) => vec!["openssl", "curl"],
        (Part::Docker, Engine::Answers) => CALLED.to_vec(),
        (Part::Docker, Engine::Silent) => [CALLED.as_slice(), &["iptables"]].concat(),
        (Part::Docker, Engine::Absent) => [CALLED.as_slice(), &["iptables", "docker.io"]].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_that_is_there_stays_and_what_the_recipes_call_comes_anyway() {
        for (engine, docker, fence) in [(Engine::Answers, false, false), (Engine::Silent, false, true), (Engine::Absent, true, true)] {
            let wanted = packages(Part::Docker, engine);
            assert_eq!((wanted.contains(&"docker.io"), wanted.contains(&"iptables")), (docker, fence), "{engine:?}");
            assert!(["debootstrap", "unzip", "jq"].iter().all(|called| wanted.contains(called)), "{engine:?}: {wanted:?}");
            assert_eq!(packages(Part::Capi, engine), ["openssl", "curl"], "{engine:?}");
        }
    }

    /// A machine that can have everything.
    const ABLE: Facts = Facts {
        power: Power::Root,
        processor: "x86_64",
        helm: Helm::Fetched,
        go: Some(Go(1, 26, 3)),
        go_wanted: Go(1, 26, 3),
        engine: Engine::Absent,
        spaces: Spaces::All,
        locked: None,
    };

    #[test]
    fn what_a_machine_cannot_have_is_said_before_it_is_tried() {
        let rows = [
            (ABLE, None, None),
            (Facts { go: Some(Go(1, 27, 0)), ..ABLE }, None, None),
            (Facts { go: None, ..ABLE }, Some("Go is not installed"), Some("Go is not installed")),
            (Facts { go: Some(Go(1, 22, 2)), ..ABLE }, Some("Go 1.26.3 or newer, and here is 1.22.2"), Some("here is 1.22.2")),
            (Facts { power: Power::Plain, engine: Engine::Answers, ..ABLE }, None, Some("only root")),
            (Facts { power: Power::Plain, ..ABLE }, None, Some("only root")),
            (Facts { power: Power::Confined, ..ABLE }, None, Some("no rights to start one")),
            (Facts { power: Power::Confined, engine: Engine::Silent, ..ABLE }, None, Some("no rights to start one")),
            (Facts { power: Power::Confined, engine: Engine::Answers, ..ABLE }, None, None),
            (Facts { processor: "aarch64", ..ABLE }, None, Some("this machine is aarch64")),
            (Facts { processor: "aarch64", helm: Helm::Named, ..ABLE }, None, None),
        ];
        for (facts, kubernetes, docker) in rows {
            for (part, wanted) in [(Part::Kubernetes, kubernetes), (Part::Capi, kubernetes), (Part::Docker, docker)] {
                let why = facts.why_not(Need::Lab(part));
                assert_eq!(why.is_some(), wanted.is_some(), "{part:?}, {facts:?}: {why:?}");
                assert!(why.unwrap_or_default().contains(wanted.unwrap_or_default()), "{part:?}, {facts:?}");
            }
        }
    }

    #[test]
    fn tests_that_make_namespaces_are_left_out_where_none_are_given_with_the_setting_that_gives_them() {
        let ubuntu = |name: &str| (name == "kernel.apparmor_restrict_unprivileged_userns").then(|| "1\n".to_owned());
        let debian = |name: &str| (name == "kernel.unprivileged_userns_clone").then(|| "1\n".to_owned());
        assert_eq!(Lock::closed(debian), None);
        let locked = Lock::closed(ubuntu);
        let said = "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0";
        for (spaces, locked, user, world) in [
            (Spaces::All, locked, None, None),
            (Spaces::UserAlone, locked, None, Some(said)),
            (Spaces::None, locked, Some(said), Some(said)),
            (Spaces::None, None, Some("unshare -Urmn"), Some("unshare -Urmn")),
        ] {
            let facts = Facts { spaces, locked, ..ABLE };
            for (need, wanted) in [(Need::OwnUser, user), (Need::OwnWorld, world)] {
                let why = facts.why_not(need);
                assert_eq!(why.is_some(), wanted.is_some(), "{need:?}, {facts:?}: {why:?}");
                assert!(why.unwrap_or_default().contains(wanted.unwrap_or_default()), "{need:?}, {facts:?}");
            }
        }
    }

    #[test]
    fn versions_of_go_are_read_and_compared_by_their_numbers() {
        for (said, wanted) in [
            ("go version go1.26.3 linux/amd64", Some(Go(1, 26, 3))),
            ("go version go1.19 linux/arm64", Some(Go(1, 19, 0))),
            ("go version go1.27rc1 linux/amd64", Some(Go(1, 27, 0))),
            ("go version devel go1.28-1a2b3c4 Mon Nov 30 linux/amd64", Some(Go(1, 28, 0))),
            ("command not found", None),
        ] {
            assert_eq!(Go::said(said), wanted, "{said}");
        }
        assert!(Go(1, 9, 7) < Go(1, 26, 0) && Go(1, 26, 0) < Go(1, 26, 3));
        assert_eq!(Go::wanted_by("module kos.dev/lab/x\n\ngo 1.26.3\n\ntool x\n"), Some(Go(1, 26, 3)));
        assert_eq!(Go::wanted_by("module kos.dev/lab/x\n"), None);
    }

    #[test]
    fn root_of_a_container_that_may_neither_mount_nor_make_networks_is_not_taken_for_root() {
        for (user, held, wanted) in [
            (User::Root, "000001ffffffffff", Power::Root),
            // Without the right to raise limits, and as containers get them.
            (User::Root, "000001fffeffffff", Power::Root),
            (User::Root, "00000000a80425fb", Power::Confined),
            (User::Root, "", Power::Confined),
            (User::Plain, "0000000000000000", Power::Plain),
        ] {
            assert_eq!(Power::of(user, &format!("Name:\txtask\nCapEff:\t{held}\nCapBnd:\t000001ffffffffff\n")), wanted, "{user:?} {held}");
        }
    }
}
