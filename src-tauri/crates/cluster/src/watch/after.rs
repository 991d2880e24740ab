//! What follows when a list or a watch did not work, and how long is waited?

use std::time::Duration;

use api::contexts::Link;
use api::{Millis, Status, Timestamp};
use tokio::time::Instant;

use super::request::Problem;
use super::{Keeper, Loaded, Sink, Then, Woke};
use crate::clock::Now;
use crate::fault;
use crate::link::back_off;
use crate::source::Source;

/// An API server that just started refuses everybody until it knows the roles; so often in a row it is not believed that what
/// was allowed before is allowed no more.
const MOST_REFUSALS: u32 = 4;

impl<L: Source, S: Sink<L::Row>> Keeper<L, S> {
    /// Decides what follows a problem, says it when it lasts, and waits as long as it takes.
    pub(super) async fn after(&mut self, problem: Problem, version: Option<String>) -> Then {
        if self.is_closed() {
            // A closed context has no problems; the next look at the connection says that it is closed.
            return Then::Relist;
        }
        let resume = |version: Option<String>| version.map_or(Then::Relist, Then::Verify);
        match problem {
            Problem::LostVersion | Problem::Undecodable { .. } | Problem::TooLarge { .. } => {
                // The first time at once; a server that loses every version is asked less and less often.
                let wait = self.pace.storm.saturating_mul(1 << self.storms.saturating_sub(1).min(3)).min(Duration::from_secs(30));
                self.storms = self.storms.saturating_add(1);
                if self.storms > 1 {
                    let said = match problem {
                        Problem::Undecodable { said } | Problem::TooLarge { said } => said,
                        Problem::LostVersion | Problem::TooMuch | Problem::Denied { .. } | Problem::Server { .. } | Problem::Broken { .. } => {
                            "the version is lost".to_owned()
                        }
                    };
                    self.stale(&said, wait);
                    self.pause(wait).await;
                }
                Then::Relist
            }
            Problem::TooMuch => {
                let why = fault::too_much(&self.about, self.reader.source.words(), self.pace.kept_bytes);
                let since = self.since();
                self.sink.status(Status::Stale { since, why, retry_at: None });
                // Another list would be as long: it is made when somebody asks, or on another connection.
                self.pause(Duration::MAX).await;
                Then::Relist
            }
            Problem::Denied { said } => match version {
                Some(version) => self.refused_watch(version).await,
                None => self.refused_list(&said).await,
            },
            Problem::Server { said, wait, .. } => {
                let wait = wait.unwrap_or_else(|| self.spread(back_off(self.failures)));
                self.failures = self.failures.saturating_add(1);
                self.stale(&said, wait);
                self.pause(wait).await;
                resume(version)
            }
            Problem::Broken { said } => {
                let wait = self.spread(back_off(self.failures));
                self.failures = self.failures.saturating_add(1);
                // One broken stream heals within a second and is not worth a word.
                if self.failures > 1 {
                    self.stale(&said, wait);
                }
                self.pause(wait).await;
                resume(version)
            }
        }
    }

    /// Tries a watch that is refused some times more before the kind is listed from time to time instead.
    async fn refused_watch(&mut self, version: String) -> Then {
        let refusals = self.refused_watches;
        self.refused_watches = refusals.saturating_add(1);
        if refusals >= MOST_REFUSALS {
            return Then::Poll { watch_at: Instant::now() + self.pace.denied };
        }
        let wait = self.spread(back_off(refusals));
        self.pause(wait).await;
        Then::Verify(version)
    }

    /// Tries a list that is refused some times more where it was allowed before.
    async fn refused_list(&mut self, said: &str) -> Then {
        let refusals = self.refused_lists;
        self.refused_lists = refusals.saturating_add(1);
        if self.loaded == Loaded::Nothing || refusals >= MOST_REFUSALS {
            self.sink.status(Status::Denied { why: fault::denied(&self.about, self.reader.source.words(), said) });
            self.pause(self.pace.denied).await;
            return Then::Relist;
        }
        let wait = self.spread(back_off(refusals));
        // One refusal is over within a second and is not worth a word.
        if refusals > 0 {
            self.stale(said, wait);
        }
        self.pause(wait).await;
        Then::Relist
    }

    pub(super) fn live(&mut self) {
        self.stale_since = None;
        self.sink.status(Status::Live);
    }

    /// Since when the rows are not true any more.
    fn since(&mut self) -> Timestamp {
        let now: Now = self.clock.now();
        *self.stale_since.get_or_insert(now.wall)
    }

    fn stale(&mut self, said: &str, wait: Duration) {
        let (now, since) = (self.clock.now(), self.since());
        let retry_at = Some(now.wall.plus(Millis(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX))));
        self.sink.status(Status::Stale { since, why: fault::table(&self.about, self.reader.source.words(), said), retry_at });
    }

    pub(super) fn spread(&self, wait: Millis) -> Duration {
        Duration::from_millis(wait.0).mul_f64(self.clock.chance().clamp(0.0, 1.0))
    }

    /// Waits; ends early when somebody asks or when the connection changes its state.
    pub(super) async fn pause(&mut self, wait: Duration) -> Woke {
        let was_live = matches!(self.view.borrow().link, Link::Live { .. });
        tokio::select! {
            () = tokio::time::sleep(wait) => Woke::Time,
            () = self.again.notified() => Woke::Asked,
            _ = self.view.wait_for(|view| matches!(view.link, Link::Live { .. }) != was_live) => Woke::Connection,
        }
    }
}
