//! Does every page about work show every state that its data can have?

use api::{
    Fault, FaultCode, JobId, Status, Timestamp,
    contexts::{Guard, TrustQuestion},
    files::StandingLock,
    jobs::{Amid, JobRow, JobState, JobView, PlanView, StepMark, Tone, UndoIs, Undoing, Words},
    local::{Deletion, LeftNetwork, Leftover, Leftovers, Unsure},
    programs::{Tool, ToolOffer},
    settings::{Choices, SettingsView, TokenHeld},
};
use std::rc::Rc;
use ui::{
    model::{
        fleet::power::{Halt, Question},
        settings::Section,
    },
    pages::{
        add_cluster::AddClusterSheet,
        crash::{CrashSheet, CrashSheetProps},
        create::{CreateSheet, CreateSheetProps},
        delete::{DeleteSheet, DeleteSheetProps},
        doctor::{
            DoctorSheet, DoctorSheetProps,
            network::{NetworkSheet, NetworkSheetProps},
            offer::{OfferSheet, OfferSheetProps},
        },
        export::{ExportSheet, ExportSheetProps},
        job::{JobSheet, JobSheetProps, SaveLogSheet, SaveLogSheetProps},
        jobs::{JobsSheet, JobsSheetProps},
        make_current::{
            MakeCurrentSheet, MakeCurrentSheetProps,
            unlock::{UnlockSheet, UnlockSheetProps},
        },
        settings::{
            SettingsSheet, SettingsSheetProps,
            addresses::{AddressesSheet, AddressesSheetProps},
            removal::{RemoveRuleDialog, RemoveRuleDialogProps},
        },
        states::StatesPage,
        stop::{StopDialog, StopDialogProps},
        trust::{TokenFileSheet, TokenFileSheetProps, TrustSheet, TrustSheetProps},
        unprotect::{UnprotectDialog, UnprotectDialogProps},
    },
    widgets::Ready,
};
use yew::{Callback, Html};

use super::{render, work_sample as work};

#[tokio::test]
async fn a_running_job_shows_its_bar_steps_parts_and_newest_lines() {
    insta::assert_snapshot!(render::<JobSheet>(work::running).await);
}

#[tokio::test]
async fn a_failed_job_shows_what_was_seen_and_what_helps() {
    insta::assert_snapshot!(render::<JobSheet>(work::failed).await);
}

#[tokio::test]
async fn lines_of_the_first_step_stand_below_it() {
    let first = || {
        let mut props = work::running();
        let mut job = (*props.job).clone();
        job.steps.truncate(1);
        job.steps[0].mark = StepMark::Running;
        props.job = Rc::new(job);
        props.lines = work::lines(&props.job, &[(Timestamp(0), 0, Tone::Plain, "the very first line")]);
        props
    };
    let html = render::<JobSheet>(first).await;
    assert!(html.contains("the very first line"), "{html}");
}

#[tokio::test]
async fn a_job_that_undoes_can_not_be_stopped() {
    let undoing = || {
        let props = work::running();
        let mut job = (*props.job).clone();
        job.row.state = JobState::Undoing { now: Undoing::Acts };
        JobSheetProps { job: Rc::new(job), ..props }
    };
    let html = render::<JobSheet>(undoing).await;
    assert!(!html.contains(">Stop<") && !html.contains("Keep what is there"), "{html}");
    assert!(html.contains("What was made is being removed."), "{html}");
}

#[tokio::test]
async fn an_undo_that_waits_says_what_for_and_can_be_left() {
    let waits = || {
        let props = work::running();
        let mut job = (*props.job).clone();
        job.row.state = JobState::Undoing { now: Undoing::Waits };
        job.row.detail = Words::said("Waiting for Docker: what was made is removed as soon as it answers.");
        JobSheetProps { job: Rc::new(job), ..props }
    };
    let html = render::<JobSheet>(waits).await;
    assert!(html.contains("Waiting for Docker") && html.contains("Keep what is there"), "{html}");
    assert!(!html.contains(">Stop<") && !html.contains("is being removed."), "{html}");
}

