//! What does `clusterctl describe cluster` draw?

/// An object of a cluster: how deep it hangs and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeLine {
    pub depth: usize,
    pub kind: String,
    pub name: String,
}

/// The objects that were drawn, in their order. Rows without an object, as `Workers`, are left out: what they hold
/// hangs on what they hang on.
pub fn rows(drawn: &str) -> Vec<TreeLine> {
    let mut rows = vec![];
    let mut made_up: Option<usize> = None;
    for line in drawn.lines() {
        let line = line.replace("!! DELETED !! ", "");
        let Some(start) = line.chars().position(char::is_alphanumeric) else { continue };
        let branch: Vec<char> = line.chars().take(start).collect();
        // A message that goes on stands behind the columns, not on a branch.
        if !(branch.is_empty() || branch.ends_with(&['├', '─']) || branch.ends_with(&['└', '─'])) {
            continue;
        }
        let depth = branch.len() / 2;
        if made_up.is_some_and(|of| depth <= of) {
            made_up = None;
        }
        let words: String = line.chars().skip(start).collect();
        let name = words.split("  ").next().unwrap_or_default().trim();
        let Some((kind, name)) = name.split_once(' ').filter(|_| name.contains('/')) else {
            if !branch.is_empty() {
                made_up = Some(depth);
            }
            continue;
        };
        let name = name.split_once(',').map_or(name, |(name, _version)| name);
        let name = name.rsplit_once('/').map_or(name, |(_namespace, name)| name);
        let above = usize::from(made_up.is_some());
        rows.push(TreeLine { depth: depth - above, kind: kind.to_owned(), name: name.to_owned() });
    }
    rows
}
