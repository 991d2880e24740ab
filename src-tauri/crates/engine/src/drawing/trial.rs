//! How are the objects of a form tried on the server, and then written?

use api::Fault;
use api::planned::{Fate, PlannedObject};
use capi::form::Documents;
use cluster::session::Access;
use cluster::write::{self, Conflicts, Mode, Place, Write, WriteError};
use serde_json::Value;

use super::dots::{self, Values};

/// The objects of a plan on their way to a server.
pub(crate) struct Trial<'a> {
    access: &'a Access,
    documents: &'a Documents,
    claim: Claim,
    /// What stands in the objects and is shown to nobody.
    hidden: Values,
}

/// Whose the name of the cluster is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    /// Nobody's yet. The cluster is made, never changed: a name that was taken meanwhile belongs to somebody else.
    New,
    /// Of a job that noted it before: what an earlier attempt wrote is applied again.
    Noted,
}

/// Why an object is not written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Unwritten {
    /// Nobody listened where a webhook has to agree, so neither it nor the server kept anything.
    WebhookSilent(Fault),
    Otherwise(Fault),
}

impl From<Unwritten> for Fault {
    fn from(why: Unwritten) -> Self {
        match why {
            Unwritten::WebhookSilent(fault) | Unwritten::Otherwise(fault) => fault,
        }
    }
}

impl<'a> Trial<'a> {
    pub(crate) fn new(access: &'a Access, documents: &'a Documents, claim: Claim) -> Self {
        Self { access, documents, claim, hidden: Values::new() }
    }

    pub(crate) fn hiding(self, hidden: Values) -> Self {
        Self { hidden, ..self }
    }

    /// What the server would keep of each object, in the order in which they are written.
    pub(crate) async fn dry_run(&self) -> Result<Vec<PlannedObject>, Unwritten> {
        let client = self.access.client();
        let mut all = vec![];
        for (object, write) in self.writes() {
            let place = self.place(&client, object, Mode::DryRun).await?;
            let (fate, before) = match write::read(&client, &place).await {
                Ok(before) => (Fate::Changed, text(before, &self.hidden)),
                Err(WriteError::NotFound { .. }) => (Fate::Made, String::new()),
                Err(error) => return Err(self.fault(&place, Mode::DryRun, &error)),
            };
            let after = write::send(&client, &place, &write, Mode::DryRun).await.map_err(|error| self.fault(&place, Mode::DryRun, &error))?;
            let after = text(after, &self.hidden);
            all.push(PlannedObject { before, after, ..PlannedObject::named(fate, place.kind, place.namespace, place.name) });
        }
        Ok(all)
    }

    /// Writes each object once. What was written before one is refused stays, and is told.
    pub(crate) async fn write(&self) -> Result<(), Unwritten> {
        let client = self.access.client();
        let mut done: Vec<String> = vec![];
        for (object, write) in self.writes() {
            let sent = async {
                let place = self.place(&client, object, Mode::ForGood).await?;
                write::send(&client, &place, &write, Mode::ForGood).await.map_err(|error| self.fault(&place, Mode::ForGood, &error))?;
                Ok(place.words())
            };
            match sent.await {
                Ok(words) => done.push(words),
                Err(Unwritten::WebhookSilent(fault)) => return Err(Unwritten::WebhookSilent(after(fault, &done))),
                Err(Unwritten::Otherwise(fault)) => return Err(Unwritten::Otherwise(after(fault, &done))),
            }
        }
        Ok(())
    }

    /// The cluster comes last: what it names is there then.
    fn writes(&self) -> impl Iterator<Item = (&'a Value, Write)> + use<'a> {
        let apply = |object: &Value| Write::Apply { document: object.clone(), conflicts: Conflicts::Refuse };
        let others = self.documents.others.iter().map(move |object| (object, apply(object)));
        let cluster = &self.documents.cluster;
        let last = match self.claim {
            Claim::New => Write::Create { document: cluster.clone() },
            Claim::Noted => apply(cluster),
        };
        others.chain([(cluster, last)])
    }

    async fn place(&self, client: &kube::Client, object: &Value, mode: Mode) -> Result<Place, Unwritten> {
        let text = |field: &str| object.pointer(field).and_then(Value::as_str).unwrap_or_default();
        let what = format!("{} {}", text("/kind"), text("/metadata/name"));
        write::find(client, object, text("/metadata/namespace")).await.map_err(|error| self.unwritten(&what, mode, &error))
    }

    fn fault(&self, place: &Place, mode: Mode, error: &WriteError) -> Unwritten {
        self.unwritten(&place.words(), mode, error)
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "every other refusal is final")]
    fn unwritten(&self, what: &str, mode: Mode, error: &WriteError) -> Unwritten {
        let fault = dots::untold(cluster::fault::write(self.access.about(), what, mode, error), &self.hidden);
        match error {
            WriteError::WebhookSilent { said, .. } if write::met_nobody(said) => Unwritten::WebhookSilent(fault),
            _ => Unwritten::Otherwise(fault),
        }
    }
}

/// The sentence about what is unharmed has to be true of the whole.
fn after(fault: Fault, done: &[String]) -> Fault {
    if done.is_empty() {
        return fault;
    }
    let unharmed = format!("{} were written before it and stay; creating again goes on from there.", done.join(", "));
    Fault { unharmed, ..fault }
}

/// An object as one would write it: without what the server adds for itself, and without what is shown to nobody.
fn text(mut object: Value, hidden: &Values) -> String {
    if let Some(meta) = object["metadata"].as_object_mut() {
        ["managedFields", "uid", "creationTimestamp", "generation", "resourceVersion", "selfLink"].iter().for_each(|field| {
            meta.remove(*field);
        });
    }
    if let Some(fields) = object.as_object_mut() {
        fields.remove("status");
    }
    if object["kind"] == "Secret" {
        hide(&mut object);
    }
    dots::take_out(&mut object, hidden);
    serde_yaml::to_string(&object).unwrap_or_default()
}

/// A secret is shown by the names of its keys.
fn hide(object: &mut Value) {
    for part in ["data", "stringData"] {
        for value in object[part].as_object_mut().into_iter().flat_map(|fields| fields.values_mut()) {
            *value = Value::String("…".to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use api::FaultCode;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_server_adds_for_itself_is_not_shown() {
        let object = json!({ "kind": "Cluster", "metadata": { "name": "a", "uid": "1", "managedFields": [{}], "resourceVersion": "7" }, "status": { "phase": "Pending" } });
        assert_eq!(text(object, &Values::new()), "kind: Cluster\nmetadata:\n  name: a\n");
    }

    #[test]
    fn a_secret_is_shown_by_the_names_of_its_keys() {
        let shown = text(json!({ "kind": "Secret", "metadata": { "name": "s" }, "stringData": { "token": "hunter2" } }), &Values::new());
        assert!(shown.contains("token: …") && !shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn what_was_written_before_a_refusal_is_told() {
        let fault = after(Fault::new(FaultCode::Invalid, "No.").unharmed("Nothing was written."), &["ClusterClass a".into(), "Secret b".into()]);
        assert_eq!(fault.unharmed, "ClusterClass a, Secret b were written before it and stay; creating again goes on from there.");
        assert_eq!(after(Fault::new(FaultCode::Invalid, "No.").unharmed("Nothing was written."), &[]).unharmed, "Nothing was written.");
    }
}