#[tokio::test]
async fn a_removal_that_failed_can_be_tried_again_or_left() {
    let stuck = || {
        let props = work::failed();
        let mut job = (*props.job).clone();
        job.row.state = JobState::UndoFailed { why: Fault::new(FaultCode::Docker, "The container kos-mgmt-control-plane was not removed.") };
        JobSheetProps { job: Rc::new(job), ..props }
    };
    let html = render::<JobSheet>(stuck).await;
    assert!(html.contains("Remove what was made") && html.contains("Keep what is left"), "{html}");
    assert!(!html.contains("retry step") && !html.contains("Retry step"), "{html}");
}

#[tokio::test]
async fn a_job_with_a_damaged_journal_says_where_and_can_only_be_left() {
    let damaged = || {
        let props = work::failed();
        let mut job = (*props.job).clone();
        let why = Fault::new(FaultCode::Step, "Create kos-mgmt stopped, and its journal is damaged at line 3.");
        let why = why.because("/state/journal.jsonl", "Line 3 is not it.").unharmed("What it made may still be there.");
        job.row.state = JobState::Damaged { why };
        JobSheetProps { job: Rc::new(job), ..props }
    };
    let html = render::<JobSheet>(damaged).await;
    for words in ["its journal is damaged at line 3", "/state/journal.jsonl", "What it made may still be there.", "Leave it as it is"] {
        assert!(html.contains(words), "{words}: {html}");
    }
    assert!(!html.contains("Remove what was made") && !html.contains("retry step") && !html.contains("Retry step"), "{html}");
}

#[tokio::test]
async fn a_move_that_failed_offers_to_resume_its_source_and_removes_nothing() {
    let failed = || {
        let props = work::failed();
        let undo = UndoIs::Resumption { at: "kind-kos-mgmt".into() };
        JobSheetProps { job: Rc::new(JobView { undo, ..(*props.job).clone() }), ..props }
    };
    let html = render::<JobSheet>(failed).await;
    assert!(html.contains("Resume the source…") && html.contains("Its logs are kept."), "{html}");
    assert!(!html.contains("Remove what was made") && !html.contains("What was made"), "{html}");
}

#[tokio::test]
async fn a_move_that_its_source_cannot_take_back_can_be_retried_to_its_end() {
    let stuck = || {
        let props = work::failed();
        let mut job = JobView { undo: UndoIs::Resumption { at: "kind-kos-mgmt".into() }, ..(*props.job).clone() };
        job.row.state = JobState::UndoFailed { why: Fault::new(FaultCode::Step, "Part of lab-a is gone already; Retry goes on to kind-two.") };
        JobSheetProps { job: Rc::new(job), ..props }
    };
    let html = render::<JobSheet>(stuck).await;
    for words in ["Retry step 3", "Resume the source…", "Keep what is left"] {
        assert!(html.contains(words), "{words}: {html}");
    }
}

#[tokio::test]
async fn a_log_is_saved_under_the_name_of_its_job_and_a_refusal_stands_beside_it() {
    let sheet = || SaveLogSheetProps {
        job: JobId::from("000000000000007"),
        file: "~/.local/state/kos/jobs/000000000000007/output.log".into(),
        busy: Ready::Yes,
        on_save: Callback::noop(),
        on_close: Callback::noop(),
        children: yew::html! { <p>{ "The log was not saved." }</p> },
    };
    let html = render::<SaveLogSheet>(sheet).await;
    assert!(html.contains("~/kos-job-000000000000007.log") && html.contains("The log was not saved."), "{html}");
}

#[tokio::test]
async fn an_interrupted_job_shows_what_is_there_and_three_ways_on() {
    insta::assert_snapshot!(render::<CrashSheet>(work::interrupted).await);
}

#[tokio::test]
async fn an_undo_that_was_cut_off_goes_on_or_is_left_and_is_not_called_the_job() {
    let cut = || {
        let props = work::interrupted();
        let state = JobState::Interrupted { step: 3, amid: Amid::Undo };
        CrashSheetProps { job: Rc::new(JobView { row: JobRow { state, ..props.job.row.clone() }, ..(*props.job).clone() }), ..props }
    };
    let html = render::<CrashSheet>(cut).await;
    assert!(html.contains("Go on with the undo") && html.contains("Leave it"), "{html}");
    assert!(!html.contains("Continue at step") && !html.contains("Undo lab-c…"), "{html}");
}

#[tokio::test]
async fn jobs_are_listed_by_what_they_need() {
    insta::assert_snapshot!(render::<JobsSheet>(work::jobs).await);
}

