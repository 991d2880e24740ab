//! What is wanted of a health check, as far as it is typed?
//!
//! Rules stand in one line: `Node Ready=Unknown 5m, Machine NodeReady=False 300s`.

use api::capi::LaneGroup;
use api::changes::{ClusterChange, ClusterOffers};
use api::health::{HealthCheck, HealthRule, RuleOf, RuleStatus};

/// The fields of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthDraft {
    pub watched: Watched,
    /// `10m`.
    pub start_up: String,
    pub rules: String,
    pub most_ill: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watched {
    ByCheck,
    ByNobody,
}

/// What KOS proposes for a group that nobody watches: what the book of Cluster API begins with, and a limit.
const PROPOSED: (&str, &str, &str) = ("10m", "Node Ready=Unknown 5m, Node Ready=False 5m", "40%");

/// The check of a group as it is.
pub fn now(offers: &ClusterOffers, group: &LaneGroup) -> Option<HealthCheck> {
    match group {
        LaneGroup::ControlPlane => offers.control_plane.as_ref()?.health.clone(),
        LaneGroup::Pool(pool) => super::pools::pool_of(offers, pool)?.health.clone(),
        LaneGroup::Alone => None,
    }
}

impl HealthDraft {
    pub fn of(now: Option<&HealthCheck>) -> Self {
        let (start_up, rules, most_ill) = PROPOSED;
        match now {
            None => Self { watched: Watched::ByNobody, start_up: start_up.to_owned(), rules: rules.to_owned(), most_ill: most_ill.to_owned() },
            Some(check) => Self {
                watched: Watched::ByCheck,
                start_up: span_words(check.start_up_seconds),
                rules: check.rules.iter().map(rule_words).collect::<Vec<_>>().join(", "),
                most_ill: check.most_ill.clone(),
            },
        }
    }

    /// What is wanted, or what is not typed right.
    pub fn check(&self) -> Result<Option<HealthCheck>, String> {
        match self.watched {
            Watched::ByNobody => Ok(None),
            Watched::ByCheck => Ok(Some(HealthCheck {
                start_up_seconds: span(&self.start_up)?,
                rules: self.rules.split(',').map(str::trim).filter(|text| !text.is_empty()).map(rule).collect::<Result<_, _>>()?,
                most_ill: self.most_ill.trim().to_owned(),
            })),
        }
    }

    /// The change to plan; `None` where all of it is so already.
    pub fn change(&self, group: &LaneGroup, now: Option<&HealthCheck>) -> Result<Option<ClusterChange>, String> {
        let check = self.check()?;
        Ok((check.as_ref() != now).then(|| ClusterChange::SetHealthCheck { group: group.clone(), check }))
    }
}

/// `Node Ready=Unknown 5m`.
pub fn rule_words(rule: &HealthRule) -> String {
    format!("{} {}={} {}", rule.of.word(), rule.condition, rule.status.word(), span_words(rule.seconds))
}

fn rule(text: &str) -> Result<HealthRule, String> {
    let wrong = || format!("“{text}” is no rule. Write one like Node Ready=Unknown 5m.");
    let words: Vec<&str> = text.split_whitespace().collect();
    let [of, condition, seconds] = words.as_slice() else { return Err(wrong()) };
    let (condition, status) = condition.split_once('=').ok_or_else(wrong)?;
    let of = RuleOf::read(of).ok_or_else(wrong)?;
    let status = RuleStatus::read(status).ok_or_else(wrong)?;
    Ok(HealthRule { of, condition: condition.to_owned(), status, seconds: span(seconds)? })
}

/// `300s`, `5m`, `1h`; a bare number counts seconds.
fn span(text: &str) -> Result<u32, String> {
    let text = text.trim();
    let wrong = || format!("“{text}” is no time. Write one like 300s, 5m or 1h.");
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let each: u32 = match &text[digits.len()..] {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3_600,
        _ => return Err(wrong()),
    };
    digits.trim_end().parse::<u32>().ok().and_then(|n| n.checked_mul(each)).ok_or_else(wrong)
}

fn span_words(seconds: u32) -> String {
    match seconds {
        0 => "0s".to_owned(),
        hours if hours.is_multiple_of(3_600) => format!("{}h", hours / 3_600),
        minutes if minutes.is_multiple_of(60) => format!("{}m", minutes / 60),
        seconds => format!("{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check() -> HealthCheck {
        let rule = |of, condition: &str, seconds| HealthRule { of, condition: condition.into(), status: RuleStatus::Unknown, seconds };
        HealthCheck { start_up_seconds: 600, rules: vec![rule(RuleOf::Node, "Ready", 300), rule(RuleOf::Machine, "NodeReady", 45)], most_ill: "2".into() }
    }

    #[test]
    fn a_check_reads_back_as_it_was_written() {
        let draft = HealthDraft::of(Some(&check()));
        assert_eq!((draft.start_up.as_str(), draft.rules.as_str()), ("10m", "Node Ready=Unknown 5m, Machine NodeReady=Unknown 45s"));
        assert_eq!(draft.check(), Ok(Some(check())));
        assert_eq!(draft.change(&LaneGroup::ControlPlane, Some(&check())), Ok(None), "nothing was changed");
        let off = HealthDraft { watched: Watched::ByNobody, ..draft };
        let change = off.change(&LaneGroup::ControlPlane, Some(&check())).unwrap();
        assert_eq!(change, Some(ClusterChange::SetHealthCheck { group: LaneGroup::ControlPlane, check: None }));
    }

    #[test]
    fn a_group_that_nobody_watches_gets_a_proposal_that_can_be_planned() {
        let draft = HealthDraft::of(None);
        assert_eq!(draft.change(&LaneGroup::ControlPlane, None), Ok(None), "nothing is asked for before somebody wants a check");
        let proposed = HealthDraft { watched: Watched::ByCheck, ..draft }.check().unwrap().unwrap();
        assert_eq!((proposed.start_up_seconds, proposed.rules.len(), proposed.most_ill.as_str()), (600, 2, "40%"));
    }

    #[test]
    fn what_is_not_typed_right_is_quoted() {
        let wrong = |start_up: &str, rules: &str| {
            HealthDraft { watched: Watched::ByCheck, start_up: start_up.into(), rules: rules.into(), most_ill: String::new() }.check().unwrap_err()
        };
        for text in ["", "soon", "5 days", "-1", "99999999999", "1.5h"] {
            assert!(wrong(text, "").ends_with("is no time. Write one like 300s, 5m or 1h."), "{text}");
        }
        for text in ["Ready", "Pod Ready=True 5m", "Node Ready 5m", "Node Ready=Perhaps 5m", "Node Ready=True", "Node  Ready = True 5m"] {
            assert!(wrong("5m", text).contains("is no rule."), "{text}");
        }
    }
}
