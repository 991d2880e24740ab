//! What is said in passing, and for how long?

use api::Fault;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ToastId(pub u64);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Toast {
    /// Something was done that cannot be seen on the screen.
    Done { head: String, text: String },
    /// Stays until it is closed.
    Fault(Fault),
}

/// At most four; an older one makes room, a fault last.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Toasts {
    next: u64,
    list: Vec<(ToastId, Toast)>,
}

const MOST: usize = 4;

impl Toasts {
    /// Adds a toast; the same fault twice is one toast.
    pub fn say(&mut self, toast: Toast) -> ToastId {
        if let Some((id, _)) = self.list.iter().find(|(_, t)| *t == toast) {
            return *id;
        }
        self.next += 1;
        let id = ToastId(self.next);
        if self.list.len() == MOST {
            let place = self.list.iter().position(|(_, t)| matches!(t, Toast::Done { .. })).unwrap_or(0);
            self.list.remove(place);
        }
        self.list.push((id, toast));
        id
    }

    pub fn close(&mut self, id: ToastId) {
        self.list.retain(|(i, _)| *i != id);
    }

    pub fn iter(&self) -> impl Iterator<Item = (ToastId, &Toast)> {
        self.list.iter().map(|(id, toast)| (*id, toast))
    }
}

#[cfg(test)]
mod tests;
