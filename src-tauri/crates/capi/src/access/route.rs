//! Which address is used: the one that the management cluster names, or a port of this machine?

/// How a real request to an address ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Its version, empty when it keeps that to itself.
    Version(String),
    /// The server is the right one by its authority, but its certificate does not hold the name that was asked for.
    WrongName { valid_for: Vec<String> },
    /// Anything else.
    Nothing,
}

/// What is done next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// The address that the management cluster names.
    Direct,
    /// The port that Docker publishes on this machine.
    Published,
    /// The same port, once more, with this name checked in place of the address.
    PublishedAs(String),
    Neither,
}

/// Chooses between the two ways. The named address wins where it answers: it lasts, while a published port is another one
/// after each start of the load balancer.
pub fn choose(endpoint_host: &str, direct: &Answer, published: Option<&Answer>) -> Choice {
    match (direct, published) {
        (Answer::Version(_), _) => Choice::Direct,
        (_, Some(Answer::Version(_))) => Choice::Published,
        (_, Some(Answer::WrongName { valid_for })) => name_of(endpoint_host, valid_for).map_or(Choice::Neither, Choice::PublishedAs),
        (_, Some(Answer::Nothing) | None) => Choice::Neither,
    }
}

/// A name that the certificate holds: the address that it was made for, else a plain host name. A pattern cannot be asked for.
fn name_of(endpoint_host: &str, valid_for: &[String]) -> Option<String> {
    let plain: Vec<String> = valid_for.iter().map(|text| bare(text)).filter(|name| is_name(name)).collect();
    plain.iter().find(|name| *name == endpoint_host).or_else(|| plain.iter().find(|name| *name == "localhost")).or_else(|| plain.first()).cloned()
}

/// As TLS libraries write it: `DnsName("localhost")`, `IpAddress(127.0.0.1)`.
fn bare(text: &str) -> String {
    let inner = text.split_once('(').map_or(text, |(_, rest)| rest.trim_end_matches(')'));
    inner.trim_matches('"').to_owned()
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || ".-:".contains(c))
}

#[cfg(test)]
mod tests {
    use super::{Answer, Choice, choose};

    #[test]
    fn the_named_address_wins_where_it_answers_and_a_port_stands_in_where_it_does_not() {
        let version = || Answer::Version("v1.36.1".into());
        let wrong = |names: &[&str]| Answer::WrongName { valid_for: names.iter().map(|n| (*n).to_owned()).collect() };
        for (direct, published, choice) in [
            (version(), None, Choice::Direct),
            (version(), Some(version()), Choice::Direct),
            (Answer::Nothing, Some(version()), Choice::Published),
            // Something else has that address in the user's own network.
            (wrong(&["router.lan"]), Some(version()), Choice::Published),
            (Answer::Nothing, Some(wrong(&["DnsName(\"kubernetes\")", "IpAddress(172.18.0.5)"])), Choice::PublishedAs("172.18.0.5".into())),
            (Answer::Nothing, Some(wrong(&["kubernetes", "localhost"])), Choice::PublishedAs("localhost".into())),
            (Answer::Nothing, Some(wrong(&["*.example.org", "kubernetes"])), Choice::PublishedAs("kubernetes".into())),
            (Answer::Nothing, Some(wrong(&["*.example.org"])), Choice::Neither),
            (Answer::Nothing, Some(Answer::Nothing), Choice::Neither),
            (Answer::Nothing, None, Choice::Neither),
            (wrong(&["localhost"]), None, Choice::Neither),
        ] {
            assert_eq!(choose("172.18.0.5", &direct, published.as_ref()), choice, "{direct:?} {published:?}");
        }
    }
}
