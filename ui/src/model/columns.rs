//! Which columns does the reader of a table leave out?

use api::{settings::Choices, tables::Kind};

/// The name of a kind in the settings file.
fn key(kind: Kind) -> &'static str {
    match kind {
        Kind::Pods => "pods",
        Kind::Nodes => "nodes",
        Kind::Namespaces => "namespaces",
    }
}

/// Those of the optional columns that are left out; what else the file names is no column that can be.
pub fn hidden(choices: &Choices, kind: Kind, optional: &[&'static str]) -> Vec<&'static str> {
    let named = choices.hidden_columns.get(key(kind)).map_or(&[][..], Vec::as_slice);
    optional.iter().filter(|head| named.iter().any(|name| name.eq_ignore_ascii_case(head))).copied().collect()
}

/// The choices with one column left out that was shown, or shown that was left out.
pub fn turned(choices: &Choices, kind: Kind, head: &str) -> Choices {
    let mut choices = choices.clone();
    let heads = choices.hidden_columns.entry(key(kind).to_owned()).or_default();
    let before = heads.len();
    heads.retain(|name| !name.eq_ignore_ascii_case(head));
    if heads.len() == before {
        heads.push(head.to_owned());
    }
    if heads.is_empty() {
        choices.hidden_columns.remove(key(kind));
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONAL: [&str; 3] = ["Ready", "IP", "Age"];

    #[test]
    fn a_column_is_left_out_for_its_kind_and_shown_again() {
        let choices = turned(&Choices::default(), Kind::Pods, "IP");
        assert_eq!(hidden(&choices, Kind::Pods, &OPTIONAL), ["IP"]);
        assert_eq!(hidden(&choices, Kind::Nodes, &OPTIONAL), Vec::<&str>::new());
        assert_eq!(turned(&choices, Kind::Pods, "IP"), Choices::default());
    }

    #[test]
    fn a_column_named_by_hand_is_found_and_one_that_must_stay_is_not() {
        let mut choices = Choices::default();
        choices.hidden_columns.insert("pods".into(), vec!["ip".into(), "Name".into(), "no such column".into()]);
        assert_eq!(hidden(&choices, Kind::Pods, &OPTIONAL), ["IP"]);
        // What means nothing stays in the file as it was written.
        assert_eq!(turned(&choices, Kind::Pods, "IP").hidden_columns["pods"], ["Name", "no such column"]);
    }
}
