use std::sync::{Arc, Mutex};
use std::time::Duration;

use api::Timestamp;
use tokio::task::JoinSet;

use super::Clock;

fn log() -> Arc<Mutex<Vec<(char, u64)>>> {
    Arc::default()
}

#[tokio::test]
async fn sleepers_wake_in_the_order_of_their_time_not_of_their_start() {
    let (clock, log, mut tasks) = (Clock::manual(Timestamp(1_000)), log(), JoinSet::new());
    for (name, seconds) in [('c', 3), ('a', 1), ('b', 2)] {
        let (clock, log) = (clock.clone(), log.clone());
        tasks.spawn(async move {
            clock.sleep(Duration::from_secs(seconds)).await;
            log.lock().unwrap().push((name, clock.now().0));
        });
    }
    clock.advance(Duration::from_secs(2)).await;
    assert_eq!(*log.lock().unwrap(), [('a', 2_000), ('b', 3_000)]);
    clock.advance(Duration::from_secs(10)).await;
    assert_eq!(log.lock().unwrap().last(), Some(&('c', 4_000)));
    assert_eq!(clock.now(), Timestamp(13_000));
}

#[tokio::test]
async fn what_a_sleeper_starts_within_the_span_wakes_within_the_span() {
    let (clock, log, mut tasks) = (Clock::manual(Timestamp(0)), log(), JoinSet::new());
    let (inner, seen) = (clock.clone(), log.clone());
    tasks.spawn(async move {
        for name in ['a', 'b', 'c'] {
            inner.sleep(Duration::from_secs(1)).await;
            seen.lock().unwrap().push((name, inner.now().0));
        }
    });
    clock.advance(Duration::from_secs(3)).await;
    assert_eq!(*log.lock().unwrap(), [('a', 1_000), ('b', 2_000), ('c', 3_000)]);
}

#[tokio::test]
async fn a_dropped_sleeper_leaves_no_trace() {
    let clock = Clock::manual(Timestamp(0));
    let mut sleep = Box::pin(clock.sleep(Duration::from_secs(9)));
    assert!(futures::poll!(&mut sleep).is_pending());
    assert_eq!(clock.sleepers(), 1);
    drop(sleep);
    assert_eq!(clock.sleepers(), 0);
}

#[tokio::test]
async fn driving_goes_as_far_as_the_work_needs_and_no_further() {
    let clock = Clock::manual(Timestamp(0));
    let work = async {
        clock.sleep(Duration::from_secs(600)).await;
        "done"
    };
    assert_eq!(clock.drive(work).await, "done");
    assert_eq!(clock.now(), Timestamp(600_000));
}

#[tokio::test]
async fn a_real_clock_runs_as_fast_as_it_was_told() {
    let clock = Clock::real(Timestamp(0), 1_000_000.0);
    clock.sleep(Duration::from_secs(60)).await;
    assert!(clock.now() >= Timestamp(60_000));
}

#[tokio::test]
async fn a_hurried_clock_goes_as_far_as_the_work_needs_and_stands_still_again() {
    let clock = Clock::manual(Timestamp(0));
    clock.hurry(clock.sleep(Duration::from_secs(600))).await;
    let reached = clock.now();
    assert!((600_000..610_000).contains(&reached.0), "{reached:?}");
    tokio::task::yield_now().await;
    assert_eq!(clock.now(), reached);
}

#[tokio::test]
async fn a_clock_that_runs_on_wakes_who_slept_on_it_when_it_stood_still() {
    let (clock, log, mut tasks) = (Clock::manual(Timestamp(0)), log(), JoinSet::new());
    for (name, seconds) in [('a', 1), ('b', 60)] {
        let (clock, log) = (clock.clone(), log.clone());
        tasks.spawn(async move {
            clock.sleep(Duration::from_secs(seconds)).await;
            log.lock().unwrap().push((name, 0));
        });
    }
    clock.advance(Duration::ZERO).await;
    assert_eq!(clock.sleepers(), 2);
    clock.run_on(Timestamp(30_000), 1_000_000.0);
    while tasks.join_next().await.is_some() {}
    assert_eq!(*log.lock().unwrap(), [('a', 0), ('b', 0)]);
    assert!(clock.now() >= Timestamp(60_000));
}
