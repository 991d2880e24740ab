//! Who answers when something is fetched from an address?

use std::fmt::Debug;
use std::path::Path;

use api::{Fault, FaultCode};
use async_trait::async_trait;
use download::{Address, Fetched, Pinned, Progress, Route, Whole};

/// The one door to what is fetched from addresses, and to a file that comes in place of it.
#[async_trait]
pub(crate) trait Web: Send + Sync + Debug {
    /// A pinned release beside its place, verified.
    async fn release(&self, pinned: &Pinned, route: &Route, heard: &mut (dyn FnMut(Progress) + Send)) -> Result<Fetched, Fault>;

    /// A copy of a file of the user's beside the place of a program.
    async fn copy(&self, file: &Path, target: &Path) -> Result<Whole, Fault>;

    /// A file of at most `most` bytes, for whoever looks at it before anything is done with it.
    async fn small(&self, address: &Address, route: &Route, most: usize) -> Result<Vec<u8>, Fault>;
}

/// Whoever stands behind an address.
#[derive(Debug)]
pub(crate) struct Internet;

#[async_trait]
impl Web for Internet {
    async fn release(&self, pinned: &Pinned, route: &Route, heard: &mut (dyn FnMut(Progress) + Send)) -> Result<Fetched, Fault> {
        download::fetch(pinned, route, heard).await.map_err(|why| Fault::from(&why))
    }

    async fn copy(&self, file: &Path, target: &Path) -> Result<Whole, Fault> {
        download::from_file(file, target).await.map_err(|why| Fault::from(&why))
    }

    async fn small(&self, address: &Address, route: &Route, most: usize) -> Result<Vec<u8>, Fault> {
        download::fetch_small(address, route, most).await.map_err(|why| Fault::from(&why))
    }
}

/// Nobody: the demo has its own manifest at every address that may be asked, and no programs.
#[derive(Debug)]
pub(crate) struct Invented;

#[async_trait]
impl Web for Invented {
    async fn release(&self, _: &Pinned, _: &Route, _: &mut (dyn FnMut(Progress) + Send)) -> Result<Fetched, Fault> {
        Err(Fault::new(FaultCode::Download, "The demo fetches no programs.").unharmed("Nothing was installed or replaced."))
    }

    async fn copy(&self, _: &Path, _: &Path) -> Result<Whole, Fault> {
        Err(Fault::new(FaultCode::Download, "The demo runs no programs of yours.").unharmed("Nothing was installed or replaced."))
    }

    async fn small(&self, _: &Address, _: &Route, _: usize) -> Result<Vec<u8>, Fault> {
        Ok(sim::fleet::NETWORK.as_bytes().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use api::programs::Tool;
    use provision::Fetches;
    use tokio_util::sync::CancellationToken;

    use crate::demo_fleet;

    #[tokio::test]
    async fn the_demo_fetches_no_programs_and_says_so() {
        let (_home, realm) = demo_fleet::opened().await;
        let why = Fetches::fetch(&realm.fetching, Tool::Kind, &mut |_, _| (), CancellationToken::new()).await.unwrap_err();
        assert_eq!(why.sentence, "The demo fetches no programs.");
        let why = realm.fetching.use_file(Tool::Kind, Path::new("/bin/sh")).await.unwrap_err();
        assert_eq!(why.sentence, "The demo runs no programs of yours.");
        assert!(!realm.home.programs.join(Tool::Kind.name()).exists());
        realm.close().await;
    }
}
