//! Writes pages with sample data as files that a browser opens: `cargo run -p ui --example gallery FOLDER`.

#[path = "../tests/pages/sample.rs"]
mod sample;

#[path = "../tests/pages/table_sample.rs"]
mod table;

#[path = "gallery/feeds.rs"]
mod feeds;

#[path = "../tests/pages/work_sample.rs"]
mod work_sample;

#[path = "gallery/screens.rs"]
mod screens;

#[path = "gallery/work.rs"]
mod work;

use std::{error::Error, fs, path::PathBuf};

use yew::ServerRenderer;

const SHEETS: [&str; 18] = [
    "base",
    "shell",
    "controls",
    "pill",
    "page",
    "sidebar",
    "datatable",
    "fleet",
    "welcome",
    "run",
    "drawer",
    "diff",
    "overlay",
    "lists",
    "pane",
    "live",
    "narrow",
    "work",
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name a folder to write to")?);
    let ui = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    for part in ["style", "fonts"] {
        fs::create_dir_all(folder.join(part))?;
        for file in fs::read_dir(ui.join(part))? {
            let file = file?;
            fs::copy(file.path(), folder.join(part).join(file.file_name()))?;
        }
    }
    // The page itself, against answers from a file: needs `page.js` and its module beside it.
    let sheets: String = ["tokens"].iter().chain(&SHEETS).map(|s| format!("<link rel=\"stylesheet\" href=\"style/{s}.css\">")).collect();
    fs::write(folder.join("engine.js"), feeds::script())?;
    fs::write(folder.join("boot-live.js"), "import \"./engine.js\";\nimport init from \"./page.js\";\nawait init({ module_or_path: \"page_bg.wasm\" });\n")?;
    fs::write(
        folder.join("live.html"),
        format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">{sheets}<script type=\"module\" src=\"boot-live.js\"></script></head><body></body></html>"
        ),
    )?;
    for screen in screens::ALL.iter().chain(work::ALL) {
        let body = ServerRenderer::<screens::Screen>::with_props(move || screens::ScreenProps { name: (*screen).into() }).hydratable(false).render().await;
        for theme in ["dark", "light"] {
            let sheets: String = ["tokens"].iter().chain(&SHEETS).map(|s| format!("<link rel=\"stylesheet\" href=\"style/{s}.css\">")).collect();
            let page =
                format!("<!doctype html><html lang=\"en\" data-theme=\"{theme}\"><head><meta charset=\"utf-8\">{sheets}</head><body>{body}</body></html>");
            fs::write(folder.join(format!("{screen}-{theme}.html")), page)?;
        }
    }
    Ok(())
}
