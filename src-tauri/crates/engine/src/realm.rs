//! What stands in one world, the real one or the demo's, and who owns it?

use std::sync::Arc;

use api::computer::Mode;
use api::{Fault, Topic};
use jobs::{Jobs, RealDisk, Setup, system_clock};

use crate::board::Readable;
use crate::fleet::Fleet;
use crate::home::Home;
use crate::memory::Memory;
use crate::settings::Settings;
use crate::streams::Interest;
use crate::work::Work;

pub(crate) struct Realm {
    pub(crate) mode: Mode,
    pub(crate) home: Home,
    pub(crate) settings: Arc<Settings>,
    pub(crate) fleet: Fleet,
    pub(crate) work: Work,
}

impl Realm {
    pub(crate) async fn open(home: &Home, settings: &Arc<Settings>, mode: Mode) -> Arc<Self> {
        let fleet = Fleet::open(home, Memory::open(&home.state));
        struct No;
        impl jobs::Kinds for No {
            fn open(&self, _: &str, _: &serde_json::Value) -> Result<jobs::AnyWork, Fault> {
                Err(Fault::new(api::FaultCode::NotFound, "x"))
            }
        }
        let jobs = Jobs::open(Setup { state: home.state.clone(), kinds: Arc::new(No), clock: system_clock(), disk: Arc::new(RealDisk) }).await.unwrap();
        Arc::new(Self { mode, home: home.clone(), settings: settings.clone(), fleet, work: Work::new(jobs) })
    }

    pub(crate) async fn look_at(&self, topic: &Topic) -> Result<(Arc<dyn Readable>, Option<Interest>), Fault> {
        Ok(match topic {
            Topic::Files => (self.fleet.files(), None),
            Topic::Contexts => (self.fleet.contexts(), None),
            Topic::Settings => (self.settings.board(), None),
            Topic::Jobs => (self.work.board(), None),
            Topic::Job(id) => self.work.view(id).map(|(b, i)| (b, Some(i)))?,
            Topic::JobOutput(id) => self.work.output(id).map(|(b, i)| (b, Some(i)))?,
            Topic::Local => (Arc::new(crate::board::Board::<api::local::LocalRow>::new(api::Status::Live)), None),
            Topic::Checks => (Arc::new(crate::board::Board::<api::computer::CheckRow>::new(api::Status::Live)), None),
            Topic::Computer => (Arc::new(crate::board::Board::<api::computer::ComputerView>::new(api::Status::Live)), None),
            Topic::Table { .. } => (Arc::new(crate::board::Board::<api::tables::TableRow>::new(api::Status::Loading)), None),
        })
    }

    pub(crate) fn take_choices(&self) {}

    pub(crate) async fn close(&self) {
        self.work.jobs.close().await;
    }
}
