//! With whose words does the simulated world speak?

/// Chosen beside a scene: each can be opened in both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tongue {
    /// As real clusters and programs do.
    #[default]
    Plain,
    /// Every text that a cluster, a program, a container or a kubeconfig brings has the words of an attacker.
    Hostile,
}

/// Markup that would act, what ends an attribute or a string, and marks that turn text round or hide in it.
pub(crate) const WORDS: &str = "\"'><img src=x onerror=window.__pwned=1><script>window.__pwned=1</script>\u{202e}\u{200b}\u{ad}\u{61c}\u{2060}\u{1b}[2J";

impl Tongue {
    /// What stands behind each line that is written for people; nothing behind plain ones.
    pub(crate) fn adds(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Hostile => WORDS,
        }
    }
}

/// A text in double quotes, as YAML reads it, without a letter that is not ASCII.
pub(crate) fn quoted(text: &str) -> String {
    let letter = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        ' '..='~' => c.to_string(),
        other => format!("\\u{:04x}", u32::from(other)),
    };
    format!("\"{}\"", text.chars().map(letter).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::{WORDS, quoted};

    #[test]
    fn words_of_an_attacker_stand_in_a_kubeconfig_as_they_are() {
        assert_eq!(serde_yaml::from_str::<String>(&quoted(WORDS)).unwrap(), WORDS);
    }
}
