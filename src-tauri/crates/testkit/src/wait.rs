//! How does a test wait without guessing a time?

use std::time::Duration;

const LOOK: Duration = Duration::from_millis(10);

/// Asks until the answer is yes; a test says with `what` which sentence did not become true.
///
/// Panics: when it is not true within `limit`.
pub async fn wait_until<F: Future<Output = bool>>(limit: Duration, what: &str, mut is_so: impl FnMut() -> F) {
    let asked = tokio::time::timeout(limit, async {
        while !is_so().await {
            tokio::time::sleep(LOOK).await;
        }
    });
    assert!(asked.await.is_ok(), "within {limit:?} it did not become true that {what}");
}
