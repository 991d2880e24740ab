//! What did the controllers of each provider write, as far as it is kept?

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use api::Status;
use api::capi::LogRow;
use api::feed::{Feed, ProviderLog};
use capi::log::{masked, stamped};

use crate::board::Board;

/// The last lines of each provider, and who looks at them.
#[derive(Default)]
pub(super) struct Heard(Mutex<HashMap<String, Lines>>);

#[derive(Default)]
struct Lines {
    last: u64,
    kept: VecDeque<LogRow>,
    board: Weak<Board<LogRow>>,
}

impl Heard {
    /// What is kept of one, and what comes from now on.
    pub(super) fn board(&self, provider: &str) -> Arc<Board<LogRow>> {
        let mut heard = self.lock();
        let lines = heard.entry(provider.to_owned()).or_default();
        if let Some(board) = lines.board.upgrade() {
            return board;
        }
        let board = Arc::new(Board::bounded(Status::Live, ProviderLog::MOST_ROWS));
        board.replace(lines.kept.iter().cloned().collect());
        lines.board = Arc::downgrade(&board);
        board
    }

    /// Takes in lines as the server sends them; a log that is read again tells no line twice.
    pub(super) fn add(&self, provider: &str, lines: &[String]) {
        let (board, new) = {
            let mut heard = self.lock();
            let of = heard.entry(provider.to_owned()).or_default();
            let new: Vec<LogRow> = lines.iter().filter_map(|line| of.take(provider, line)).collect();
            (of.board.upgrade(), new)
        };
        if let Some(board) = board.filter(|_| !new.is_empty()) {
            board.apply(new, vec![]);
        }
    }

    pub(super) fn closed(&self) {
        self.say(&Status::Closed);
    }

    /// The context was opened again.
    pub(super) fn goes_on(&self) {
        self.say(&Status::Live);
    }

    fn say(&self, status: &Status) {
        self.lock().values().filter_map(|lines| lines.board.upgrade()).for_each(|board| board.status(status.clone()));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Lines>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lines {
    fn take(&mut self, provider: &str, line: &str) -> Option<LogRow> {
        let (at, text) = stamped(line);
        let text = masked(text);
        let is_old = at.is_some() && self.kept.back().is_some_and(|last| at <= last.at);
        if is_old && self.kept.iter().any(|row| row.at == at && row.text == text) {
            return None;
        }
        self.last += 1;
        let row = LogRow { number: self.last, at, source: provider.to_owned(), text };
        self.kept.push_back(row.clone());
        if self.kept.len() > ProviderLog::MOST_ROWS {
            self.kept.pop_front();
        }
        Some(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(second: usize, text: &str) -> String {
        format!("2026-11-23T14:{:02}:{:02}Z {text}", second / 60, second % 60)
    }

    #[test]
    fn a_log_that_is_read_again_tells_no_line_twice_and_keeps_its_end() {
        let heard = Heard::default();
        heard.add("infrastructure-docker", &[line(1, "one"), line(2, "two")]);
        let board = heard.board("infrastructure-docker");
        heard.add("infrastructure-docker", &[line(1, "one"), line(2, "two"), line(2, "three"), line(3, "join abcdef.0123456789abcdef")]);
        let told: Vec<String> = board.rows().into_iter().map(|row| row.text).collect();
        assert_eq!(told, ["one", "two", "three", "join (a bootstrap token)"]);
        let many: Vec<String> = (4..ProviderLog::MOST_ROWS + 10).map(|second| line(second, "more")).collect();
        heard.add("infrastructure-docker", &many);
        assert_eq!((board.rows().len(), board.rows().first().map(|row| row.text.clone())), (ProviderLog::MOST_ROWS, Some("more".into())));
        drop(board);
        assert_eq!(heard.board("infrastructure-docker").rows().len(), ProviderLog::MOST_ROWS, "what is kept is there for the next who looks");
        assert!(heard.board("cluster-api").rows().is_empty());
    }
}
