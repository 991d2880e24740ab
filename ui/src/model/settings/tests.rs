use super::*;
use crate::model::samples;

const LINES: [Line; 11] = [
    Line::Proxy,
    Line::CaBundle,
    Line::ExtraPath,
    Line::Kind,
    Line::Clusterctl,
    Line::Kubectl,
    Line::Docker,
    Line::Helm,
    Line::Git,
    Line::ClusterctlConfig,
    Line::NodeImage,
];

#[test]
fn every_line_reads_back_what_was_written() {
    for line in LINES {
        assert_eq!(line.of(&line.set(Choices::default(), " /opt/bin ")), "/opt/bin", "{line:?}");
    }
}

#[test]
fn an_empty_line_is_always_allowed() {
    for line in LINES {
        assert_eq!(line.trouble("  "), None, "{line:?}");
    }
}

#[test]
fn a_proxy_needs_its_scheme() {
    assert!(Line::Proxy.trouble("proxy:3128").is_some());
    assert!(Line::Proxy.trouble("http://").is_some());
    assert_eq!(Line::Proxy.trouble("http://proxy:3128"), None);
}

#[test]
fn folders_are_parted_by_a_colon_and_absolute() {
    let choices = Line::ExtraPath.set(Choices::default(), "/opt/bin: ~/bin :");
    assert_eq!(choices.extra_path, ["/opt/bin", "~/bin"]);
    assert!(Line::ExtraPath.trouble("/opt/bin:bin").is_some());
    assert_eq!(Line::ExtraPath.trouble("/opt/bin:~/bin"), None);
}

#[test]
fn every_section_is_shown_by_its_own_entry() {
    for section in Section::ALL {
        assert_eq!(section.shown().first(), Some(&section));
    }
}

#[test]
fn every_choice_has_its_place() {
    assert_eq!(place(&THEMES, &Theme::Dark), 2);
    assert_eq!(place(&ROW_HEIGHTS, &RowHeight::Compact), 0);
    assert_eq!(place(&MOTIONS, &Motion::Reduced), 2);
}

fn context(order: u32, name: &str, guard: Guard) -> Rc<ContextRow> {
    Rc::new(ContextRow { order, guard, ..samples::context(name) })
}

#[test]
fn rules_stand_before_contexts_that_are_protected_by_themselves() {
    let contexts =
        [context(1, "prod-us", Guard::Protected), context(0, "prod-eu", Guard::Protected), context(2, "gke", Guard::Protected), context(3, "dev", Guard::Open)];
    let choices = with_rule(&Choices::default(), "prod-*");
    let freed = vec!["prod-eu".into(), "prod-us".into()];
    let rule = Protection::Rule { rule: "prod-*".into(), matches: "prod-eu, prod-us".into(), freed };
    assert_eq!(protections(&choices, &contexts), [rule, Protection::One { context: "gke".into(), name: "gke".into() }]);
    assert_eq!(protections(&without_rule(&choices, "prod-*"), &contexts).len(), 3);
}

#[test]
fn a_rule_is_added_once() {
    let choices = with_rule(&Choices::default(), "prod-*");
    assert_eq!((new_rule(&choices, " prod-* "), new_rule(&choices, " "), new_rule(&choices, "x ").as_deref()), (None, None, Some("x")));
    assert_eq!(matches_now("x", &[]), "no context");
}

#[test]
fn a_rule_that_leaves_a_context_open_is_removed_only_after_this_was_asked() {
    let own = Rc::new(ContextRow { own_guard: Guard::Protected, ..(*context(2, "prod-db", Guard::Protected)).clone() });
    let contexts = [context(1, "prod-us", Guard::Protected), context(0, "prod-eu", Guard::Protected), own, context(3, "dev", Guard::Open)];
    for (rules, gone, open, how) in [
        ("prod-*", "prod-*", "prod-eu prod-us", Removal::Asked),
        ("prod-* *-us", "prod-*", "prod-eu", Removal::Asked),
        ("prod-* *", "*", "dev", Removal::Asked),
        ("prod-* *", "prod-*", "", Removal::AtOnce),
        ("prod-db", "prod-db", "", Removal::AtOnce),
        ("stage-*", "stage-*", "", Removal::AtOnce),
        // Written twice by hand: both go.
        ("prod-* prod-*", "prod-*", "prod-eu prod-us", Removal::Asked),
    ] {
        let choices = Choices { protect: rules.split(' ').map(str::to_owned).collect(), ..Choices::default() };
        assert_eq!(freed(&choices, &contexts, gone).join(" "), open, "{gone} of {rules}");
        assert_eq!(removal(&Status::Live, &choices, &contexts, gone), how, "{gone} of {rules}");
    }
}

#[test]
fn while_contexts_are_not_known_a_rule_is_not_removed_at_once() {
    let choices = with_rule(&Choices::default(), "prod-*");
    assert_eq!(removal(&Status::Loading, &choices, &[], "prod-*"), Removal::Asked);
    assert_eq!(removal(&Status::Live, &choices, &[], "prod-*"), Removal::AtOnce);
}

#[test]
fn what_is_lost_with_a_rule_is_counted() {
    for (contexts, said) in [
        (0, "It protects no context that is known now"),
        (1, "1 context loses the red band, and writes to it no longer ask for its name"),
        (12, "12 contexts lose the red band, and writes to them no longer ask for their names"),
    ] {
        assert_eq!(loses(contexts), said);
    }
}
