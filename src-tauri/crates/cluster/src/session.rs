//! Who owns the connection of one open context?
//!
//! One task drives the state machine of `link`; it owns every try, heartbeat and client. After `close` no request
//! leaves, whoever still holds the client. Start at: [`Session::open`].

mod ask;
mod passage;
#[cfg(test)]
mod tests;

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use api::contexts::{Away, Identity, Link};
use api::{Millis, Timestamp};
use futures::future::{BoxFuture, OptionFuture};
use kubeconfig::target::Target;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use crate::clock::{Clock, Now};
use crate::credentials::{Credentials, Known};
use crate::dial::{Dial, Dialled};
use crate::failure::LinkError;
use crate::fault::{self, About};
use crate::link::{self, Effect, Event, State, Was};
use crate::skew::Skew;
pub(crate) use ask::said;
pub use ask::version_of;
use ask::{Review, Told};
use passage::Passage;
pub(crate) use passage::Shut;

/// The clock is looked at so often, to notice a closed lid.
const GLANCE: Duration = Duration::from_secs(5);
/// So many times at which the server was away are remembered.
const MOST_AWAY: usize = 20;

/// How long a server may take to answer.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The first question on a new connection, without the time a credential plugin takes.
    pub answer: Duration,
    /// A heartbeat, and the question who we are.
    pub beat: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { answer: Duration::from_secs(8), beat: Duration::from_secs(3) }
    }
}

/// What the owner of a session asks of its driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    TryNow,
    Woke,
    Close,
}

/// What is known of a connection right now.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionView {
    pub link: Link,
    /// Empty when never seen, or when the user may not ask.
    pub version: String,
    /// Who the server says we are, else what certificate or token say.
    pub identity: Option<Identity>,
    /// When the certificate or the token ends.
    pub expires: Option<Timestamp>,
    /// Which cluster answers, whatever its name and address: `None` until it is known, or when we may not ask.
    pub cluster: Option<String>,
    /// Whether it was asked for that, so that no answer will come later.
    pub asked: bool,
    /// When it was not reached, the oldest first.
    pub away: Vec<Away>,
    /// How far this computer's clock is off, by its last answer.
    pub skew: Option<Skew>,
}

/// One open context; closes when dropped.
pub struct Session {
    about: About,
    view: watch::Receiver<SessionView>,
    orders: mpsc::Sender<Order>,
    passage: Arc<Passage>,
    client: kube::Client,
    /// Ends the driver with the session.
    _tasks: JoinSet<()>,
}

impl Session {
    /// Opens a context: the first moment that its server is contacted.
    pub fn open(target: Target, dial: Arc<dyn Dial>, clock: Arc<dyn Clock>, limits: Limits) -> Self {
        let about = About::of(&target);
        let start =
            SessionView { link: Link::Unopened, version: String::new(), identity: None, expires: None, cluster: None, asked: false, away: vec![], skew: None };
        let (publish, view) = watch::channel(start);
        let (orders, orders_in) = mpsc::channel(16);
        let (trouble, troubles) = mpsc::channel(16);
        let passage = Arc::new(Passage::new(target.server.clone(), Arc::clone(&clock), trouble));
        let client = passage::client(&passage, &target.namespace);
        let driver = Driver {
            target: Arc::new(target),
            about: about.clone(),
            dial,
            clock,
            limits,
            passage: Arc::clone(&passage),
            publish,
            state: State::Unopened,
            attempt: None,
            review: None,
            credentials: Arc::new(Credentials::none()),
        };
        let mut tasks = JoinSet::new();
        tasks.spawn(driver.run(orders_in, troubles));
        Self { about, view, orders, passage, client, _tasks: tasks }
    }

    pub fn about(&self) -> &About {
        &self.about
    }

    pub fn view(&self) -> watch::Receiver<SessionView> {
        self.view.clone()
    }

    /// A client that goes through whatever connection is there; it survives reconnects and refuses after `close`.
    pub fn client(&self) -> kube::Client {
        self.client.clone()
    }

    /// What tables and other readers are opened with.
    pub fn access(&self) -> Access {
        Access { about: self.about.clone(), client: self.client.clone(), view: self.view.clone() }
    }

    /// Tries a waiting connection at once.
    pub fn try_now(&self) {
        // A full queue means that orders of the same kind wait already.
        let _ = self.orders.try_send(Order::TryNow);
    }

    /// The system tells that this computer woke: what waits is tried, what seems live is asked or made anew.
    pub fn woke(&self) {
        // A full queue: the clocks tell of the sleep some seconds later.
        let _ = self.orders.try_send(Order::Woke);
    }

    /// Closes: no request leaves after this returns, and every open stream ends.
    pub fn close(&self) {
        self.passage.close();
        let _ = self.orders.try_send(Order::Close);
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("about", &self.about).finish_non_exhaustive()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.passage.close();
    }
}

/// What a reader of an open context holds. It survives reconnects, and nothing leaves through it after the session closed.
#[derive(Clone)]
pub struct Access {
    about: About,
    client: kube::Client,
    view: watch::Receiver<SessionView>,
}

impl Access {
    pub fn about(&self) -> &About {
        &self.about
    }

    pub fn client(&self) -> kube::Client {
        self.client.clone()
    }

    pub fn view(&self) -> watch::Receiver<SessionView> {
        self.view.clone()
    }
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Access").field("about", &self.about).finish_non_exhaustive()
    }
}

/// How a try or a heartbeat ended.
struct Outcome {
    result: Result<(Option<Dialled>, Told), LinkError>,
    latency: Millis,
}

