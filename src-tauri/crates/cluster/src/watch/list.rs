//! How is a whole list taken, page by page?

use api::Status;

use super::kept::Kept;
use super::request::Problem;
use super::{Keeper, Loaded, Sink};
use crate::source::Source;

/// A page of so few objects that is still too large is the server's mistake, or has an object that is.
const SMALLEST: u32 = 50;

impl<L: Source, S: Sink<L::Row>> Keeper<L, S> {
    /// Lists all pages. The very first list shows its rows as they come; a later one is swapped in as a whole.
    pub(super) async fn list(&mut self) -> Result<String, Problem> {
        let shows = self.loaded == Loaded::Nothing;
        if shows {
            self.sink.status(Status::Loading);
        }
        let (mut collected, mut next, mut size) = (vec![], String::new(), self.pace.first_page.min(self.page));
        let (mut left, mut kept) = (self.pace.pages, Kept::default());
        let version = loop {
            let page = match self.reader.page(size, &next).await {
                Err(Problem::TooLarge { .. }) if size > SMALLEST => {
                    // Fewer from the same place, now and from now on.
                    size = (size / 2).max(SMALLEST);
                    self.page = size;
                    continue;
                }
                page => page?,
            };
            let mut rows = page.rows;
            let fits = kept.fill(&rows, self.pace.kept_bytes);
            let is_too_much = fits < rows.len();
            rows.truncate(fits);
            if shows {
                self.loaded = Loaded::Part;
                self.sink.apply(rows, vec![]);
            } else {
                collected.extend(rows);
            }
            if is_too_much {
                return Err(Problem::TooMuch);
            }
            if page.next.is_empty() {
                break page.version;
            }
            left = left.saturating_sub(1);
            if page.next == next || left == 0 {
                return Err(Problem::Undecodable { said: "the list has no end".to_owned() });
            }
            (next, size) = (page.next, self.page);
        };
        if !shows {
            self.sink.replace(collected);
        }
        self.loaded = Loaded::All;
        self.kept = kept;
        self.refused_lists = 0;
        self.listed = self.view.borrow().cluster.clone();
        self.live();
        Ok(version)
    }
}
