//! What does a window cost that holds nothing? The floor of `cargo xtask bench`.
//!
//! Knows: Tauri, as the window of KOS is built with it. Does not know: KOS.

fn main() {
    tauri::Builder::default().run(tauri::generate_context!("bench/empty/tauri.conf.json")).expect("the window system starts");
}