#[tokio::test]
async fn no_job_and_no_answer_yet_look_different() {
    let of = |status| move || JobsSheetProps { jobs: vec![], needs: vec![], status, ..work::jobs() };
    let none = render::<JobsSheet>(of(Status::Live)).await;
    assert!(none.contains("No job has run yet") && none.contains("Create local management cluster"), "an empty list names the next step: {none}");
    assert!(render::<JobsSheet>(of(Status::Loading)).await.contains("aria-busy"));
}

#[tokio::test]
async fn the_doctor_unfolds_what_failed_and_offers_what_is_missing() {
    insta::assert_snapshot!(render::<DoctorSheet>(work::doctor).await);
}

#[tokio::test]
async fn a_network_without_a_cluster_is_named_with_its_addresses_and_the_command_is_shown_before_it_goes() {
    let network = LeftNetwork {
        name: "kind".into(),
        ranges: vec!["172.18.0.0/16".into(), "fc00::/64".into()],
        why: "No container is on it.".into(),
        command: "docker network rm kind".into(),
    };
    let left_over = Leftovers { networks: vec![network.clone()], ..Leftovers::default() };
    let html = render::<DoctorSheet>(move || DoctorSheetProps { left_over, ..work::doctor() }).await;
    assert!(html.contains(": a network of Docker, 172.18.0.0/16 and fc00::/64.") && html.contains("Remove it…"), "{html}");
    assert!(!html.contains("docker network rm"), "{html}");
    let sheet = move || yew::props!(NetworkSheetProps { network, busy: Ready::Yes, on_remove: Callback::noop(), on_close: Callback::noop() });
    let dialog = render::<NetworkSheet>(sheet).await;
    assert!(dialog.contains("Remove the network kind?") && dialog.contains("docker network rm kind"), "{dialog}");
}

#[tokio::test]
async fn what_is_left_of_a_cluster_is_named_and_its_removal_is_asked_about() {
    let leftover = Leftover {
        name: "old-lab".into(),
        containers: vec!["old-lab-lb".into(), "old-lab-md-0-x7k2p".into()],
        volumes: 1,
        created: None,
        bytes: Some(1_250_000_000),
        why: "kos-mgmt holds no cluster of this name.".into(),
    };
    let left_over = Leftovers { sure: vec![leftover], unsure: vec![Unsure { name: "w2".into(), why: "far was not asked.".into() }], networks: vec![] };
    let html = render::<DoctorSheet>(move || DoctorSheetProps { left_over, ..work::doctor() }).await;
    assert!(html.contains(": 2 containers, 1 volume, 1.3 GB.") && html.contains("holds no cluster of this name"), "{html}");
    assert!(html.contains("w2") && html.matches("Review and remove…").count() == 1, "only what is sure is offered: {html}");
    assert!(!render::<DoctorSheet>(work::doctor).await.contains("Left over"));
}

#[tokio::test]
async fn a_doctor_without_checks_waits() {
    let html = render::<DoctorSheet>(|| DoctorSheetProps { checks: vec![], computer: None, ..work::doctor() }).await;
    assert!(html.contains("Nothing is checked yet."), "{html}");
}

#[tokio::test]
async fn an_offer_names_address_size_digest_and_target() {
    insta::assert_snapshot!(render::<OfferSheet>(work::offer).await);
}

#[tokio::test]
async fn a_size_that_nobody_was_asked_for_is_said_to_come_with_the_download() {
    let unknown = || OfferSheetProps { offer: work::offer().offer.map(|offer| ToolOffer { size: None, ..offer }), ..work::offer() };
    let shown = render::<OfferSheet>(unknown).await;
    assert!(shown.contains("shown once the download begins, where the server tells it"), "{shown}");
}

#[tokio::test]
async fn the_form_shows_the_plan_with_its_commands() {
    insta::assert_snapshot!(render::<CreateSheet>(work::form).await);
}

#[tokio::test]
async fn a_form_with_mistakes_says_them_at_their_fields_and_cannot_start() {
    insta::assert_snapshot!(render::<CreateSheet>(work::broken_form).await);
}

#[tokio::test]
async fn a_plan_says_in_which_docker_it_would_be_made() {
    let elsewhere = || {
        let form = work::form();
        let plan = form.plan.as_deref().cloned().map(|plan| Rc::new(PlanView { docker: "ssh://jo@elsewhere".into(), ..plan }));
        CreateSheetProps { plan, ..form }
    };
    let html = render::<CreateSheet>(elsewhere).await;
    assert!(html.contains("In the Docker at ") && html.contains("ssh://jo@elsewhere"), "{html}");
}

