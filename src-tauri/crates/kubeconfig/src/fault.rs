//! What is said when a kubeconfig was not written?

use std::path::Path;

use api::{Fault, FaultCode, FileId, Fix};

use crate::write::{Did, LOCK_STALE_AFTER, WriteError};

impl WriteError {
    pub fn to_fault(&self, file: &FileId) -> Fault {
        let mut fault = self.said(format!("{file} was not changed: {self}."), file.as_str());
        match self {
            Self::Harmed { .. } => fault.sentence = format!("{file} was not written: {self}."),
            Self::Locked { path, age } if *age >= LOCK_STALE_AFTER => {
                let command = format!("rm '{}'", path.display().to_string().replace('\'', r"'\''"));
                fault = fault.fix(Fix::Copy { label: "Remove the old lock".into(), command });
            }
            Self::Edit(_) => fault = fault.fix(Fix::OpenFile { file: file.clone(), line: None }),
            Self::Locked { .. } | Self::Changed | Self::NotLocked | Self::OtherLock | Self::Io { .. } => {}
        }
        match self {
            Self::Harmed { .. } => fault,
            Self::Locked { .. } | Self::Changed | Self::NotLocked | Self::OtherLock | Self::Edit(_) | Self::Io { .. } => {
                fault.unharmed("The file is as it was.")
            }
        }
    }

    /// The same of a copy that was to be saved at another place.
    pub fn to_fault_of_copy(&self, file: &FileId, to: &Path) -> Fault {
        match self {
            Self::Io { did: Did::Write, .. } => {
                let place = to.display().to_string();
                self.said(format!("{place} was not saved."), &place).unharmed("The kubeconfig is as it was.")
            }
            Self::Io { .. } | Self::Locked { .. } | Self::Changed | Self::NotLocked | Self::OtherLock | Self::Edit(_) | Self::Harmed { .. } => {
                self.to_fault(file)
            }
        }
    }

    /// The same of a lock that was to be looked at or removed.
    pub fn to_fault_of_lock(&self, file: &FileId) -> Fault {
        self.said(format!("The lock of {file} was not removed: {self}."), file.as_str()).unharmed("The file is as it was.")
    }

    /// Whether its lock is so old that removing it is offered.
    pub fn is_old_lock(&self) -> bool {
        matches!(self, Self::Locked { age, .. } if *age >= LOCK_STALE_AFTER)
    }

    fn said(&self, sentence: String, of: &str) -> Fault {
        let code = match self {
            Self::Changed | Self::OtherLock => FaultCode::Changed,
            Self::NotLocked => FaultCode::NotFound,
            Self::Edit(_) => FaultCode::File,
            Self::Locked { .. } | Self::Io { .. } | Self::Harmed { .. } => FaultCode::Write,
        };
        let mut fault = Fault::new(code, sentence);
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            fault = fault.because(of, error.to_string());
            cause = error.source();
        }
        fault
    }
}
