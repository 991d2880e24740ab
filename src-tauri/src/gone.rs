//! What stands in the window when its page cannot?
//!
//! Words of the window system: WebKit starts no process for a text after such ends. Start at: [`stand_in`].

use gtk::prelude::{BoxExt, ButtonExt, CastNone, ContainerExt, WidgetExt};
use gtk::{Align, Button, Label, Orientation};
use webkit2gtk::WebView;

use crate::arguments::Graphics;
use crate::deaths::happened;

/// A line of this many letters is read with ease.
const WIDTH: i32 = 60;
/// Between the words, the button and what is around them, in pixels.
const SPACE: i32 = 24;

/// Puts words in place of the page, and a button that puts the page back and loads it.
pub(crate) fn stand_in(page: &WebView, graphics: Graphics, load: fn(&WebView)) {
    let words = words(graphics);
    eprintln!("{words}");
    let Some(room) = page.parent().and_downcast::<gtk::Box>() else { return };
    let label = Label::builder().label(words).selectable(true).wrap(true).max_width_chars(WIDTH).xalign(0.0).build();
    let again = Button::with_label("Try again");
    again.set_halign(Align::Start);
    again.set_can_default(true);
    let place = gtk::Box::builder().orientation(Orientation::Vertical).spacing(SPACE).margin(SPACE).halign(Align::Center).valign(Align::Center).build();
    place.add(&label);
    place.add(&again);
    page.hide();
    // A window that is brought to the front shows all that is in it.
    page.set_no_show_all(true);
    room.pack_start(&place, true, true, 0);
    place.show_all();
    again.grab_focus();
    // Enter means it too when the focus is in the words.
    again.grab_default();
    let page = page.clone();
    again.connect_clicked(move |again| {
        if let Some(place) = again.parent() {
            room.remove(&place);
        }
        page.set_no_show_all(false);
        page.show();
        page.grab_focus();
        load(&page);
    });
}

fn words(graphics: Graphics) -> String {
    let next = match graphics {
        // A page has stood (`deaths.rs`): a start of KOS in its place would cut off a job, so that it is left to the user.
        Graphics::Usual => "If its page ends there too, KOS goes on with safe graphics by itself.",
        Graphics::Safe => "Safe graphics are on already.",
    };
    format!(
        "{}.\n\nClusters, jobs and files are as they were. A job that runs goes on until KOS is closed; then it waits for you at the next start.\n\n\
         Try again. If that does not help, close KOS and start it once more. {next}",
        happened()
    )
}

#[cfg(test)]
mod tests {
    use super::words;
    use crate::arguments::Graphics;

    #[test]
    fn words_in_place_of_the_page_say_what_happened_what_is_unharmed_and_what_to_do() {
        for (graphics, last) in
            [(Graphics::Usual, "If its page ends there too, KOS goes on with safe graphics by itself."), (Graphics::Safe, "Safe graphics are on already.")]
        {
            let words = words(graphics);
            let parts: Vec<&str> = words.split("\n\n").collect();
            let [happened, unharmed, next] = parts[..] else { panic!("three parts: {words}") };
            assert_eq!(happened, "The page of KOS ended 3 times while it was starting.");
            assert_eq!(
                unharmed,
                "Clusters, jobs and files are as they were. A job that runs goes on until KOS is closed; then it waits for you at the next start."
            );
            assert_eq!(next, format!("Try again. If that does not help, close KOS and start it once more. {last}"));
        }
    }
}
