//! What time is it in the simulated world, and who waits for a later one?
//!
//! Knows: wall time with a speed factor, and a time that only moves when a test moves it.
//! Does not know: what the sleepers wait for.
//! Start at: [`Clock::sleep`]; tests at [`Clock::drive`].

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use api::Timestamp;
use futures::FutureExt;

/// A clock that all of the world shares; clones show the same time.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Face>);

#[derive(Debug)]
enum Face {
    Real { begun: Instant, at: Timestamp, speed: f64 },
    Manual(Mutex<Sleepers>),
}

#[derive(Debug)]
struct Sleepers {
    now: Timestamp,
    next: u64,
    /// By deadline, then by who slept first; `None` until first polled.
    waiting: BTreeMap<(Timestamp, u64), Option<Waker>>,
}

/// After each step of a manual clock the tasks get this many turns, so that what a sleeper starts is asleep again before the next step.
/// A request through a client with its buffer and a watch behind it takes about ten.
const TURNS: usize = 48;

impl Clock {
    /// Shows `at` now and runs `speed` times as fast as the wall; 1.0 for the demo fleet.
    pub fn real(at: Timestamp, speed: f64) -> Self {
        Self(Arc::new(Face::Real { begun: Instant::now(), at, speed: speed.max(0.001) }))
    }

    /// Stands still at `at` until it is moved.
    pub fn manual(at: Timestamp) -> Self {
        Self(Arc::new(Face::Manual(Mutex::new(Sleepers { now: at, next: 0, waiting: BTreeMap::new() }))))
    }

    pub fn now(&self) -> Timestamp {
        match &*self.0 {
            Face::Real { begun, at, speed } => Timestamp(at.0.saturating_add(millis(begun.elapsed().mul_f64(*speed)))),
            Face::Manual(sleepers) => lock(sleepers).now,
        }
    }

    /// Waits so long on this clock; a manual one may never get there.
    pub fn sleep(&self, span: Duration) -> impl Future<Output = ()> + Send + use<> {
        let until = Timestamp(self.now().0.saturating_add(millis(span)));
        self.sleep_until(until)
    }

    pub fn sleep_until(&self, until: Timestamp) -> impl Future<Output = ()> + Send + use<> {
        let clock = self.clone();
        async move {
            match &*clock.0 {
                Face::Real { at, begun, speed } => {
                    let simulated = Duration::from_millis(until.0.saturating_sub(at.0));
                    tokio::time::sleep_until((*begun + simulated.div_f64(*speed)).into()).await;
                }
                Face::Manual(_) => Sleep::new(clock.clone(), until).await,
            }
        }
    }

    /// Moves a manual clock, waking its sleepers one after another in order of time; a real one is not moved.
    pub async fn advance(&self, span: Duration) {
        settle().await;
        let Some(end) = self.manual_now().map(|now| Timestamp(now.0.saturating_add(millis(span)))) else { return };
        while self.wake_next(end) {
            settle().await;
        }
        if let Face::Manual(sleepers) = &*self.0 {
            lock(sleepers).now = end;
        }
        settle().await;
    }

    /// Runs a future to its end, moving a manual clock to the next sleeper whenever all tasks wait.
    pub async fn drive<F: Future>(&self, work: F) -> F::Output {
        let mut work = std::pin::pin!(work);
        loop {
            for _ in 0..TURNS {
                if let Some(done) = work.as_mut().now_or_never() {
                    return done;
                }
                tokio::task::yield_now().await;
            }
            // Nobody sleeps: the work waits for something that is no part of this world, such as a file.
            if !self.wake_next(Timestamp(u64::MAX)) {
                tokio::task::yield_now().await;
            }
        }
    }

    /// How many wait on a manual clock.
    pub fn sleepers(&self) -> usize {
        match &*self.0 {
            Face::Real { .. } => 0,
            Face::Manual(sleepers) => lock(sleepers).waiting.len(),
        }
    }

    fn manual_now(&self) -> Option<Timestamp> {
        match &*self.0 {
            Face::Real { .. } => None,
            Face::Manual(sleepers) => Some(lock(sleepers).now),
        }
    }

    /// Goes to the first deadline that is not after `end` and wakes its sleeper; false when there is none.
    fn wake_next(&self, end: Timestamp) -> bool {
        let Face::Manual(sleepers) = &*self.0 else { return false };
        let mut sleepers = lock(sleepers);
        let Some(&(due, number)) = sleepers.waiting.keys().next() else { return false };
        if due > end {
            return false;
        }
        sleepers.now = sleepers.now.max(due);
        let waker = sleepers.waiting.remove(&(due, number)).flatten();
        drop(sleepers);
        if let Some(waker) = waker {
            waker.wake();
        }
        true
    }
}

/// One sleeper of a manual clock; leaves the list when dropped.
struct Sleep {
    clock: Clock,
    key: (Timestamp, u64),
}

impl Sleep {
    fn new(clock: Clock, until: Timestamp) -> Self {
        let mut key = (until, 0);
        if let Face::Manual(sleepers) = &*clock.0 {
            let mut sleepers = lock(sleepers);
            key.1 = sleepers.next;
            sleepers.next += 1;
            if until > sleepers.now {
                sleepers.waiting.insert(key, None);
            }
        }
        Self { clock, key }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: std::pin::Pin<&mut Self>, context: &mut std::task::Context<'_>) -> Poll<()> {
        let Face::Manual(sleepers) = &*self.clock.0 else { return Poll::Ready(()) };
        match lock(sleepers).waiting.get_mut(&self.key) {
            Some(waker) => {
                *waker = Some(context.waker().clone());
                Poll::Pending
            }
            None => Poll::Ready(()),
        }
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Face::Manual(sleepers) = &*self.clock.0 {
            lock(sleepers).waiting.remove(&self.key);
        }
    }
}

async fn settle() {
    for _ in 0..TURNS {
        tokio::task::yield_now().await;
    }
}

fn lock(sleepers: &Mutex<Sleepers>) -> std::sync::MutexGuard<'_, Sleepers> {
    sleepers.lock().unwrap_or_else(PoisonError::into_inner)
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
