//! Can everybody use every screen? What axe finds is a barrier for somebody.

use tests::screens::{TOUR, visit};
use tests::window::THEMES;
use tests::{Desk, lab};

#[tokio::test]
async fn every_screen_has_nothing_that_axe_would_find() -> anyhow::Result<()> {
    let axe = std::fs::read_to_string(lab::axe())?;
    let found = visit(TOUR.iter(), async |screen| {
        let desk = Desk::new();
        let window = screen.open(&desk).await?;
        let mut found = vec![];
        for theme in THEMES {
            window.dress(&desk, theme).await?;
            found.extend(window.barriers(&axe).await?.into_iter().map(|one| format!("{} {theme}: {one}", screen.name)));
        }
        window.close().await?;
        Ok(found)
    });
    let found = found.await?.concat();
    assert!(found.is_empty(), "{} barriers:\n{}", found.len(), found.join("\n"));
    Ok(())
}
