//! How are letters drawn, where no desktop says it?
//!
//! Hinting moves letters to whole pixels: words grow uneven gaps and lines break elsewhere than drawn. GTK hints so unless
//! a desktop says otherwise, WebKit follows GTK.

/// The style that GNOME has, and most desktops with it: it keeps letters sharp and the widths that the font gives them.
#[cfg(target_os = "linux")]
const SLIGHT: &str = "hintslight";

/// Called once GTK is there, before a page is.
#[cfg(target_os = "linux")]
pub(crate) fn keep_their_widths() {
    use gtk::prelude::GtkSettingsExt;
    let Some(settings) = gtk::Settings::default() else { return };
    if let Some(style) = settings.gtk_xft_hintstyle().and_then(|style| wanted(&style)) {
        settings.set_gtk_xft_hintstyle(Some(style));
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn keep_their_widths() {}

/// What takes the place of a style; nothing where it keeps widths already.
#[cfg(target_os = "linux")]
fn wanted(style: &str) -> Option<&'static str> {
    matches!(style, "hintmedium" | "hintfull").then_some(SLIGHT)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{SLIGHT, wanted};

    #[test]
    fn letters_keep_their_widths_unless_the_desktop_says_so_already() {
        for (style, instead) in [("hintfull", Some(SLIGHT)), ("hintmedium", Some(SLIGHT)), ("hintslight", None), ("hintnone", None)] {
            assert_eq!(wanted(style), instead, "{style}");
        }
    }
}
