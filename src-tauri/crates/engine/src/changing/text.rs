//! How is one object of a cluster shown?

use api::machines::ObjectText;
use api::{Fault, FaultCode};
use cluster::visible;
use cluster::write::{Mode, read};

use super::Changing;
use super::shown::quoted;

impl Changing {
    /// Reads one object that the tree of this cluster holds: never a Secret, since a tree has none.
    pub(crate) async fn text(&self, kind: &str, name: &str) -> Result<ObjectText, Fault> {
        let found = self.managed.look(&self.key, |graph, _| {
            let mut members = graph.members(&self.key);
            members.find(|object| *object.id.kind == *kind && *object.id.name == *name).map(|object| object.id.clone())
        });
        let id = found.ok_or_else(|| {
            let sentence = format!("{} has no {kind} {name}, or not any more.", self.key.name);
            Fault::new(FaultCode::NotFound, sentence).unharmed("Nothing was changed.")
        })?;
        let place = self.place(&id)?;
        let object = read(&self.access.client(), &place).await.map_err(|error| self.fault(&place.words(), Mode::DryRun, &error))?;
        let group = place.api_version.split_once('/').map_or("", |(group, _)| group);
        let command = format!(
            "kubectl --context {} get {}.{group} {} -n {} -o yaml",
            quoted(&self.context.name),
            place.plural,
            quoted(&place.name),
            quoted(&place.namespace)
        );
        Ok(ObjectText { yaml: visible::text(&capi::text::yaml(&object)).into_owned(), command })
    }
}
