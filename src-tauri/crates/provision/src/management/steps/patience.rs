//! How long does an undo wait for a Docker that went away below it?
//!
//! It goes on by itself as soon as Docker answers, and its user may leave it until then. What was half made stays noted
//! meanwhile, and its name taken.

use std::time::Duration;

use api::jobs::{Tone, Words};
use api::{Fault, FaultCode};
use jobs::ActContext;
use tokio::time::{Instant, sleep};

use super::evidence::containers;
use crate::World;
use crate::diagnose::Doing;
use crate::management::{Order, Step};

/// A daemon that stopped is waited for this long; then the undo stops, and can be asked for again.
const DOCKER_COMES_BACK: Duration = Duration::from_secs(3_600);
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// One undo's patience with Docker.
pub(super) struct Patience {
    until: Instant,
}

impl Patience {
    pub(super) fn new() -> Self {
        Self { until: Instant::now() + DOCKER_COMES_BACK }
    }

    /// After this fault: waits until the undo can be tried again.
    ///
    /// Errors: the fault is about something else, the user left the undo, or Docker was waited for long enough.
    pub(super) async fn wait(&self, world: &World, order: &Order, cx: &mut ActContext<Step>, why: Fault) -> Result<(), Fault> {
        if why.code != FaultCode::Docker || Instant::now() >= self.until {
            return Err(why);
        }
        cx.outcome(Words::said("Waiting for Docker: what was made is removed as soon as it answers."));
        cx.output(Tone::Ours, &format!("{} The undo waits for Docker and goes on by itself as soon as it answers.", why.sentence));
        match cx.may_be_left(self.docker_comes_back(world, order)).await {
            Some(()) => {
                cx.outcome(Words::said("Removing what was made."));
                Ok(())
            }
            None => Err(left(order, why)),
        }
    }

    /// Docker answers, or nobody waits any longer.
    async fn docker_comes_back(&self, world: &World, order: &Order) {
        loop {
            sleep(LOOK_AGAIN).await;
            let is_away = containers(world, order, Doing::Remove).await.is_err_and(|why| why.code == FaultCode::Docker);
            if !is_away || Instant::now() >= self.until {
                break;
            }
        }
    }
}

fn left(order: &Order, why: Fault) -> Fault {
    let sentence = format!("The undo of {} was left while it waited for Docker.", order.name.as_str());
    Fault { sentence, ..why }.unharmed("What was made is still there and still noted. The undo can be asked for again.")
}