#[tokio::test]
async fn a_workload_cluster_in_the_same_job_has_its_fields_and_its_objects_are_shown() {
    let html = render::<CreateSheet>(work::whole_form).await;
    for words in ["and a workload cluster on it", "There is a cluster named lab-a", "kind: ClusterClass", "1 thing stands in the way."] {
        assert!(html.contains(words), "{words}: {html}");
    }
    insta::assert_snapshot!(html);
}

#[tokio::test]
async fn what_stands_in_the_way_of_a_new_cluster_can_be_looked_at_again() {
    let refused = || CreateSheetProps { fault: Some(Fault::new(FaultCode::Changed, "The plan is another one now.")), ..work::form() };
    let sheets: [(fn() -> CreateSheetProps, usize); 4] = [(work::form, 0), (work::whole_form, 1), (refused, 1), (work::broken_form, 0)];
    for (sheet, times) in sheets {
        let html = render::<CreateSheet>(sheet).await;
        assert_eq!(html.matches("Look again").count(), times, "{html}");
    }
}

#[tokio::test]
async fn an_edited_configuration_names_the_line_that_the_form_cannot_take() {
    let html = render::<CreateSheet>(work::edited_form).await;
    assert!(html.contains("Line 4: The form has no place for") && html.contains("labels: {}"), "{html}");
    insta::assert_snapshot!(html);
}

#[tokio::test]
async fn ways_that_come_later_have_no_button() {
    let html = render::<AddClusterSheet>(work::add_cluster).await;
    assert_eq!(html.matches("later").count(), 9, "{html}");
    insta::assert_snapshot!(html);
}

#[tokio::test]
async fn a_program_and_its_arguments_stand_in_boxes_of_their_own() {
    insta::assert_snapshot!(render::<TrustSheet>(work::trust).await);
}

#[tokio::test]
async fn why_kos_asks_stands_above_a_program_that_is_given_more_than_is_in_view() {
    let long = || {
        let mut props = work::trust();
        props.question = props.question.map(|question| TrustQuestion { args: vec!["x".to_owned(); 4_000], ..question });
        props
    };
    let html = render::<TrustSheet>(long).await;
    let at = |words: &str| html.find(words).unwrap_or_else(|| panic!("{words} in {html}"));
    assert!(at("Others can replace the program") < at("Program and arguments"));
}

#[tokio::test]
async fn an_unknown_program_can_only_be_left_alone() {
    let html = render::<TrustSheet>(|| TrustSheetProps { question: None, ..work::trust() }).await;
    assert!(!html.contains("Run once"), "{html}");
}

#[tokio::test]
async fn an_answer_on_its_way_is_not_given_twice() {
    let html = render::<TrustSheet>(|| TrustSheetProps { busy: Ready::Busy, ..work::trust() }).await;
    assert_eq!(html.matches("aria-busy=\"true\"").count(), 3, "never, once and always: {html}");
}

#[tokio::test]
async fn a_file_that_would_be_sent_stands_with_where_it_goes() {
    insta::assert_snapshot!(render::<TokenFileSheet>(work::token_file).await);
    let html = render::<TokenFileSheet>(|| TokenFileSheetProps { busy: Ready::Busy, ..work::token_file() }).await;
    assert_eq!(html.matches("aria-busy=\"true\"").count(), 3, "never, once and always: {html}");
}

#[tokio::test]
async fn a_deletion_names_workload_clusters_first_and_waits_for_the_name() {
    let html = render::<DeleteSheet>(work::deletion).await;
    assert!(html.find("lab-a, lab-b") < html.find("kos-mgmt-control-plane"), "{html}");
    insta::assert_snapshot!(html);
}

#[tokio::test]
async fn an_export_of_logs_asks_for_a_folder_and_shows_its_command() {
    let props =
        || ExportSheetProps { name: "kos-mgmt".into(), busy: Ready::Yes, on_export: Callback::noop(), on_close: Callback::noop(), children: Html::default() };
    let html = render::<ExportSheet>(props).await;
    assert!(html.contains("kind export logs --name kos-mgmt ~/kos-logs/kos-mgmt"), "{html}");
}

