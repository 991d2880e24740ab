//! How does the engine get a window?
//!
//! Knows: Tauri. Does not know: what any call does. Start at: [`run`].

mod arguments;
mod commands;
mod graphics;
mod page;

use engine::Engine;
use tauri::{AppHandle, Manager, RunEvent};

use arguments::Arguments;

/// The exit code of a command line that cannot be followed, as shells use it.
const MISUSED: i32 = 2;

/// Opens the window and returns when it is closed.
pub fn run() {
    let arguments = Arguments::read(std::env::args().skip(1)).unwrap_or_else(|why| {
        eprintln!("kos: {why}");
        std::process::exit(MISUSED)
    });
    graphics::prepare(arguments.graphics);
    tauri::Builder::default()
        // First of all plug-ins: a second start must not open anything.
        .plugin(tauri_plugin_single_instance::init(|app, _args, _cwd| page::focus(app)))
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .plugin(tauri_plugin_dialog::init())
        .setup(move |app| {
            app.manage(tauri::async_runtime::block_on(Engine::start(arguments.home, arguments.stage)).map_err(|fault| fault.sentence)?);
            page::open(app.handle())?;
            tauri::async_runtime::spawn(end_when_asked(app.handle().clone()));
            Ok(())
        })
        .invoke_handler(tauri::generate_handler![commands::call, commands::subscribe, commands::pull, commands::unsubscribe])
        .build(tauri::generate_context!())
        .expect("the window system starts")
        .run(|app, event| {
            // Tauri never drops managed state: what must end, ends here.
            if matches!(event, RunEvent::Exit) {
                tauri::async_runtime::block_on(app.state::<Engine>().close());
            }
        });
}

/// A plain kill otherwise ends the process at once: no state is saved, nothing is closed.
async fn end_when_asked(app: AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut term), Ok(mut int)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else { return };
    tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
    app.exit(0);
}
