//! Which pages about work are written: jobs, checks, forms, questions?

use ui::{
    model::{route::Route, settings::Section},
    pages::{
        add_cluster::{AddClusterSheet, kubeconfig::AddKubeconfigSheet},
        crash::CrashSheet,
        create::CreateSheet,
        delete::DeleteSheet,
        doctor::{DoctorSheet, offer::OfferSheet},
        job::JobSheet,
        jobs::JobsSheet,
        make_current::MakeCurrentSheet,
        settings::SettingsSheet,
        states::StatesPage,
        trust::{TokenFileSheet, TrustSheet},
    },
    shell::context_bar::Switched,
};
use yew::prelude::*;

use crate::{sample, screens::framed, work_sample as work};

pub(crate) const ALL: &[&str] = &[
    "create",
    "create-failed",
    "create-form",
    "create-form-broken",
    "crash",
    "jobs",
    "doctor",
    "offer",
    "settings",
    "settings-tools",
    "settings-files",
    "settings-keys",
    "add-cluster",
    "add-kubeconfig",
    "trust",
    "confirm",
    "make-current",
    "states",
];

/// A page with everything around it, `None` when it is not one of these.
pub(crate) fn screen(name: &str) -> Option<Html> {
    let settings = |section| html! { <SettingsSheet ..work::settings(section) /> };
    let (route, page, over) = match name {
        "create" => (Route::Jobs, html! { <JobSheet ..work::running() /> }, Html::default()),
        "create-failed" => (Route::Jobs, html! { <JobSheet ..work::failed() /> }, Html::default()),
        "create-form" => (Route::Create, html! { <CreateSheet ..work::form() /> }, Html::default()),
        "create-form-whole" => (Route::Create, html! { <CreateSheet ..work::whole_form() /> }, Html::default()),
        "create-form-broken" => (Route::Create, html! { <CreateSheet ..work::broken_form() /> }, Html::default()),
        "create-form-edited" => (Route::Create, html! { <CreateSheet ..work::edited_form() /> }, Html::default()),
        "crash" => (Route::Jobs, html! { <CrashSheet ..work::interrupted() /> }, Html::default()),
        "jobs" => (Route::Jobs, html! { <JobsSheet ..work::jobs() /> }, Html::default()),
        "doctor" => (Route::Doctor, html! { <DoctorSheet ..work::doctor() /> }, Html::default()),
        "offer" => (Route::Doctor, html! { <DoctorSheet ..work::doctor() /> }, html! { <OfferSheet ..work::offer() /> }),
        "settings" => (Route::Settings(Section::Appearance), settings(Section::Appearance), Html::default()),
        "settings-tools" => (Route::Settings(Section::Tools), settings(Section::Tools), Html::default()),
        "settings-files" => (Route::Settings(Section::Files), settings(Section::Files), Html::default()),
        "settings-keys" => (Route::Settings(Section::Keyboard), settings(Section::Keyboard), Html::default()),
        "add-cluster" => (Route::AddCluster, html! { <AddClusterSheet ..work::add_cluster() /> }, Html::default()),
        "add-kubeconfig" => (
            Route::AddCluster,
            html! { <AddClusterSheet ..work::add_cluster() /> },
            html! { <AddKubeconfigSheet on={Callback::noop()} on_close={Callback::noop()} /> },
        ),
        "trust" => (Route::Fleet, Html::default(), html! { <TrustSheet ..work::trust() /> }),
        "trust-file" => (Route::Fleet, Html::default(), html! { <TokenFileSheet ..work::token_file() /> }),
        "confirm" => (Route::Fleet, Html::default(), html! { <DeleteSheet ..work::deletion() /> }),
        "make-current" => (Route::Fleet, Html::default(), html! { <MakeCurrentSheet ..work::change() /> }),
        "states" => (Route::States, html! { <StatesPage /> }, Html::default()),
        _ => return None,
    };
    let contexts = sample::contexts();
    let pinned = ui::model::fleet::pinned(&contexts);
    Some(html! { <>{ framed(route, None, pinned, contexts, Switched::Closed, page) }{ over }</> })
}
