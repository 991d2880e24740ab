//! How is the one window opened, kept to its own page, and brought back?

use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{AppHandle, Manager, Monitor, Url, WebviewWindow, WebviewWindowBuilder};

use crate::arguments::Graphics;
use crate::first::First;
use crate::starting::Core;

const MAIN: &str = "main";
/// Where Tauri serves the page.
#[cfg(target_os = "linux")]
const PAGE: &str = "tauri://localhost/";

/// Opens the window as `tauri.conf.json` describes it; it never leaves its own page.
pub(crate) fn open(app: &AppHandle, first: First, graphics: Graphics) -> tauri::Result<()> {
    let windows = app.config().app.windows.clone();
    for config in windows.iter().filter(|c| c.label == MAIN) {
        let window = WebviewWindowBuilder::from_config(app, config)?
            .on_navigation(is_ours)
            .on_new_window(|_, _| NewWindowResponse::Deny)
            .on_web_resource_request({
                let first = first.clone();
                move |request, response| first.put(&request, response)
            })
            // A page that died could not end its views; without this they would be kept up for nobody.
            .on_page_load(|window, load| {
                if load.event() == PageLoadEvent::Started {
                    window.state::<Core>().end_views();
                }
            })
            .build()?;
        revive(&window, graphics)?;
    }
    Ok(())
}

/// How high a window can be on the screens of this machine, in CSS pixels.
pub(crate) fn highest(app: &AppHandle) -> u32 {
    let screens = app.available_monitors().unwrap_or_default();
    let height = |screen: &Monitor| screen.size().to_logical::<u32>(screen.scale_factor()).height;
    // A window system that tells nothing about its screens may have any.
    screens.iter().map(height).max().unwrap_or(u32::MAX)
}

/// Brings the window to the front: a second start hands over to the first.
pub(crate) fn focus(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN) {
        // A window that cannot be brought up is still the one window.
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}

/// Whether a user can see the window, as far as the window system tells.
pub(crate) fn is_seen(app: &AppHandle) -> bool {
    app.get_webview_window(MAIN).is_some_and(|window| window.is_visible().unwrap_or(true) && !window.is_minimized().unwrap_or(false))
}

fn is_ours(url: &Url) -> bool {
    url.scheme() == "tauri" && url.host_str() == Some("localhost")
}

/// Loads the page again when its process dies, or starts KOS anew, or says why not; all state stands in the core.
#[cfg(target_os = "linux")]
fn revive(window: &WebviewWindow, graphics: Graphics) -> tauri::Result<()> {
    use std::cell::RefCell;

    use webkit2gtk::WebViewExt;

    use crate::anew::Anew;
    use crate::deaths::{After, Deaths, happened};

    let app = window.app_handle().clone();
    let core = window.state::<Core>().inner().clone();
    window.with_webview(move |view| {
        let deaths = RefCell::new(Deaths::default());
        let say_why = move |view: &webkit2gtk::WebView| {
            // No page comes that would end them.
            core.end_views();
            crate::gone::stand_in(view, graphics, load);
        };
        view.inner().connect_web_process_terminated(move |view, _reason| {
            let stood = app.state::<Core>().pages_that_stood();
            let after = deaths.borrow_mut().one_more(stood, graphics);
            match after {
                After::LoadAgain => load(view),
                After::StartSafely => Anew::with_safe_graphics(&app, &happened()),
                After::SayWhy => say_why(view),
                After::SayWhyAndForget => {
                    app.state::<Anew>().forget_safe_graphics();
                    say_why(view);
                }
            }
        });
    })
}

/// By its address: a process that dies in its first moments has no page yet that could be loaded again.
#[cfg(target_os = "linux")]
fn load(view: &webkit2gtk::WebView) {
    use webkit2gtk::WebViewExt;
    view.load_uri(PAGE);
}

#[cfg(not(target_os = "linux"))]
fn revive(_window: &WebviewWindow, _graphics: Graphics) -> tauri::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn the_window_never_leaves_its_page() {
        for (address, ours) in [
            ("tauri://localhost/", true),
            ("tauri://localhost/index.html", true),
            ("https://localhost/", false),
            ("tauri://localhost.evil.example/", false),
            ("tauri://evil.example/", false),
            ("data:text/html,x", false),
            ("about:blank", false),
            ("file:///etc/passwd", false),
        ] {
            assert_eq!(is_ours(&address.parse().unwrap()), ours, "{address}");
        }
    }
}
