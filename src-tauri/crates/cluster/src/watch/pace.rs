//! How large, how often and how long are lists and watches?

use std::time::Duration;

/// The sizes and times of lists and watches.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Small, so that the first rows come at once whatever the size of the list.
    pub first_page: u32,
    pub page: u32,
    /// A page of 2,000 pods is about 20 MB; what unpacks to more is asked for in smaller pages.
    pub page_bytes: usize,
    /// A list of more pages than this does not end.
    pub pages: u32,
    /// What the rows of one table may take: a server decides how many there are. 50,000 pods take about 35 MiB.
    pub kept_bytes: usize,
    /// A dead watch is otherwise noticed after 295 s; one reconnect a minute costs the server nothing.
    pub watch: Duration,
    /// Longest silence of a watch; above `watch`, which the server keeps.
    pub silence: Duration,
    /// Longest silence within a list.
    pub progress: Duration,
    /// Pause between lists where watching is not allowed.
    pub poll: Duration,
    /// Pause until a refused table, or a refused watch, is tried again.
    pub denied: Duration,
    /// Shortest time between two lists after lost versions, doubled up to 30 s.
    pub storm: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        let s = Duration::from_secs;
        Self {
            first_page: 100,
            page: 2_000,
            page_bytes: 64 * 1024 * 1024,
            pages: 1_000,
            kept_bytes: 256 * 1024 * 1024,
            watch: s(55),
            silence: s(65),
            progress: s(20),
            poll: s(30),
            denied: s(600),
            storm: s(5),
        }
    }
}
