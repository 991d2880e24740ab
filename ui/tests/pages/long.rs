//! Is a name that does not fit still told whole?

use std::rc::Rc;

use api::{
    contexts::ContextRow,
    files::FileRow,
    jobs::{JobRow, Words},
    local::LocalRow,
};
use ui::{
    model::fleet,
    pages::{
        fleet::view::{Counts, FleetView, FleetViewProps},
        jobs::{JobsSheet, JobsSheetProps},
    },
    shell::switcher::{Switcher, SwitcherProps},
};
use yew::Callback;

use super::{
    fleet::{CLOCK, props},
    render, sample, work_sample,
};

const NAME: &str = "team-payments-production-eu-central-1-blue-cluster-0123456789ab";

/// A path of 200 letters and more.
fn path() -> String {
    format!("~/{}/config.yaml", [NAME; 3].join("/"))
}

fn contexts() -> Vec<Rc<ContextRow>> {
    let of_file = |row: &Rc<ContextRow>| ContextRow { name: NAME.into(), file: path().as_str().into(), ..(**row).clone() };
    sample::contexts().iter().take(1).map(|row| Rc::new(of_file(row))).collect()
}

fn long_fleet() -> FleetViewProps {
    let contexts = contexts();
    let files: Vec<Rc<FileRow>> = sample::files()
        .iter()
        .take(1)
        .map(|file| Rc::new(FileRow { id: path().as_str().into(), shown: path(), current_context: NAME.into(), ..(**file).clone() }))
        .collect();
    let local: Vec<Rc<LocalRow>> = sample::local().iter().take(1).map(|row| Rc::new(LocalRow { name: NAME.into(), ..(**row).clone() })).collect();
    FleetViewProps {
        locals: fleet::locals(&local, &contexts, CLOCK),
        groups: fleet::groups(&files, &contexts, "", CLOCK),
        counts: Counts { local: 1, contexts: 1, files: 1 },
        ..props("")
    }
}

#[tokio::test]
async fn the_fleet_tells_long_names_and_paths_whole() {
    assert_eq!((NAME.len(), path().len() > 200), (63, true));
    let text = render::<FleetView>(long_fleet).await;
    for title in [format!("title=\"{NAME}\""), format!("title=\"{}\"", path()), format!("title=\"{NAME}\n")] {
        assert!(text.contains(&title), "{title} in {text}");
    }
}

#[tokio::test]
async fn the_list_of_jobs_tells_long_names_whole() {
    let text = render::<JobsSheet>(|| {
        let named = |row: &Rc<JobRow>| Rc::new(JobRow { title: Words::said("Create management cluster ").mono(NAME), ..(**row).clone() });
        let jobs = work_sample::jobs();
        JobsSheetProps { jobs: jobs.jobs.iter().map(named).collect(), ..jobs }
    });
    assert!(text.await.contains(&format!("title=\"Create management cluster {NAME}\"")));
}

#[tokio::test]
async fn the_list_of_contexts_tells_long_names_whole() {
    let text = render::<Switcher>(|| SwitcherProps {
        contexts: contexts(),
        now: None,
        on_enter: Callback::noop(),
        on_fleet: Callback::noop(),
        on_close: Callback::noop(),
    });
    assert!(text.await.contains(&format!("title=\"{NAME}\"")));
}
