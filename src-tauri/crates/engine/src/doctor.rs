//! What does this machine have and lack, as last looked at?

use std::sync::{Arc, Mutex as Held, PoisonError, Weak};

use api::computer::{CheckId, CheckRow, ComputerView, Mode};
use api::{Fault, Status};
use async_trait::async_trait;
use doctor::{Facts, Wanted};
use tokio::sync::Mutex;

use crate::board::Board;
use crate::fleet::Fleet;
use crate::tasks::Task;
use crate::world::World;

/// The doctor of one realm.
pub(crate) struct Doctor {
    world: World,
    mode: Mode,
    /// Names the programs that contexts sign in with; a world that is still being made has none.
    fleet: Option<Arc<Fleet>>,
    checks: Arc<Board<CheckRow>>,
    computer: Arc<Board<ComputerView>>,
    /// One look at a time; two at once would ask every program twice.
    looking: Mutex<()>,
    /// A look that nobody waits for.
    again: Held<Option<Task>>,
    own: Weak<Self>,
}

impl Doctor {
    /// Knows nothing yet: the machine is looked at when somebody asks.
    pub(crate) fn new(world: World, mode: Mode, fleet: Option<Arc<Fleet>>) -> Arc<Self> {
        let computer = Arc::new(Board::new(Status::Loading));
        computer.replace(vec![ComputerView { mode, ..ComputerView::default() }]);
        Arc::new_cyclic(|own| Self {
            world,
            mode,
            fleet,
            checks: Arc::new(Board::new(Status::Loading)),
            computer,
            looking: Mutex::default(),
            again: Held::default(),
            own: own.clone(),
        })
    }

    pub(crate) fn checks(&self) -> Arc<Board<CheckRow>> {
        self.checks.clone()
    }

    pub(crate) fn computer(&self) -> Arc<Board<ComputerView>> {
        self.computer.clone()
    }

    /// Looks for the first time, for a page that was just opened.
    pub(crate) async fn look_once(&self) {
        if self.checks.rows().is_empty() {
            self.look(&Wanted::default()).await;
        }
    }

    /// Looks again at what somebody looked at before.
    pub(crate) async fn look_again(&self) {
        if !self.checks.rows().is_empty() {
            self.look(&Wanted::default()).await;
        }
    }

    /// Runs every check and shows the results.
    pub(crate) async fn look(&self, wanted: &Wanted) -> Vec<CheckRow> {
        let _one = self.looking.lock().await;
        let facts = self.facts(wanted).await;
        let rows = doctor::judge_all(&facts, wanted);
        self.checks.replace(rows.clone());
        self.checks.status(Status::Live);
        self.computer.replace(vec![ComputerView { mode: self.mode, ..doctor::computer(&facts) }]);
        self.computer.status(Status::Live);
        rows
    }

    /// Programs are looked for elsewhere now: what was found of them is looked for again, when anything was.
    pub(crate) fn programs_moved(&self) {
        if self.checks.rows().is_empty() {
            return;
        }
        let own = self.own.clone();
        let look = Task::spawn("programs that moved", async move {
            if let Some(doctor) = own.upgrade() {
                doctor.look(&Wanted::default()).await;
            }
        });
        *self.again.lock().unwrap_or_else(PoisonError::into_inner) = Some(look);
    }

    pub(crate) async fn close(&self) {
        let again = self.again.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(again) = again {
            again.end().await;
        }
    }

    /// Runs one check again; the others keep what they found.
    pub(crate) async fn recheck(&self, check: CheckId) {
        let _one = self.looking.lock().await;
        let wanted = Wanted::default();
        let facts = self.facts(&wanted).await;
        self.checks.apply(vec![doctor::judge(check, &facts, &wanted)], vec![]);
        self.computer.replace(vec![ComputerView { mode: self.mode, ..doctor::computer(&facts) }]);
    }

    async fn facts(&self, wanted: &Wanted) -> Facts {
        let facts = self.world.facts(self.fleet.as_ref().map(|fleet| fleet.plugins()), wanted).await;
        if let (Some(fleet), Some(plugins)) = (&self.fleet, &facts.plugins) {
            // A context whose program is there by now can be used.
            fleet.plugins_are(plugins);
        }
        facts
    }
}

impl std::fmt::Debug for Doctor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Doctor")
    }
}

/// The doctor as a job asks it: now, for the checks it needs.
#[async_trait]
impl provision::Checks for Doctor {
    async fn check(&self, wanted: &[CheckId]) -> Vec<CheckRow> {
        let rows = self.look(&Wanted::default()).await;
        rows.into_iter().filter(|row| wanted.contains(&row.id)).collect()
    }
}

/// Says that a report can be made at all.
pub(crate) fn report(rows: &[CheckRow]) -> Result<String, Fault> {
    if rows.is_empty() {
        return Err(Fault::new(api::FaultCode::NotFound, "This machine was not looked at yet. Run the checks first."));
    }
    Ok(doctor::report(rows))
}

#[cfg(test)]
mod tests;
