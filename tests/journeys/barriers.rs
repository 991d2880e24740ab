//! Can everybody use every screen? What axe finds is a barrier for somebody.

use anyhow::Context;
use tests::screens::TOUR;
use tests::window::THEMES;
use tests::{Desk, lab};

#[tokio::test]
async fn every_screen_has_nothing_that_axe_would_find() -> anyhow::Result<()> {
    let axe = std::fs::read_to_string(lab::axe())?;
    let mut found = vec![];
    for screen in TOUR {
        let desk = Desk::new();
        let window = screen.open(&desk).await.with_context(|| format!("the way to {}", screen.name))?;
        for theme in THEMES {
            window.dress(&desk, theme).await?;
            for violation in window.barriers(&axe).await? {
                found.push(format!("{} {theme}: {violation}", screen.name));
            }
        }
        window.close().await?;
    }
    assert!(found.is_empty(), "{} barriers:\n{}", found.len(), found.join("\n"));
    Ok(())
}
