//! Takes a picture of every screen: both themes, the usual and the smallest size of the window.
//!
//! `cargo xtask run --screenshots DIR` gives it a screen and the built window.

use std::path::PathBuf;

use anyhow::Context;
use tests::Desk;
use tests::screens::TOUR;
use tests::window::{SIZES, THEMES};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut words = std::env::args().skip(1);
    let folder = PathBuf::from(words.next().context("pictures DIR [SCREEN]…")?);
    std::fs::create_dir_all(&folder)?;
    let wanted: Vec<String> = words.collect();
    for screen in TOUR.iter().filter(|screen| wanted.is_empty() || wanted.iter().any(|name| name == screen.name)) {
        let desk = Desk::new();
        let window = screen.open(&desk).await.with_context(|| format!("the way to {}", screen.name))?;
        for theme in THEMES {
            window.dress(&desk, theme).await?;
            for (width, height) in SIZES {
                window.resize(*width, *height).await?;
                let to = folder.join(format!("{}-{theme}-{width}x{height}.png", screen.name));
                std::fs::write(&to, window.picture().await?).with_context(|| to.display().to_string())?;
                println!("{}", to.display());
            }
        }
        window.close().await?;
    }
    Ok(())
}
