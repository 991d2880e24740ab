use api::FaultCode;

use super::*;

fn done(head: &str) -> Toast {
    Toast::Done { head: head.into(), text: String::new() }
}

#[test]
fn a_fault_outlives_what_was_said_in_passing() {
    let mut toasts = Toasts::default();
    let fault = toasts.say(Toast::Fault(Fault::new(FaultCode::Docker, "kos-mgmt was not stopped.")));
    for n in 0..6 {
        toasts.say(done(&n.to_string()));
    }
    assert_eq!(toasts.iter().count(), MOST);
    assert!(toasts.iter().any(|(id, _)| id == fault));
}

#[test]
fn the_same_fault_twice_is_one_toast() {
    let mut toasts = Toasts::default();
    let fault = Fault::new(FaultCode::Docker, "kos-mgmt was not stopped.");
    let first = toasts.say(Toast::Fault(fault.clone()));
    assert_eq!(toasts.say(Toast::Fault(fault)), first);
}

#[test]
fn a_closed_toast_is_gone() {
    let mut toasts = Toasts::default();
    let id = toasts.say(done("Copied"));
    toasts.close(id);
    assert_eq!(toasts.iter().count(), 0);
}
