//! Which keys of the settings did the user choose?
//!
//! A page that shows twenty keys and changes one sends that one: what it has not seen of the others cannot be undone by it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Choices, Motion, RowHeight, Theme, TokenPlace, Writes};

/// What one key was turned to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn<T> {
    /// What was shown when the user chose: a file that says otherwise by now is not overwritten. Without it, what it last said.
    pub was: Option<T>,
    pub to: T,
}

macro_rules! chosen {
    ($($key:ident: $kind:ty),* $(,)?) => {
        /// A turn for each key that was chosen.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub struct Chosen {
            $(pub $key: Option<Turn<$kind>>,)*
        }

        impl Chosen {
            /// What is other than it was shown.
            pub fn between(was: &Choices, now: &Choices) -> Self {
                Self { $($key: (was.$key != now.$key).then(|| Turn { was: Some(was.$key.clone()), to: now.$key.clone() }),)* }
            }

            /// The choices as they were seen, and as they are wanted, among those that hold now; `kept` is what the file last said.
            pub fn among(&self, now: &Choices, kept: &Choices) -> (Choices, Choices) {
                let (mut was, mut wanted) = (now.clone(), now.clone());
                $(if let Some(turn) = &self.$key {
                    was.$key = turn.was.clone().unwrap_or_else(|| kept.$key.clone());
                    wanted.$key = turn.to.clone();
                })*
                (was, wanted)
            }
        }
    };
}

chosen! {
    theme: Theme,
    rows: RowHeight,
    motion: Motion,
    hidden_columns: BTreeMap<String, Vec<String>>,
    namespaces: BTreeMap<String, String>,
    keys: BTreeMap<String, String>,
    proxy: String,
    ca_bundle: String,
    extra_path: Vec<String>,
    kind_path: String,
    clusterctl_path: String,
    kubectl_path: String,
    docker_path: String,
    helm_path: String,
    git_path: String,
    clusterctl_config: String,
    node_image: String,
    protect: Vec<String>,
    writes: Writes,
    write_wait_seconds: u32,
    release_token: TokenPlace,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_key_that_was_chosen_is_sent() {
        let shown = Choices { proxy: "http://corp:3128".into(), ..Choices::default() };
        let chosen = Chosen::between(&shown, &Choices { theme: Theme::Dark, ..shown.clone() });
        assert_eq!(chosen, Chosen { theme: Some(Turn { was: Some(Theme::System), to: Theme::Dark }), ..Chosen::default() });
        assert_eq!(Chosen::between(&shown, &shown), Chosen::default());
    }

    #[test]
    fn a_key_that_was_not_chosen_is_what_holds_now_whatever_the_page_had_seen() {
        let seen = Choices::default();
        let now = Choices { rows: RowHeight::Roomy, ..Choices::default() };
        let (was, wanted) = Chosen::between(&seen, &Choices { theme: Theme::Dark, ..seen.clone() }).among(&now, &now);
        assert_eq!(was, now);
        assert_eq!(wanted, Choices { theme: Theme::Dark, ..now });
    }

    #[test]
    fn who_does_not_say_what_was_shown_means_what_the_file_last_said() {
        let (kept, now) = (Choices { theme: Theme::Light, ..Choices::default() }, Choices { theme: Theme::Dark, ..Choices::default() });
        let chosen = Chosen { theme: Some(Turn { was: None, to: Theme::System }), ..Chosen::default() };
        assert_eq!(chosen.among(&now, &kept).0.theme, Theme::Light);
    }

    #[test]
    fn every_key_can_be_chosen() {
        let other = Choices {
            theme: Theme::Dark,
            rows: RowHeight::Roomy,
            motion: Motion::Reduced,
            hidden_columns: BTreeMap::from([("pods".into(), vec!["IP".into()])]),
            namespaces: BTreeMap::from([("dev".into(), "shop".into())]),
            keys: BTreeMap::from([("find".into(), "f".into())]),
            proxy: "a".into(),
            ca_bundle: "b".into(),
            extra_path: vec!["c".into()],
            kind_path: "d".into(),
            clusterctl_path: "e".into(),
            kubectl_path: "f".into(),
            docker_path: "g".into(),
            helm_path: "h".into(),
            git_path: "i".into(),
            clusterctl_config: "j".into(),
            node_image: "k".into(),
            protect: vec!["l".into()],
            writes: Writes::Refused,
            write_wait_seconds: 9,
            release_token: TokenPlace::Keyring,
        };
        let chosen = Chosen::between(&Choices::default(), &other);
        assert_eq!(chosen.among(&Choices::default(), &Choices::default()), (Choices::default(), other));
    }
}
