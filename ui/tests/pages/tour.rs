use ui::model::route::Route;

/// Where the journeys and the pictures say which screens there are.
const TOUR: &str = include_str!("../../../tests/screens.rs");

/// Names the screen on which each view is visited. A view without one does not compile.
macro_rules! visited {
    ($($view:pat => $screen:literal,)+) => {
        const SCREENS: &[&str] = &[$($screen),+];

        fn _screen(route: &Route) -> &'static str {
            match route {
                $($view => $screen,)+
            }
        }
    };
}

visited! {
    Route::Fleet => "fleet",
    Route::AddCluster => "add-cluster",
    Route::Create => "create-form",
    Route::Jobs => "jobs",
    Route::Job(_) => "create",
    Route::Doctor => "doctor",
    Route::Settings(_) => "settings",
    Route::Trust(_) => "trust",
    Route::Delete(_) => "delete",
    Route::States => "states",
    Route::Table { .. } => "pods",
    Route::Object { .. } => "object",
    Route::Clusters(_) => "clusters",
    Route::Providers(_) => "providers",
    Route::NewCluster(_) => "new",
    Route::Cluster { .. } => "capi",
    Route::Machines(_) => "machines",
    Route::Machine { .. } => "machine",
    Route::Classes(_) => "classes",
    Route::Class { .. } => "class",
    Route::Runs(_) => "runs",
    Route::Run { .. } => "run",
    Route::Ask { .. } => "scale",
    Route::Upgrade { .. } => "upgrade",
}

/// The tour is walked with hostile words, by axe and for pictures: what is not on it is seen by none of them.
#[test]
fn every_view_stands_on_the_tour() {
    let missing: Vec<&&str> = SCREENS.iter().filter(|screen| !TOUR.contains(&format!("name: \"{screen}\","))).collect();
    assert_eq!(missing, Vec::<&&str>::new());
}