#[tokio::test]
async fn stopping_several_control_planes_names_the_known_issue_of_kind_first() {
    let question = Question { name: "kos-ha".into(), halt: Halt::Stop, planes: Some(3), guard: None };
    let html = render::<StopDialog>(move || StopDialogProps { question, on_act: Callback::noop(), on_close: Callback::noop() }).await;
    assert!(html.contains("kos-ha has 3 control plane nodes.") && html.contains("kind issue 1689"), "{html}");
    assert!(html.find("Keep it running") < html.find(">Stop kos-ha<"), "the first focus is the safe button: {html}");
}

#[tokio::test]
async fn a_cluster_of_a_protected_context_is_paused_only_after_its_name_was_typed() {
    let question = Question { name: "shop".into(), halt: Halt::Pause, planes: None, guard: Some("kind-shop".into()) };
    let html = render::<StopDialog>(move || StopDialogProps { question, on_act: Callback::noop(), on_close: Callback::noop() }).await;
    assert!(html.contains("Pause the cluster shop?") && html.contains("Type kind-shop to go on"), "{html}");
    assert!(html.contains("disabled") && !html.contains("kind issue 1689"), "{html}");
}

#[tokio::test]
async fn a_deletion_asks_for_what_its_plan_says() {
    let protected = || {
        let props = work::deletion();
        DeleteSheetProps { deletion: props.deletion.map(|plan| Deletion { typed: "kind-kos-mgmt".into(), ..plan }), ..work::deletion() }
    };
    assert!(render::<DeleteSheet>(protected).await.contains("Type kind-kos-mgmt to delete it"));
}

#[tokio::test]
async fn a_deletion_that_is_not_planned_cannot_be_started() {
    let html = render::<DeleteSheet>(|| DeleteSheetProps { deletion: None, ..work::deletion() }).await;
    assert!(html.contains("disabled"), "{html}");
}

#[tokio::test]
async fn a_change_of_a_file_is_shown_side_by_side() {
    insta::assert_snapshot!(render::<MakeCurrentSheet>(work::change).await);
}

#[tokio::test]
async fn a_change_that_its_file_cannot_take_can_be_saved_elsewhere() {
    let refused = |code| MakeCurrentSheetProps { fault: Some(Fault::new(code, "~/.kube/config was not changed.")), ..work::change() };
    for (code, offered) in [(FaultCode::Write, true), (FaultCode::Changed, false)] {
        let html = render::<MakeCurrentSheet>(move || refused(code)).await;
        assert_eq!(html.contains("Save elsewhere") && html.contains("Save a copy"), offered, "{html}");
    }
    assert!(!render::<MakeCurrentSheet>(work::change).await.contains("Save elsewhere"));
    let there = "~/kubeconfig.yaml is there already.";
    let twice = move || MakeCurrentSheetProps { refused: Some(Fault::new(FaultCode::Invalid, there)), ..refused(FaultCode::Write) };
    assert!(render::<MakeCurrentSheet>(twice).await.contains(there));
}

#[tokio::test]
async fn a_protected_context_is_made_current_only_after_its_name_was_typed() {
    let protected = || MakeCurrentSheetProps { guard: Guard::Protected, ..work::change() };
    let html = render::<MakeCurrentSheet>(protected).await;
    assert!(html.contains("Type dev-eu to go on") && html.contains("disabled"), "{html}");
    assert!(!render::<MakeCurrentSheet>(work::change).await.contains("Type dev-eu"));
}

#[tokio::test]
async fn the_protection_of_a_context_is_taken_off_only_after_its_name_was_typed() {
    let html = render::<UnprotectDialog>(|| UnprotectDialogProps { name: "prod".into(), on_act: Callback::noop(), on_close: Callback::noop() }).await;
    assert!(html.contains("No longer protect prod?") && html.contains("Type prod to go on") && html.contains("disabled"), "{html}");
    assert!(html.find("Keep it protected") < html.find(">No longer protect prod<"), "the safe button comes first: {html}");
}

#[tokio::test]
async fn a_rule_is_removed_only_after_it_was_typed_below_what_it_protects() {
    let props = |freed: Vec<String>| RemoveRuleDialogProps { rule: "prod-*".into(), freed, on_act: Callback::noop(), on_close: Callback::noop() };
    let html = render::<RemoveRuleDialog>(move || props(vec!["prod-eu-1".into(), "prod-us-1".into()])).await;
    insta::assert_snapshot!(html);
    let html = render::<RemoveRuleDialog>(move || props((0..11).map(|n| format!("prod-{n}")).collect())).await;
    assert!(html.contains("11 contexts lose") && html.contains("prod-7 and 3 more<"), "{html}");
}

