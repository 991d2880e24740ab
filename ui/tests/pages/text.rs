use api::Quote;
use ui::widgets::{Quote as Quoted, quote::QuoteProps};

use super::render;

/// Pieces that mean something to a browser, and some that do not.
const PIECES: [&str; 26] = [
    "<",
    ">",
    "&",
    "\"",
    "'",
    "/",
    "=",
    "<img src=x onerror=x>",
    "<script>",
    "</script>",
    "</div>",
    "<!--",
    "-->",
    "]]>",
    "&lt;",
    "&#60;",
    "&amp;",
    "javascript:",
    "data:",
    "{",
    "}",
    "\\",
    " ",
    "é",
    "家",
    "a",
];

/// The text that a browser would read out of markup without elements.
fn read(markup: &str) -> String {
    markup.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#x27;", "'").replace("&amp;", "&")
}

/// The words that are quoted, as markup.
async fn drawn(text: String) -> String {
    let html = render::<Quoted>(move || QuoteProps { quote: Quote { source: "s".into(), text } }).await;
    let inner = html.strip_prefix("<div class=\"quote\">\n<span class=\"src\">s</span>").and_then(|rest| rest.strip_suffix("</div>"));
    inner.unwrap_or_else(|| panic!("more than a text is drawn: {html}")).to_owned()
}

#[tokio::test]
async fn what_others_say_is_drawn_as_the_text_that_it_is() {
    // The same texts at every run.
    let mut chance = 20_261_129_u64;
    for length in (1..12).cycle().take(600) {
        let mut text = String::from("x");
        for _ in 0..length {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(PIECES[(chance >> 33) as usize % PIECES.len()]);
        }
        let drawn = drawn(text.clone()).await;
        assert!(!drawn.contains(['<', '>']), "{text} becomes {drawn}");
        assert_eq!(read(&drawn), text);
    }
}
