//! How do streams reach a view?
//!
//! Knows: one subscription per hook: opened on mount, pulled in a loop, closed on unmount.
//! Does not know: what rows mean. Start at: [`use_feed`], [`use_call`].

use std::{cell::RefCell, rc::Rc};

use api::{Call, Fault, FaultCode, Feed, Pull, Request, Row, RowId, Status, StreamId, Topic};
use futures::{
    channel::oneshot,
    future::{AbortHandle, Abortable},
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    link,
    model::{store::Store, subscription::Subscription},
};

/// Longest wait of one pull; shorter than what a proxy or a sleep would cut, and long enough to cost a page at rest nothing.
const WAIT_MS: u32 = 60_000;
/// Pause before the door is tried again.
const PAUSE_MS: u32 = 1_000;

/// What is known of a stream at the moment of a rendering.
pub struct FeedState<R> {
    store: Rc<RefCell<Store<R>>>,
    version: u64,
}

impl<R> Clone for FeedState<R> {
    fn clone(&self) -> Self {
        Self { store: self.store.clone(), version: self.version }
    }
}

impl<R> PartialEq for FeedState<R> {
    fn eq(&self, other: &Self) -> bool {
        self.version == other.version && Rc::ptr_eq(&self.store, &other.store)
    }
}

impl<R: Row> FeedState<R> {
    /// A state with the rows given, for views without a stream.
    pub fn of(store: Store<R>) -> Self {
        Self { store: Rc::new(RefCell::new(store)), version: 0 }
    }

    /// All rows, in the order of the source.
    pub fn rows(&self) -> Vec<Rc<R>> {
        self.store.borrow().rows().to_vec()
    }

    /// Looks at the rows where they are, in the order of the source.
    pub fn look<T>(&self, look: impl FnOnce(&[Rc<R>]) -> T) -> T {
        look(self.store.borrow().rows())
    }

    /// The only row of a stream that has one.
    pub fn one(&self) -> Option<Rc<R>> {
        self.store.borrow().rows().first().cloned()
    }

    pub fn get(&self, id: &RowId) -> Option<Rc<R>> {
        self.store.borrow().get(id).cloned()
    }

    pub fn len(&self) -> usize {
        self.store.borrow().rows().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn status(&self) -> Status {
        self.store.borrow().status().clone()
    }

    /// Set while the engine cannot be reached.
    pub fn broken(&self) -> Option<Fault> {
        self.store.borrow().broken().cloned()
    }

    /// Changes whenever rows or status did; for memoising what is computed from them.
    pub fn version(&self) -> u64 {
        self.version
    }
}

/// When a stream is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens {
    Now,
    /// It has its turn later; until then nothing is known of it.
    Later,
}

/// Subscribes to a feed for as long as the component lives; another feed starts anew.
#[hook]
pub fn use_feed<F: Feed + 'static>(feed: F) -> FeedState<F::Row> {
    use_feed_when(Opens::Now, feed)
}

/// The same, once its turn has come.
#[hook]
pub fn use_feed_when<F: Feed + 'static>(opens: Opens, feed: F) -> FeedState<F::Row> {
    let version = use_state(|| 0_u64);
    let store = use_memo(feed.clone(), |_| RefCell::new(Store::<F::Row>::default()));
    {
        let (store, setter) = (store.clone(), version.setter());
        use_effect_with((opens, feed), move |(opens, feed)| {
            let (handle, registration) = AbortHandle::new_pair();
            let held = Held::default();
            if *opens == Opens::Now {
                let work = follow(feed.clone(), store, setter, held.clone());
                spawn_local(async move {
                    // Aborted means unmounted: nobody waits for the rest.
                    let _ = Abortable::new(work, registration).await;
                });
            }
            move || {
                handle.abort();
                let open = held.borrow_mut().left();
                if let Some(stream) = open {
                    spawn_local(link::close(stream));
                }
            }
        });
    }
    FeedState { store, version: *version }
}

type Held = Rc<RefCell<Subscription>>;

