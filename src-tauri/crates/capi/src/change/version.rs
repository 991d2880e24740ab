//! Which version of Kubernetes comes after which?

use std::cmp::Ordering;

/// `v1.36.4`, `v1.37.0-rc.1`, `v1.32.5+rke2r1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    pub major: u32,
    pub minor: u32,
    pub patch: u32,
    /// Empty for a release.
    pub pre: String,
    /// What its builder adds behind a plus; empty for what Kubernetes itself builds.
    pub build: String,
}

impl Version {
    /// Reads it as Cluster API writes it; `None` for anything else.
    pub fn read(text: &str) -> Option<Self> {
        let rest = text.strip_prefix('v')?;
        let (rest, build) = match rest.split_once('+') {
            Some((_, "")) => return None,
            Some(both) => both,
            None => (rest, ""),
        };
        let (numbers, pre) = rest.split_once('-').unwrap_or((rest, ""));
        let mut parts = numbers.split('.').map(|part| part.parse::<u32>().ok().filter(|_| part.bytes().all(|b| b.is_ascii_digit())));
        let (major, minor, patch) = (parts.next()??, parts.next()??, parts.next()??);
        let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
        let sound = parts.next().is_none() && plain(pre) && plain(build);
        sound.then(|| Self { major, minor, patch, pre: pre.to_owned(), build: build.to_owned() })
    }

    /// Who built it, as far as that is told: the letters at the beginning of what stands behind the plus.
    pub fn builder(&self) -> &str {
        self.build.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default()
    }

    /// The same release of Kubernetes, whoever built it.
    pub fn is_release_of(&self, other: &Self) -> bool {
        (self.major, self.minor, self.patch, &self.pre) == (other.major, other.minor, other.patch, &other.pre)
    }

    /// How many minors lie between; another major is further than any minor.
    pub fn minors_after(&self, from: &Self) -> Option<u32> {
        if self.major == from.major { self.minor.checked_sub(from.minor) } else { None }
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "v{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.pre.is_empty() {
            write!(f, "-{}", self.pre)?;
        }
        if self.build.is_empty() { Ok(()) } else { write!(f, "+{}", self.build) }
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = |v: &Self| (v.major, v.minor, v.patch);
        // A release comes after its candidates.
        let release = numbers(self).cmp(&numbers(other)).then_with(|| (self.pre.is_empty(), &self.pre).cmp(&(other.pre.is_empty(), &other.pre)));
        release.then_with(|| (counted(&self.build), &self.build).cmp(&(counted(&other.build), &other.build)))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Words and the numbers behind them: `rke2r10` comes after `rke2r9`.
fn counted(build: &str) -> Vec<(&str, u64)> {
    let is_digit = |c: char| c.is_ascii_digit();
    let mut all = vec![];
    let mut rest = build;
    while !rest.is_empty() {
        let (word, more) = rest.split_at(rest.find(is_digit).unwrap_or(rest.len()));
        let (number, next) = more.split_at(more.find(|c: char| !is_digit(c)).unwrap_or(more.len()));
        all.push((word, number.parse().unwrap_or_default()));
        rest = next;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn versions_are_read_as_cluster_api_writes_them() {
        for good in ["v1.36.4", "v1.37.0-rc.1", "v1.30.2+vmware.1-tkg.2", "v1.32.5-rc.1+rke2r1"] {
            assert_eq!(Version::read(good).map(|version| version.to_string()).as_deref(), Some(good));
        }
        for bad in ["", "1.36.4", "v1.36", "v1.36.4+", "v1.36.4+a b", "v1.36.4.1", "v1.x.4", "v1.36.+4", "v1.36.4-rc 1", "v99999999999.1.1"] {
            assert_eq!(Version::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn builds_of_one_release_come_one_after_the_other_and_tell_their_builder() {
        let mut all = ["v1.32.5+rke2r10", "v1.32.6+rke2r1", "v1.32.5+rke2r9", "v1.32.5", "v1.32.5-rc.1+rke2r1"].map(|text| Version::read(text).unwrap());
        all.sort();
        assert_eq!(all.map(|version| version.to_string()), ["v1.32.5-rc.1+rke2r1", "v1.32.5", "v1.32.5+rke2r9", "v1.32.5+rke2r10", "v1.32.6+rke2r1"]);
        let builder = |text: &str| Version::read(text).unwrap().builder().to_owned();
        assert_eq!(["v1.32.5+k3s1", "v1.32.5+rke2r1", "v1.32.5+vmware.1", "v1.32.5"].map(builder), ["k", "rke", "vmware", ""]);
    }

    #[test]
    fn a_release_comes_after_its_candidates() {
        let mut all = ["v1.36.10", "v1.37.0", "v1.36.9", "v1.37.0-rc.1", "v1.37.0-beta.0"].map(|text| Version::read(text).unwrap());
        all.sort();
        let words = all.iter().map(|v| (v.minor, v.patch, v.pre.as_str())).collect::<Vec<_>>();
        assert_eq!(words, [(36, 9, ""), (36, 10, ""), (37, 0, "beta.0"), (37, 0, "rc.1"), (37, 0, "")]);
    }
}
