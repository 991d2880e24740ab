//! How is what all machines of a cluster share drawn over time?

use api::{
    Timestamp,
    shared::{Shared, SharedLane, SharedState},
};

use super::capi::{Piece, Timeline};
use crate::widgets::State;

/// `load balancer`, `kindnet add-on`.
pub fn called(what: &Shared) -> String {
    match what {
        Shared::LoadBalancer => "load balancer".to_owned(),
        Shared::Infrastructure { kind } => kind.clone(),
        Shared::AddOn { name } => format!("{name} add-on"),
    }
}

pub fn state(lane: &SharedLane) -> State {
    match lane.state() {
        SharedState::Waits => State::Idle,
        SharedState::Making => State::Progress,
        SharedState::There => State::Healthy,
        SharedState::Lost => State::Warning,
    }
}

/// What it waited, what its making took, and since when it is there. What took no time has no width.
pub fn pieces(lane: &SharedLane, time: Timeline, now: Timestamp) -> Vec<Piece> {
    let piece = |class, from: Timestamp, to: Timestamp, words: &str| (to > from).then(|| Piece { class, place: time.place(from, to), words: words.to_owned() });
    let (made, making) = match lane.what {
        Shared::LoadBalancer | Shared::Infrastructure { .. } => ("bar p2", "making"),
        Shared::AddOn { .. } => ("bar p3", "applying"),
    };
    let waits = piece("bar p1", lane.asked, lane.began.unwrap_or(now), "waits");
    let takes = lane.began.and_then(|began| match lane.made {
        Some(to) => piece(made, began, to, "made"),
        None => piece("bar run", began, now, making),
    });
    let stands = lane.made.and_then(|made| piece("bar ok", made, lane.lost.unwrap_or(now), ""));
    waits.into_iter().chain(takes).chain(stands).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: u64) -> Timestamp {
        Timestamp(second * 1_000)
    }

    fn lane(what: Shared, began: Option<u64>, made: Option<u64>, lost: Option<u64>) -> SharedLane {
        SharedLane { what, asked: at(0), began: began.map(at), made: made.map(at), lost: lost.map(at) }
    }

    #[test]
    fn what_waits_is_made_stands_and_is_lost_is_drawn_as_it_was() {
        let balancer = || Shared::LoadBalancer;
        let add_on = || Shared::AddOn { name: "kindnet".into() };
        let time = Timeline::between(at(0), at(100));
        for (lane, drawn, wanted) in [
            (lane(balancer(), Some(0), Some(10), None), vec![("bar p2", 0, 100), ("bar ok", 100, 800)], State::Healthy),
            (lane(balancer(), Some(0), None, None), vec![("bar run", 0, 900)], State::Progress),
            (lane(balancer(), Some(0), Some(10), Some(50)), vec![("bar p2", 0, 100), ("bar ok", 100, 400)], State::Warning),
            (lane(add_on(), None, None, None), vec![("bar p1", 0, 900)], State::Idle),
            (lane(add_on(), Some(40), None, None), vec![("bar p1", 0, 400), ("bar run", 400, 500)], State::Progress),
            (lane(add_on(), Some(40), Some(60), None), vec![("bar p1", 0, 400), ("bar p3", 400, 200), ("bar ok", 600, 300)], State::Healthy),
        ] {
            let said: Vec<_> = pieces(&lane, time, at(90)).into_iter().map(|piece| (piece.class, piece.place.left, piece.place.width)).collect();
            assert_eq!((said, state(&lane)), (drawn, wanted), "{lane:?}");
        }
    }
}