struct Driver {
    target: Arc<Target>,
    about: About,
    dial: Arc<dyn Dial>,
    clock: Arc<dyn Clock>,
    limits: Limits,
    passage: Arc<Passage>,
    publish: watch::Sender<SessionView>,
    state: State,
    attempt: Option<BoxFuture<'static, Outcome>>,
    review: Option<BoxFuture<'static, Review>>,
    credentials: Arc<Credentials>,
}

/// Whoever reads the view of a session that was dropped must not find it live for ever.
impl Drop for Driver {
    fn drop(&mut self) {
        self.publish.send_if_modified(|view| std::mem::replace(&mut view.link, Link::Unopened) != Link::Unopened);
    }
}

impl Driver {
    async fn run(mut self, mut orders: mpsc::Receiver<Order>, mut troubles: mpsc::Receiver<LinkError>) {
        let mut last = self.clock.now();
        self.step(Event::Open);
        loop {
            let now = self.clock.now();
            let wait = link::wake(&self.state).map_or(GLANCE, |at| Duration::from_millis(at.0.saturating_sub(now.awake.0)).min(GLANCE));
            let attempt = OptionFuture::from(self.attempt.as_mut().map(|attempt| attempt.as_mut() as Pin<&mut (dyn Future<Output = Outcome> + Send)>));
            let review = OptionFuture::from(self.review.as_mut().map(|review| review.as_mut() as Pin<&mut (dyn Future<Output = Review> + Send)>));
            tokio::select! {
                order = orders.recv() => match order {
                    Some(Order::TryNow) => self.step(Event::TryNow),
                    Some(Order::Close) => self.step(Event::Close),
                    Some(Order::Woke) => {
                        let now = self.clock.now();
                        let slept = now.slept_since(last);
                        // The next look at the clocks is not to tell of the same sleep.
                        last = now;
                        self.step(Event::Woke { slept });
                    }
                    None => return,
                },
                Some(why) = troubles.recv() => self.step(Event::Failed(why)),
                Some(outcome) = attempt => {
                    self.attempt = None;
                    self.settle(outcome);
                }
                Some(review) = review => {
                    self.review = None;
                    self.identified(review);
                }
                () = tokio::time::sleep(wait) => {
                    let now = self.clock.now();
                    let slept = now.slept_since(last);
                    last = now;
                    self.step(Event::Tick { heard: self.passage.heard(now), slept });
                }
            }
            if self.state == State::Unopened {
                return;
            }
        }
    }

    fn settle(&mut self, outcome: Outcome) {
        let event = match outcome.result {
            Ok((dialled, Told { version, date })) => {
                if let Some(Dialled { client, credentials }) = dialled {
                    self.review = Some(Box::pin(ask::review(client.clone(), self.limits.beat)));
                    self.credentials = credentials;
                    self.passage.lead_to(client);
                }
                let here = self.clock.now().wall;
                self.publish.send_modify(|view| {
                    if !version.is_empty() {
                        view.version = version;
                    }
                    if let Some(there) = date {
                        view.skew = Skew::after(view.skew, here, there);
                    }
                });
                Event::Answered { latency: outcome.latency }
            }
            Err(why) => Event::Failed(why),
        };
        self.step(event);
    }

    /// The server's own word counts; without it what certificate or token say is better than nothing.
    fn identified(&mut self, Review { identity, cluster }: Review) {
        let Known { identity: own_words, .. } = self.credentials.known();
        self.publish.send_modify(|view| {
            view.identity = identity.or(own_words);
            view.asked = true;
            // Who may not ask any more goes on with the cluster that was there.
            if cluster.is_some() {
                view.cluster = cluster;
            }
        });
    }

    fn step(&mut self, event: Event) {
        let now = self.clock.now();
        let away_since = link::away_since(&self.state);
        let (state, effects) = link::next(std::mem::replace(&mut self.state, State::Unopened), event, now, self.clock.chance());
        self.state = state;
        for effect in effects {
            match effect {
                Effect::Drop => {
                    self.passage.give_up();
                    self.attempt = None;
                    self.review = None;
                }
                Effect::Dial => self.attempt = Some(Box::pin(ask::dial(Arc::clone(&self.dial), Arc::clone(&self.target), self.limits.answer))),
                Effect::Beat => {
                    let (credentials, target, limit) = (Arc::clone(&self.credentials), Arc::clone(&self.target), self.limits.beat);
                    self.attempt = self.passage.current().map(|client| Box::pin(ask::beat(client, credentials, target, limit)) as BoxFuture<'static, Outcome>);
                }
            }
        }
        let (link, expires) = (shown(&self.state, &self.about), self.credentials.known().expires);
        let back = link::came_back(away_since, &self.state);
        self.publish.send_if_modified(|view| {
            let changed = view.link != link || view.expires != expires || back.is_some();
            view.away.extend(back);
            let surplus = view.away.len().saturating_sub(MOST_AWAY);
            view.away.drain(..surplus);
            view.link = link;
            view.expires = expires;
            changed
        });
    }
}

/// The state as the page knows it.
fn shown(state: &State, about: &About) -> Link {
    let wall = |now: Now| now.wall;
    match state {
        State::Unopened => Link::Unopened,
        State::Opening { since } => Link::Opening { since: wall(*since) },
        State::Live(live) => Link::Live { since: wall(live.since), latency: live.latency },
        State::Waiting(waiting) | State::Retrying(waiting) => {
            let (since, why, retry_at) = (wall(waiting.since), fault::link(about, &waiting.why), wall(waiting.retry_at));
            match waiting.was {
                Was::Live | Was::Slept => Link::Stale { since, why, retry_at },
                Was::NeverLive => Link::Unreachable { since, why, retry_at },
            }
        }
        State::NeedsYou { since, why } => Link::NeedsYou { since: wall(*since), why: fault::link(about, why) },
    }
}
