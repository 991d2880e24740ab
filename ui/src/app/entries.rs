//! What can be found by typing, here and now?

use api::{computer::Mode, settings::Command};

use super::command::manages;
use crate::{
    model::{
        palette::{Act, Entry, Form, List, Mark, choices::choices, jobs::jobs, kinds, objects::namespace, power::verbs, ways::ways},
        route::{Route, Wish},
        settings::Section,
    },
    shell::world::World,
    widgets::Pic,
    words::fleet::{ADD, CREATE, NEW, connection},
};

/// Commands, the kinds and namespaces of the context, the pages of Cluster API, all contexts, jobs and settings.
pub fn entries(world: &World, route: &Route, mode: Mode) -> Vec<Entry> {
    let mut all = commands(mode);
    all.extend(verbs(&world.local.rows(), &world.contexts.rows()));
    if let Some(context) = route.context() {
        all.extend(kinds(context));
        all.push(Entry {
            list: List::Commands,
            mark: Mark::Icon(Pic::Boxes),
            words: NEW.into(),
            form: Form::Said,
            sub: "by Cluster API of this context".into(),
            key: None,
            act: Act::Go(Route::NewCluster(context.clone())),
        });
        all.extend(wishes(route));
        if let Some(row) = world.contexts.get(&crate::model::fleet::row_id(context)) {
            let names = row.namespaces.iter().chain((!row.namespace.is_empty()).then_some(&row.namespace));
            all.extend(names.map(|name| namespace(&row, name)));
        }
    }
    let mut contexts = world.contexts.rows();
    contexts.sort_by_key(|c| c.order);
    let local = world.local.rows();
    let managers: Vec<_> = contexts.iter().filter(|row| manages(&local, &contexts, &row.id)).cloned().collect();
    all.extend(ways(route.context(), &managers));
    let clock = world.clock();
    all.extend(contexts.iter().map(|row| Entry {
        list: List::Contexts,
        mark: Mark::Tile(row.tile.clone()),
        words: row.name.clone(),
        form: Form::Name,
        sub: connection(row, clock).words,
        key: None,
        act: Act::Enter(row.id.clone()),
    }));
    all.extend(jobs(&world.jobs.rows()));
    all.extend(choices(&world.choices()));
    all
}

/// What can be asked of the cluster whose page is open.
fn wishes(route: &Route) -> Vec<Entry> {
    let (Route::Cluster { context, namespace, name } | Route::Upgrade { context, namespace, name } | Route::Ask { context, namespace, name, .. }) = route
    else {
        return vec![];
    };
    let entry = |words: String, act: Route| Entry {
        list: List::Commands,
        mark: Mark::Icon(Pic::Boxes),
        words,
        form: Form::Said,
        sub: "workload cluster".into(),
        key: None,
        act: Act::Go(act),
    };
    let upgrade = Route::Upgrade { context: context.clone(), namespace: namespace.clone(), name: name.clone() };
    let asks = Wish::ALL
        .into_iter()
        .map(|wish| entry(format!("{}…", wish.words(name)), Route::Ask { context: context.clone(), namespace: namespace.clone(), name: name.clone(), wish }));
    [entry(format!("Upgrade {name}…"), upgrade)].into_iter().chain(asks).collect()
}

fn commands(mode: Mode) -> Vec<Entry> {
    let entry = |icon: Pic, words: &str, sub: &str, key: Option<Command>, act: Act| Entry {
        list: List::Commands,
        mark: Mark::Icon(icon),
        words: words.into(),
        form: Form::Said,
        sub: sub.into(),
        key,
        act,
    };
    let demo = match mode {
        Mode::Real => entry(Pic::LayoutGrid, "Open the demo fleet", "nothing is contacted", None, Act::Demo),
        Mode::Demo => entry(Pic::LayoutGrid, "Back to this machine", "leaves the demo fleet", None, Act::Real),
    };
    vec![
        entry(Pic::LayoutGrid, "Show the fleet", "", Some(Command::Fleet), Act::Go(Route::Fleet)),
        entry(Pic::Plus, CREATE, "kind and Cluster API in Docker", None, Act::Go(Route::Create)),
        entry(Pic::FilePlus2, ADD, "a file, a folder or text", None, Act::Go(Route::AddCluster)),
        entry(Pic::ListChecks, "Show jobs", "", None, Act::Go(Route::Jobs)),
        entry(Pic::Stethoscope, "Check this machine", "Doctor", None, Act::CheckAll),
        entry(Pic::RotateCcw, "Look for local clusters again", "", None, Act::LookAround),
        entry(Pic::Settings, "Open Settings", "", None, Act::Go(Route::Settings(Section::default()))),
        demo,
        entry(Pic::Keyboard, "Show all keys", "", Some(Command::Help), Act::Help),
        entry(Pic::CircleDot, "Show all states", "what each mark means", None, Act::Go(Route::States)),
    ]
}
