//! What was a simulated program told on its command line?

/// Words and flags, apart; `--flag value` and `--flag=value` are the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Arguments {
    words: Vec<String>,
    flags: Vec<(String, Option<String>)>,
}

/// Flags that take no value in any of the programs.
const SWITCHES: [&str; 24] = [
    "-a",
    "--all",
    "-q",
    "--quiet",
    "--no-stream",
    "--no-trunc",
    "--retain",
    "-f",
    "--force",
    "-v",
    "--volumes",
    "-A",
    "--all-clusters",
    "--internal",
    "--wait-providers",
    "--client",
    "--short",
    "-s",
    "--size",
    "--dry-run",
    "--describe",
    "--raw",
    "--list-variables",
    "--timestamps",
];

impl Arguments {
    pub(crate) fn new(args: &[String]) -> Self {
        let mut parsed = Self::default();
        let mut rest = args.iter().peekable();
        while let Some(argument) = rest.next() {
            if !argument.starts_with('-') || argument == "-" {
                parsed.words.push(argument.clone());
            } else if let Some((name, value)) = argument.split_once('=') {
                parsed.flags.push((name.into(), Some(value.into())));
            } else if SWITCHES.contains(&argument.as_str()) && !rest.peek().is_some_and(|next| argument == "-v" && next.parse::<u8>().is_ok()) {
                parsed.flags.push((argument.clone(), None));
            } else {
                parsed.flags.push((argument.clone(), rest.next().cloned()));
            }
        }
        parsed
    }

    /// The word at a place, empty when there is none.
    pub(crate) fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", String::as_str)
    }

    pub(crate) fn words_from(&self, at: usize) -> &[String] {
        self.words.get(at..).unwrap_or_default()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.flags.iter().any(|(flag, value)| flag == name || value.as_ref().is_some_and(|value| format!("{flag}={value}") == name))
    }

    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.flags.iter().rev().find(|(flag, _)| flag == name).and_then(|(_, value)| value.as_deref())
    }

    pub(crate) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.flags.iter().filter(move |(flag, _)| flag == name).filter_map(|(_, value)| value.as_deref())
    }

    /// The value under a long or a short name.
    pub(crate) fn either(&self, long: &str, short: &str) -> Option<&str> {
        self.value(long).or_else(|| self.value(short))
    }
}
