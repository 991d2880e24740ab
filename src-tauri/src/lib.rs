//! How does the engine get a window?
//!
//! Knows: Tauri. Does not know: what any call does. Start at: [`run`].

mod anew;
mod arguments;
mod blank;
mod commands;
#[cfg(target_os = "linux")]
mod deaths;
mod first;
#[cfg(target_os = "linux")]
mod gone;
mod graphics;
mod letters;
mod lid;
mod made_of;
mod page;
mod second;
mod signals;
mod starting;

use tauri::{Manager, RunEvent};

use anew::Anew;
use arguments::Arguments;
use first::First;
use signals::Asked;
use starting::Core;

/// The exit code of a command line that cannot be followed, as shells use it.
const MISUSED: i32 = 2;

/// Opens the window and returns when it is closed.
pub fn run() {
    if made_of::told(arguments::words()) {
        return;
    }
    let here = std::env::current_dir().unwrap_or_default();
    let arguments = Arguments::read(arguments::words(), &here).unwrap_or_else(|why| {
        eprintln!("kos: {why}");
        std::process::exit(MISUSED)
    });
    let graphics = graphics::choose(arguments.graphics, &arguments.home);
    graphics::prepare(graphics);
    let asked = Asked::listen();
    let context = context();
    let name = second::name(&context.config().identifier, &arguments.home);
    tauri::Builder::default()
        // First of all plug-ins: a second start must not open anything.
        .plugin(tauri_plugin_single_instance::Builder::new().callback(second::take).dbus_id(name).build())
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .plugin(tauri_plugin_dialog::init())
        .setup(move |app| {
            let first = First::up_to(page::highest(app.handle()));
            app.manage(Core::start(arguments.home.clone(), arguments.stage, first.clone(), app.handle().clone()));
            app.manage(Anew::of(arguments.home));
            letters::keep_their_widths();
            page::open(app.handle(), first, graphics)?;
            tauri::async_runtime::spawn(blank::watch(app.handle().clone(), graphics));
            tauri::async_runtime::spawn(lid::keep_the_window(app.handle().clone()));
            second::add(app.handle(), arguments.files);
            if let Some(asked) = asked {
                tauri::async_runtime::spawn(asked.end(app.handle().clone()));
            }
            Ok(())
        })
        .invoke_handler(tauri::generate_handler![commands::call, commands::subscribe, commands::pull, commands::unsubscribe])
        .build(context)
        .expect("the window system starts")
        .run(|app, event| {
            // Tauri never drops managed state: what must end, ends here.
            if matches!(event, RunEvent::Exit) {
                tauri::async_runtime::block_on(app.state::<Core>().close());
                app.state::<Anew>().follow();
            }
        });
}

/// What `tauri.conf.json` says, with the page in it.
fn context() -> tauri::Context {
    tauri::generate_context!()
}
