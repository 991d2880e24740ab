//! Is it seen when the clock of this computer is not a server's?

use std::sync::Arc;

use api::Millis;
use cluster::dial::{InProcess, Over, Servers, in_process};
use cluster::session::{Limits, Session};
use cluster::skew::Skew;
use http_body_util::Full;
use hyper::body::Bytes;
use kube::client::Body;

use crate::beats::{Virtual, link_is, live};
use crate::fakes::{Machine, Ran, plugins, target};

/// A server with a clock that stands.
#[derive(Debug)]
struct Dated(&'static str);

impl Servers for Dated {
    fn server(&self, _: &str) -> Option<InProcess> {
        let date = self.0;
        let answer = move |_: http::Request<Body>| {
            let answer = http::Response::builder().header("date", date).body(Full::new(Bytes::from(r#"{"gitVersion":"v1.36.3"}"#)));
            std::future::ready(answer)
        };
        Some(in_process(tower::service_fn(answer)))
    }
}

/// What is known once a context is live, whose own clock begins on 12 January 1970 at 13:46:40.
async fn seen(date: &'static str) -> Option<Skew> {
    let plugins = plugins(&Machine::new(|_| Ran::Missing));
    let dial = Over::new(Arc::new(Dated(date)), Arc::new(plugins));
    let session = Session::open(target("https://simulated"), Arc::new(dial), Virtual::start(), Limits::default());
    link_is(&session, live).await;
    session.view().borrow().skew
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_off_is_seen_by_the_date_of_the_first_answer() {
    assert_eq!(seen("Mon, 12 Jan 1970 12:46:40 GMT").await, Some(Skew::Ahead(Millis::seconds(3_600))));
    assert_eq!(seen("Mon, 12 Jan 1970 13:56:40 GMT").await, Some(Skew::Behind(Millis::seconds(600))));
    for date in ["Mon, 12 Jan 1970 13:46:40 GMT", "Mon, 12 Jan 1970 13:46:20 GMT", "soon", ""] {
        assert_eq!(seen(date).await, None, "{date}");
    }
}
