//! How does the engine get a window?
//!
//! Knows: Tauri. Does not know: what any call does. Start at: [`run`].

mod commands;

use engine::Engine;
use tauri::{Manager, RunEvent};

/// Opens the window and returns when it is closed.
pub fn run() {
    environment();
    tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _args, _cwd| {
            if let Some(window) = app.get_webview_window("main") {
                let _ = window.unminimize();
                let _ = window.set_focus();
            }
        }))
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .setup(|app| {
            app.manage(Engine);
            let handle = app.handle().clone();
            tauri::async_runtime::spawn(async move {
                asked_to_end().await;
                handle.exit(0);
            });
            Ok(())
        })
        .invoke_handler(tauri::generate_handler![commands::call, commands::subscribe, commands::pull, commands::unsubscribe])
        .build(tauri::generate_context!())
        .expect("the window system starts")
        .run(|app, event| {
            // Tauri never drops managed state: what must end, ends here.
            if matches!(event, RunEvent::Exit) {
                app.state::<Engine>().close();
            }
        });
}

/// A plain kill otherwise ends the process at once: no state is saved, nothing is closed.
async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut term), Ok(mut int)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else {
        return std::future::pending().await;
    };
    tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
}

/// What WebKit reads from the environment; called before any thread exists.
fn environment() {
    let safe_graphics = std::env::args().any(|arg| arg == "--safe-graphics");
    let wanted = [
        // JavaScriptCore collects late on machines with much memory: without this the web process
        // swings between 50 and 160 MB at 50 pulls a second, with it between 50 and 90.
        Some(("JSC_forceRAMSize", "536870912")),
        // Software rendering draws 3 times cheaper without DMA buffers; broken drivers need it too.
        safe_graphics.then_some(("WEBKIT_DISABLE_DMABUF_RENDERER", "1")),
    ];
    for (name, value) in wanted.into_iter().flatten() {
        if std::env::var_os(name).is_none() {
            #[expect(unsafe_code, reason = "no other thread runs yet")]
            unsafe {
                std::env::set_var(name, value);
            }
        }
    }
}