#[tokio::test]
async fn the_verb_of_a_rule_says_whether_a_question_follows() {
    for (rule, verb) in [("prod-*", ">Remove…<"), ("stage-*", ">Remove<")] {
        let sheet = move || {
            let props = work::settings(Section::Safety);
            let choices = Choices { protect: vec![rule.into()], ..Choices::default() };
            SettingsSheetProps { view: Rc::new(SettingsView { choices, ..(*props.view).clone() }), ..props }
        };
        let html = render::<SettingsSheet>(sheet).await;
        assert!(html.contains(verb), "{html}");
    }
}

#[tokio::test]
async fn an_old_lock_is_shown_with_its_age_before_it_is_removed() {
    let lock = || StandingLock {
        shown: "~/.kube/config".into(),
        lock: "~/.kube/config.lock".into(),
        age_seconds: 600,
        seen: "s".into(),
        command: "rm /home/jo/.kube/config.lock".into(),
    };
    let props = |lock| UnlockSheetProps { lock, fault: None, on_remove: Callback::noop(), on_close: Callback::noop(), on_fix: Callback::noop() };
    let html = render::<UnlockSheet>(move || props(Some(lock()))).await;
    assert!(html.contains("~/.kube/config.lock") && html.contains("10 min") && html.contains("rm /home/jo/.kube/config.lock"), "{html}");
    assert!(html.find("Leave it") < html.find("Remove the lock<"), "the safe button comes first: {html}");
    assert!(render::<UnlockSheet>(move || props(None)).await.contains("disabled"), "what is not shown is not removed");
}

#[tokio::test]
async fn every_section_of_the_settings_says_something() {
    for section in Section::ALL {
        let html = render::<SettingsSheet>(move || work::settings(section)).await;
        insta::assert_snapshot!(format!("settings_{section:?}").to_lowercase(), html);
    }
}

#[tokio::test]
async fn own_keys_stand_in_the_list_and_what_cannot_be_taken_is_told() {
    let html = render::<SettingsSheet>(|| {
        let props = work::settings(Section::Keyboard);
        let keys = [("palette".to_owned(), "Ctrl P".to_owned()), ("help".to_owned(), "Ctrl 0".to_owned())].into();
        let view = SettingsView { choices: Choices { keys, ..props.view.choices.clone() }, ..(*props.view).clone() };
        SettingsSheetProps { view: Rc::new(view), ..props }
    })
    .await;
    assert!(html.contains("help: Ctrl 0 is the key of fleet already. ? stays."), "{html}");
    assert!(html.contains("<kbd>P</kbd>"));
}

#[tokio::test]
async fn a_token_that_is_held_is_told_and_never_shown() {
    let of = |token| {
        move || {
            let props = work::settings(Section::LocalClusters);
            SettingsSheetProps { view: Rc::new(SettingsView { token, ..(*props.view).clone() }), ..props }
        }
    };
    let none = render::<SettingsSheet>(of(TokenHeld::No)).await;
    assert!(none.contains("None is held.") && none.contains("type=\"password\"") && !none.contains(">Forget<"), "{none}");
    let kept = render::<SettingsSheet>(of(TokenHeld::Keyring)).await;
    assert!(kept.contains("One is kept in the keyring.") && kept.contains(">Forget<"), "{kept}");
}

#[tokio::test]
async fn every_address_that_may_be_contacted_is_shown_with_what_leads_to_it() {
    let offer = |tool, name: &str| ToolOffer {
        tool,
        version: "v1".into(),
        address: format!("https://github.com/kubernetes-sigs/{name}/releases/download/v1/{name}-linux-amd64"),
        size: None,
        sha256: String::new(),
        target: String::new(),
        proxy: String::new(),
    };
    let props = move || AddressesSheetProps {
        contexts: super::sample::contexts(),
        choices: Choices::default(),
        offers: vec![offer(Tool::Kind, "kind"), offer(Tool::Clusterctl, "cluster-api")],
        on_close: Callback::noop(),
    };
    insta::assert_snapshot!(render::<AddressesSheet>(props).await);
}

#[tokio::test]
async fn the_gallery_shows_all_six_states() {
    insta::assert_snapshot!(render::<StatesPage>(|| ()).await);
}
