//! What is said when a program did not run?

use api::{Fault, FaultCode, Fix};

use crate::{ProgramError, login};

const QUOTED_LINES: usize = 10;

impl From<&ProgramError> for Fault {
    fn from(error: &ProgramError) -> Self {
        let fault = Fault::new(FaultCode::Program, format!("{error}."));
        match error {
            ProgramError::NotFound { searched, .. } => {
                let places = searched.iter().map(|place| place.display().to_string()).collect::<Vec<_>>().join("\n");
                fault.because("searched", places).fix(Fix::ChoosePath).fix(Fix::OpenDoctor)
            }
            ProgramError::NotStarted { cause, .. } => fault.because("operating system", cause.to_string()).fix(Fix::OpenDoctor),
            ProgramError::TooLong { program, tail, .. } => {
                let last = tail.get(tail.len().saturating_sub(QUOTED_LINES)..).unwrap_or_default();
                if last.is_empty() { fault } else { fault.because(program, last.join("\n")) }
            }
            ProgramError::Stopped { .. } => fault,
            ProgramError::NotCaptured { cause, .. } => fault.because("operating system", cause.to_string()),
        }
    }
}

/// One sentence on the PATH for the doctor.
impl std::fmt::Display for login::PathSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::LoginShell { shell } => write!(f, "PATH of the login shell {}", shell.display()),
            Self::Process { shell, why } => write!(f, "PATH that KOS was started with, because the login shell {} could not be asked: {why}", shell.display()),
        }
    }
}

#[cfg(test)]
mod tests;
