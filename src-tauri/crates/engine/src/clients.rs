//! How does a job get a client for a cluster that it has just made?

use std::path::{Path, PathBuf};
use std::sync::Arc;

use api::files::Origin;
use api::{Fault, FaultCode, FileId};
use async_trait::async_trait;
use cluster::dial::Dial;
use cluster::fault::About;
use kubeconfig::disk::{self, Disk};
use kubeconfig::merge::World;
use kubeconfig::sources::{Listed, Part};

use crate::fleet::now;

/// Makes clients from a file, read anew each time.
pub(crate) struct FromFile(pub(crate) Arc<dyn Dial>);

impl std::fmt::Debug for FromFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FromFile")
    }
}

#[async_trait]
impl provision::Clients for FromFile {
    async fn client(&self, path: &Path, context: &str) -> Result<kube::Client, Fault> {
        let listed = Listed { id: FileId(path.display().to_string()), path: path.to_owned(), origin: Origin::Made, part: Part::Alone };
        let look = Disk { program: |name: &str| Some(PathBuf::from(name)) };
        let fleet = kubeconfig::fleet(&[disk::load(&listed)], &World { look: &look, now: now(), home: None });
        let missing = || Fault::new(FaultCode::File, format!("{} has no usable context {context}.", path.display()));
        let target = fleet.contexts.into_iter().find(|c| c.name == context).and_then(|c| c.target.ok()).ok_or_else(missing)?;
        let about = About::of(&target);
        let dialled = self.0.dial(&target).await.map_err(|why| cluster::fault::link(&about, &why))?;
        Ok(dialled.client)
    }
}