/// Opens a stream. The answer is heard even when the view was left meanwhile: else nobody could close what was opened.
fn opening(topic: Topic, held: Held) -> oneshot::Receiver<Result<StreamId, Fault>> {
    let (tell, told) = oneshot::channel();
    spawn_local(async move {
        let answer = link::open(&topic).await;
        let unwanted = answer.as_ref().ok().and_then(|stream| held.borrow_mut().arrived(*stream));
        if let Some(stream) = unwanted {
            link::close(stream).await;
        }
        // Nobody waits for it once the view was left.
        let _ = tell.send(answer);
    });
    told
}

/// Opens, pulls for ever, opens again when the stream is closed.
async fn follow<F: Feed>(feed: F, store: Rc<RefCell<Store<F::Row>>>, version: UseStateSetter<u64>, held: Held) {
    let mut count = 0_u64;
    let mut changed = || {
        count += 1;
        version.set(count);
    };
    loop {
        // It ends without an answer only together with the page.
        let Ok(opened) = opening(feed.topic(), held.clone()).await else { return };
        let stream = match opened {
            Ok(stream) => stream,
            Err(why) => {
                store.borrow_mut().broke(why);
                changed();
                gloo_timers::future::TimeoutFuture::new(PAUSE_MS).await;
                continue;
            }
        };
        store.borrow_mut().reopen();
        loop {
            let cursor = store.borrow().cursor();
            match link::pull::<F>(&Pull { stream, cursor, wait_ms: WAIT_MS }).await {
                Ok(batch) => {
                    let before = store.borrow().changes();
                    store.borrow_mut().apply(batch);
                    store.borrow_mut().keep_last(F::MOST_ROWS);
                    if store.borrow().changes() != before {
                        changed();
                    }
                }
                Err(why) if why.code == FaultCode::StreamClosed => break,
                Err(why) => {
                    store.borrow_mut().broke(why);
                    changed();
                    gloo_timers::future::TimeoutFuture::new(PAUSE_MS).await;
                }
            }
        }
        held.borrow_mut().ended();
        gloo_timers::future::TimeoutFuture::new(PAUSE_MS / 10).await;
    }
}

/// How far a call is.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked<T> {
    NotYet,
    Pending,
    Answered(T),
    Refused(Fault),
}

impl<T> Asked<T> {
    pub fn pending(&self) -> bool {
        matches!(self, Self::Pending)
    }

    pub fn answer(&self) -> Option<&T> {
        match self {
            Self::Answered(answer) => Some(answer),
            Self::NotYet | Self::Pending | Self::Refused(_) => None,
        }
    }

    pub fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Refused(fault) => Some(fault),
            Self::NotYet | Self::Pending | Self::Answered(_) => None,
        }
    }
}

/// A call that a view makes, with the state of its last use.
pub struct CallHandle<C: Call> {
    state: UseStateHandle<Rc<Asked<C::Reply>>>,
    last: Rc<RefCell<u64>>,
}

impl<C: Call> Clone for CallHandle<C> {
    fn clone(&self) -> Self {
        Self { state: self.state.clone(), last: self.last.clone() }
    }
}

impl<C: Call + Into<Request> + 'static> CallHandle<C>
where
    C::Reply: 'static,
{
    pub fn state(&self) -> &Asked<C::Reply> {
        &self.state
    }

    /// Makes the call; an older one that is still on its way is forgotten.
    pub fn ask(&self, call: C) {
        self.ask_then(call, |_| {});
    }

    /// The same, and hands the answer on.
    pub fn ask_then(&self, call: C, then: impl FnOnce(&Result<C::Reply, Fault>) + 'static) {
        let turn = {
            let mut last = self.last.borrow_mut();
            *last += 1;
            *last
        };
        let (state, last) = (self.state.setter(), self.last.clone());
        state.set(Rc::new(Asked::Pending));
        spawn_local(async move {
            let answer = link::ask(call).await;
            then(&answer);
            if *last.borrow() == turn {
                state.set(Rc::new(match answer {
                    Ok(reply) => Asked::Answered(reply),
                    Err(fault) => Asked::Refused(fault),
                }));
            }
        });
    }
}

/// A call with its pending and fault state.
#[hook]
pub fn use_call<C: Call + 'static>() -> CallHandle<C>
where
    C::Reply: 'static,
{
    let state = use_state(|| Rc::new(Asked::NotYet));
    let last = use_mut_ref(|| 0_u64);
    CallHandle { state, last }
}
