//! Which version of Kubernetes comes after which?

use std::cmp::Ordering;

/// `v1.36.4`, `v1.37.0-rc.1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    pub major: u32,
    pub minor: u32,
    pub patch: u32,
    /// Empty for a release.
    pub pre: String,
}

impl Version {
    /// Reads it as Cluster API writes it; `None` for anything else.
    pub fn read(text: &str) -> Option<Self> {
        let rest = text.strip_prefix('v')?;
        // What builders add behind a plus changes no order.
        let rest = rest.split_once('+').map_or(rest, |(version, _)| version);
        let (numbers, pre) = rest.split_once('-').unwrap_or((rest, ""));
        let mut parts = numbers.split('.').map(|part| part.parse::<u32>().ok().filter(|_| part.bytes().all(|b| b.is_ascii_digit())));
        let (major, minor, patch) = (parts.next()??, parts.next()??, parts.next()??);
        let sound = parts.next().is_none() && pre.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
        sound.then(|| Self { major, minor, patch, pre: pre.to_owned() })
    }

    /// How many minors lie between; another major is further than any minor.
    pub fn minors_after(&self, from: &Self) -> Option<u32> {
        if self.major == from.major { self.minor.checked_sub(from.minor) } else { None }
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "v{}.{}.{}", self.major, self.minor, self.patch)?;
        if self.pre.is_empty() { Ok(()) } else { write!(f, "-{}", self.pre) }
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = |v: &Self| (v.major, v.minor, v.patch);
        // A release comes after its candidates.
        numbers(self).cmp(&numbers(other)).then_with(|| (self.pre.is_empty(), &self.pre).cmp(&(other.pre.is_empty(), &other.pre)))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn versions_are_read_as_cluster_api_writes_them() {
        for good in ["v1.36.4", "v1.37.0-rc.1", "v1.30.2+vmware.1"] {
            assert!(Version::read(good).is_some(), "{good}");
        }
        for bad in ["", "1.36.4", "v1.36", "v1.36.4.1", "v1.x.4", "v1.36.+4", "v1.36.4-rc 1", "v99999999999.1.1"] {
            assert_eq!(Version::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_release_comes_after_its_candidates() {
        let mut all = ["v1.36.10", "v1.37.0", "v1.36.9", "v1.37.0-rc.1", "v1.37.0-beta.0"].map(|text| Version::read(text).unwrap());
        all.sort();
        let words = all.iter().map(|v| (v.minor, v.patch, v.pre.as_str())).collect::<Vec<_>>();
        assert_eq!(words, [(36, 9, ""), (36, 10, ""), (37, 0, "beta.0"), (37, 0, "rc.1"), (37, 0, "")]);
    }
}
