//! What is said when a kubeconfig was not written?

use api::{Fault, FaultCode, FileId, Fix};

use crate::write::{LOCK_STALE_AFTER, WriteError};

impl WriteError {
    pub fn to_fault(&self, file: &FileId) -> Fault {
        let code = match self {
            Self::Changed => FaultCode::Changed,
            Self::Edit(_) => FaultCode::File,
            Self::Locked { .. } | Self::Io { .. } | Self::Harmed { .. } => FaultCode::Write,
        };
        let mut fault = Fault::new(code, format!("{file} was not changed: {self}."));
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            fault = fault.because(file.as_str(), error.to_string());
            cause = error.source();
        }
        match self {
            Self::Harmed { .. } => fault.sentence = format!("{file} was not written: {self}."),
            Self::Locked { path, age } if *age >= LOCK_STALE_AFTER => {
                let command = format!("rm '{}'", path.display().to_string().replace('\'', r"'\''"));
                fault = fault.fix(Fix::Copy { label: "Remove the old lock".into(), command });
            }
            Self::Edit(_) => fault = fault.fix(Fix::OpenFile { file: file.clone(), line: None }),
            Self::Locked { .. } | Self::Changed | Self::Io { .. } => {}
        }
        match self {
            Self::Harmed { .. } => fault,
            Self::Locked { .. } | Self::Changed | Self::Edit(_) | Self::Io { .. } => fault.unharmed("The file is as it was."),
        }
    }
}
