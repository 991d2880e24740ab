//! Which commands can have a key of the user's own?

/// What a key does anywhere in the window; keys of a table or a dialog are not among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Command {
    Palette,
    Help,
    Back,
    Filter,
    Apply,
    Problems,
    Fleet,
    Pods,
    Nodes,
    Namespaces,
}

impl Command {
    pub const ALL: [Command; 10] =
        [Self::Palette, Self::Filter, Self::Help, Self::Back, Self::Apply, Self::Fleet, Self::Problems, Self::Pods, Self::Nodes, Self::Namespaces];

    /// Its name in the settings file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Palette => "palette",
            Self::Help => "help",
            Self::Back => "back",
            Self::Filter => "filter",
            Self::Apply => "apply",
            Self::Problems => "problems",
            Self::Fleet => "fleet",
            Self::Pods => "pods",
            Self::Nodes => "nodes",
            Self::Namespaces => "namespaces",
        }
    }

    /// Its key when the user names none.
    pub fn default_key(self) -> &'static str {
        match self {
            Self::Palette => "Ctrl K",
            Self::Help => "?",
            Self::Back => "-",
            Self::Filter => "/",
            Self::Apply => "Ctrl Enter",
            Self::Problems => "Ctrl Z",
            Self::Fleet => "Ctrl 0",
            Self::Pods => "G P",
            Self::Nodes => "G N",
            Self::Namespaces => "G S",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|command| command.name() == name)
    }
}
