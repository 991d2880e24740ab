//! When shall the machines of a group be given up?

use api::{capi::LaneGroup, changes::ClusterAt, health::HealthCheck};
use yew::prelude::*;

use super::{
    Asked, ChangeSheet, Danger,
    draft::{Drafting, edited, idle, unknown, use_draft},
    offers::use_offers,
    use_change,
};
use crate::{
    model::health::{HealthDraft, Watched, now},
    widgets::{Btn, Field, Input, Ready, Segmented},
};

#[derive(Properties, PartialEq)]
pub struct HealthDialogProps {
    pub at: ClusterAt,
    pub group: LaneGroup,
    pub on_close: Callback<()>,
}

/// What is known of the check of a group.
#[derive(Debug, Clone, PartialEq)]
pub enum Known {
    NotYet,
    /// `None`: nobody watches the group.
    Check(Option<HealthCheck>),
}

/// Times, rules and a limit, planned when asked for.
#[component]
pub fn HealthDialog(props: &HealthDialogProps) -> Html {
    let HealthDialogProps { at, group, on_close } = props;
    let (offers, refused) = use_offers(at);
    let known = offers.as_ref().map_or(Known::NotYet, |offers| Known::Check(now(offers, group)));
    let check = if let Known::Check(check) = &known { check.clone() } else { None };
    let drafting = use_draft(HealthDraft::of(check.as_ref()));
    let change = drafting.draft.change(group, check.as_ref());
    let asked = use_change(at, drafting.planned(change.clone().ok().flatten()), on_close.clone());
    let asked = Asked { fault: refused.or(asked.fault), ..asked };
    let Drafting { draft, on_draft, on_show, .. } = drafting;
    let (wrong, differs) = match change {
        Ok(change) => (None, Ready::from(change.is_some())),
        Err(why) => (Some(why), Ready::No),
    };
    html! { <HealthSheet cluster={at.name.clone()} group={group.clone()} {known} {draft} {wrong} {differs} {on_draft} {on_show} {asked} on_close={on_close.clone()} /> }
}

#[derive(Properties, PartialEq)]
pub struct HealthSheetProps {
    pub cluster: String,
    pub group: LaneGroup,
    pub known: Known,
    pub draft: HealthDraft,
    /// What is not typed right.
    pub wrong: Option<String>,
    /// Whether something else is wanted than what is.
    pub differs: Ready,
    pub on_draft: Callback<HealthDraft>,
    pub on_show: Callback<()>,
    pub asked: Asked,
    pub on_close: Callback<()>,
}

/// The check, and what follows from it.
#[component]
pub fn HealthSheet(props: &HealthSheetProps) -> Html {
    let whose = match &props.group {
        LaneGroup::ControlPlane => format!("the control plane of {}", props.cluster),
        LaneGroup::Pool(pool) => pool.clone(),
        LaneGroup::Alone => "machines without an owner".to_owned(),
    };
    let inside = if props.known == Known::NotYet { unknown(&props.asked) } else { fields(props) };
    html! {
        <ChangeSheet verb={format!("Change the health check of {whose}")} keep="Leave it" danger={Danger::No} asked={props.asked.clone()} idle={idle(&props.asked)} on_close={props.on_close.clone()}>
            { inside }
        </ChangeSheet>
    }
}

fn fields(props: &HealthSheetProps) -> Html {
    let draft = &props.draft;
    let with = |edit: fn(&mut HealthDraft, String)| edited(draft, &props.on_draft, edit);
    let on_watched = edited(draft, &props.on_draft, |draft, place: usize| draft.watched = if place == 0 { Watched::ByCheck } else { Watched::ByNobody });
    let show = props.on_show.reform(|_: MouseEvent| ());
    let wrong = props.wrong.as_ref().map(|why| html! { { why } });
    let rules = "Node Ready=Unknown 5m, Machine NodeReady=False 5m";
    html! {
        <div class="form tight">
            <Field label="Watched">
                <Segmented label="Who watches the machines" segments={vec!["by a health check".into(), "by nobody".into()]} chosen={usize::from(draft.watched == Watched::ByNobody)} on_choose={on_watched} />
            </Field>
            if draft.watched == Watched::ByCheck {
                <Field label="To join" help="So long a machine may take to become a Node; 0s for as long as it takes.">
                    <Input class="mono" label="Time to join" style="width:96px" value={draft.start_up.clone()} on_text={with(|draft, text| draft.start_up = text)} />
                </Field>
                <Field label="Ill when" help="With commas between them; each alone is enough.">
                    <Input class="mono" style="width:100%" label="Rules" placeholder={rules} value={draft.rules.clone()} on_text={with(|draft, text| draft.rules = text)} />
                </Field>
                <Field label="At most" help="With more ill machines than this nothing is replaced: a number, a part like 40%, a range like [0-2], or nothing for no limit.">
                    <Input class="mono" label="Most ill machines" style="width:96px" value={draft.most_ill.clone()} on_text={with(|draft, text| draft.most_ill = text)} />
                </Field>
            }
            <Field label="" error={wrong}><Btn ready={props.differs} onclick={show}>{ "Show what follows" }</Btn></Field>
        </div>
    }
}
