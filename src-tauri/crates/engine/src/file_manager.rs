//! How is a file shown where the user keeps files?
//!
//! By the interface that file managers share (freedesktop.org, `org.freedesktop.FileManager1`): the session starts the
//! user's own, with its folder open and the file marked. No program is run by KOS and nothing is handed to a shell.

use std::path::Path;
use std::time::Duration;

use api::{Fault, FaultCode, FileId, Fix};

const SERVICE: &str = "org.freedesktop.FileManager1";
const OBJECT: &str = "/org/freedesktop/FileManager1";

/// A file manager that has to be started first takes some seconds.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, thiserror::Error)]
pub(crate) enum Cause {
    #[error("{0}")]
    Bus(#[from] zbus::Error),
    #[error("it did not answer within {} s", PATIENCE.as_secs())]
    Silent,
    #[error("the file has no full path")]
    Relative,
}

impl Cause {
    pub(crate) fn fault(&self, shown: &str, file: &Path) -> Fault {
        Fault::new(FaultCode::Program, format!("No file manager of this desktop shows {shown}."))
            .because(SERVICE, self.to_string())
            .unharmed("The file is there.")
            .fix(Fix::OpenFile { file: FileId(file.display().to_string()), line: None })
    }
}

/// Opens the folder of a file in the user's file manager, with the file marked.
pub(crate) async fn show(file: &Path) -> Result<(), Cause> {
    let uri = url::Url::from_file_path(file).map_err(|()| Cause::Relative)?;
    tokio::time::timeout(PATIENCE, ask(uri.as_str())).await.map_err(|_| Cause::Silent)?
}

async fn ask(uri: &str) -> Result<(), Cause> {
    let session = zbus::Connection::session().await?;
    // The second list would be for the desktop's mark of a program that starts, which a page has none of.
    session.call_method(Some(SERVICE), OBJECT, Some(SERVICE), "ShowItems", &([uri].as_slice(), "")).await?;
    Ok(())
}
