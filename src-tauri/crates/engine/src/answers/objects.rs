//! What does the user look for by name?

use api::objects::{FindObjects, FoundObjects, LONGEST_TEXT};
use api::{Fault, FaultCode};

use crate::objects;
use crate::realm::Realm;

pub(super) async fn find(realm: &Realm, call: &FindObjects) -> Result<FoundObjects, Fault> {
    if call.text.chars().count() > LONGEST_TEXT {
        return Err(Fault::new(FaultCode::Invalid, format!("No object has a name of more than {LONGEST_TEXT} characters.")).unharmed("Nothing was asked."));
    }
    let (held, text) = (realm.sessions.live(), call.text.clone());
    // Tens of thousands of names are compared: nobody else may wait for that.
    let found = tokio::task::spawn_blocking(move || FoundObjects { hits: objects::find(&held.tables, &text), made: objects::made(&held.managers, &text) });
    found.await.map_err(|_| Fault::new(FaultCode::Bug, "The objects could not be searched."))
}
