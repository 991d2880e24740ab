//! What time is it in the simulated world, and who waits for a later one?
//!
//! Knows: wall time with a speed factor, and a time that only moves when it is moved.
//! Does not know: what the sleepers wait for.
//! Start at: [`Clock::sleep`]; tests at [`Clock::drive`]; the past of a scene at [`Clock::hurry`].

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use api::Timestamp;
use futures::FutureExt;
use tokio::time::MissedTickBehavior;

/// A clock that all of the world shares; clones show the same time.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Mutex<Face>>);

#[derive(Debug)]
enum Face {
    Real(Running),
    Manual(Sleepers),
}

#[derive(Debug, Clone, Copy)]
struct Running {
    begun: Instant,
    at: Timestamp,
    speed: f64,
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

/// In a hurry, so much passes at each tick. A machine that is too busy to tick makes the world slower: no limit of a
/// simulated program runs out because the real machine was busy.
const HURRIED: Duration = Duration::from_millis(200);
const TICK: Duration = Duration::from_millis(1);

impl Clock {
    /// Shows `at` now and runs `speed` times as fast as the wall; 1.0 for the demo fleet.
    pub fn real(at: Timestamp, speed: f64) -> Self {
        Self::of(Face::Real(Running::from(at, speed)))
    }

    /// Stands still at `at` until it is moved.
    pub fn manual(at: Timestamp) -> Self {
        Self::of(Face::Manual(Sleepers { now: at, next: 0, waiting: BTreeMap::new() }))
    }

    fn of(face: Face) -> Self {
        Self(Arc::new(Mutex::new(face)))
    }

    /// Turns to `at` and runs from there, `speed` times as fast as the wall: what was due before happens now.
    pub fn run_on(&self, at: Timestamp, speed: f64) {
        let before = std::mem::replace(&mut *self.face(), Face::Real(Running::from(at, speed)));
        if let Face::Manual(sleepers) = before {
            // Each looks at the clock again, and sleeps on by the new one.
            sleepers.waiting.into_values().flatten().for_each(Waker::wake);
        }
    }

    pub fn now(&self) -> Timestamp {
        match &*self.face() {
            Face::Real(running) => running.now(),
            Face::Manual(sleepers) => sleepers.now,
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
            Sleep::new(clock.clone(), until).await;
            // A clock that is real, or became so meanwhile.
            let wakes = match &*clock.face() {
                Face::Real(running) => Some(running.reaches(until)),
                Face::Manual(_) => None,
            };
            if let Some(wakes) = wakes {
                tokio::time::sleep_until(wakes.into()).await;
            }
        }
    }

    /// Does the work while a manual clock goes much faster than the wall, and stands still again when it is done.
    pub async fn hurry<F: Future>(&self, work: F) -> F::Output {
        let mut work = std::pin::pin!(work);
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done,
                _ = ticks.tick() => self.advance(HURRIED).await,
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
        if let Face::Manual(sleepers) = &mut *self.face() {
            sleepers.now = end;
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
        match &*self.face() {
            Face::Real(_) => 0,
            Face::Manual(sleepers) => sleepers.waiting.len(),
        }
    }

    fn manual_now(&self) -> Option<Timestamp> {
        match &*self.face() {
            Face::Real(_) => None,
            Face::Manual(sleepers) => Some(sleepers.now),
        }
    }

    /// Goes to the first deadline that is not after `end` and wakes its sleeper; false when there is none.
    fn wake_next(&self, end: Timestamp) -> bool {
        let waker = {
            let Face::Manual(sleepers) = &mut *self.face() else { return false };
            let Some(&(due, number)) = sleepers.waiting.keys().next() else { return false };
            if due > end {
                return false;
            }
            sleepers.now = sleepers.now.max(due);
            sleepers.waiting.remove(&(due, number)).flatten()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
        true
    }

    fn face(&self) -> MutexGuard<'_, Face> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    fn from(at: Timestamp, speed: f64) -> Self {
        Self { begun: Instant::now(), at, speed: speed.max(0.001) }
    }

    fn now(&self) -> Timestamp {
        Timestamp(self.at.0.saturating_add(millis(self.begun.elapsed().mul_f64(self.speed))))
    }

    /// The moment of the wall at which this clock shows `until`.
    fn reaches(&self, until: Timestamp) -> Instant {
        self.begun + Duration::from_millis(until.0.saturating_sub(self.at.0)).div_f64(self.speed)
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
        if let Face::Manual(sleepers) = &mut *clock.face() {
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
        let Face::Manual(sleepers) = &mut *self.clock.face() else { return Poll::Ready(()) };
        match sleepers.waiting.get_mut(&self.key) {
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
        if let Face::Manual(sleepers) = &mut *self.clock.face() {
            sleepers.waiting.remove(&self.key);
        }
    }
}

async fn settle() {
    for _ in 0..TURNS {
        tokio::task::yield_now().await;
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
