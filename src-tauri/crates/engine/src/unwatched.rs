//! What is said when the system does not tell which files changed?
//!
//! Nothing is lost by it: files are then looked at every few seconds. It is said where settings and their file are shown.

use api::{Fault, FaultCode, Fix};
use kubeconfig::watch::{POLL, WatchTrouble};

/// Changes are seen, but late.
pub(crate) fn late(trouble: &WatchTrouble) -> Fault {
    let every = POLL.as_secs();
    let fault = |cause: &str| {
        let sentence = format!("KOS is not told at once when kubeconfigs or settings change, and looks at them every {every} s.");
        Fault::new(FaultCode::File, sentence).because("operating system", cause).unharmed(format!("Every change is taken in, up to {every} s later."))
    };
    match trouble {
        WatchTrouble::NoInstances => fault("fs.inotify.max_user_instances is used up").fix(Fix::OpenDoctor),
        WatchTrouble::NoWatches => fault("fs.inotify.max_user_watches is used up").fix(Fix::OpenDoctor),
        WatchTrouble::Other(said) => fault(said),
    }
}

/// Nobody looks.
pub(crate) fn not_at_all(cause: &std::io::Error) -> Fault {
    Fault::new(FaultCode::File, "KOS does not see when kubeconfigs or settings change. Close and open it to read them again.")
        .because("operating system", cause.to_string())
        .unharmed("What was read is used.")
}

#[cfg(test)]
mod tests {
    use api::Fix;
    use kubeconfig::watch::{Report, WatchTrouble};

    use super::late;
    use crate::demo_fleet;

    #[test]
    fn what_is_used_up_is_named_and_leads_to_its_check() {
        for (trouble, cause, fixes) in [
            (WatchTrouble::NoInstances, "fs.inotify.max_user_instances is used up", vec![Fix::OpenDoctor]),
            (WatchTrouble::NoWatches, "fs.inotify.max_user_watches is used up", vec![Fix::OpenDoctor]),
            (WatchTrouble::Other("Permission denied".into()), "Permission denied", vec![]),
        ] {
            let fault = late(&trouble);
            assert_eq!((fault.cause[0].text.as_str(), &fault.fixes), (cause, &fixes), "{trouble:?}");
            assert!(fault.sentence.contains("every 5 s"), "{fault}");
        }
    }

    #[tokio::test]
    async fn files_that_cannot_be_watched_are_said_on_the_settings() {
        let (_home, realm) = demo_fleet::opened().await;
        realm.clone().take_report(Report::Trouble(WatchTrouble::NoWatches)).await;
        let said = realm.settings.board().rows().remove(0).trouble.unwrap();
        assert!(said.sentence.contains("every 5 s") && said.fixes.contains(&Fix::OpenDoctor), "{said:?}");
        realm.close().await;
    }
}
